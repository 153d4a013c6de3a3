//! What an engine can answer when it does not do what it was asked.

use thiserror::Error;

use crate::error::{Error, Kind};

/// The failure of an engine call, in words that every backend can map onto.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EngineError {
    /// The object is not there.
    #[error("not found: {0}")]
    NotFound(String),
    /// The engine is doing something else with the object; trying again helps.
    #[error("busy: {0}")]
    Busy(String),
    /// This engine can never do it.
    #[error("not supported by the engine: {0}")]
    Unsupported(String),
    /// The engine does not answer; trying again may help.
    #[error("the engine does not answer: {0}")]
    Unreachable(String),
    /// The engine understood and refused (bad image, address taken, no such command).
    #[error("refused by the engine: {0}")]
    Refused(String),
    /// Anything else.
    #[error("engine failure: {0}")]
    Other(String),
}

impl EngineError {
    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Busy(_) | Self::Unreachable(_) => true,
            Self::NotFound(_) | Self::Unsupported(_) | Self::Refused(_) | Self::Other(_) => false,
        }
    }
}

/// The client is not shown engine text; the log is.
impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        let private = error.to_string();
        let kind = match error {
            EngineError::NotFound(_) => Kind::NotFound,
            EngineError::Busy(_) => Kind::Conflict,
            EngineError::Unsupported(_) => Kind::NotImplemented,
            EngineError::Unreachable(_) => Kind::Unavailable,
            EngineError::Refused(_) => Kind::BadRequest,
            EngineError::Other(_) => Kind::Internal,
        };
        let unreachable = kind == Kind::Unavailable;
        let public = if unreachable { "The container engine does not answer." } else { "" };
        Self::new(kind, public).private(private)
    }
}
