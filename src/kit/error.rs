//! The one error type of the house.
//!
//! `logic` and `store` say *what kind* of failure it is; `http/fault.rs` says how each dialect
//! shows it. Nothing here knows an HTTP status. This module imports nothing of the house.

use std::fmt;

/// What every fallible function of the house returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in kinds that every OpenStack dialect can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request is malformed or breaks a rule of the API.
    BadRequest,
    /// There is no valid token, or the credentials are wrong.
    Unauthorized,
    /// The caller may not do this.
    Forbidden,
    /// A limit of the project is reached. Nova says 403, Neutron 409, Glance 413.
    QuotaExceeded,
    /// The thing is not there, or not visible to the caller.
    NotFound,
    /// The URL is there, the method is not.
    MethodNotAllowed,
    /// The version asked for is not offered.
    NotAcceptable,
    /// The state of the thing forbids it.
    Conflict,
    /// The operation was removed from the API for good.
    Gone,
    /// A condition of the request (`If-Match`) does not hold.
    PreconditionFailed,
    /// The body is larger than allowed.
    TooLarge,
    /// The body is of a type that the operation does not take.
    UnsupportedMediaType,
    /// The range asked for lies outside the data.
    RangeNotSatisfiable,
    /// The API has it, this deployment does not.
    NotImplemented,
    /// Something below us does not answer; trying again later may help.
    Unavailable,
    /// A defect or a broken machine. The client learns the request id, nothing else.
    Internal,
}

/// An error with a sentence for the client and, apart from it, one for the log.
///
/// **Invariant:** `public` never carries SQL, paths, engine text or ids of other projects.
#[derive(Clone, Debug)]
pub struct Error {
    /// What kind of failure it is; decides status and fault name.
    pub kind: Kind,
    /// The name some dialects show (`NetworkNotFound`, `EntityNotFound`); may be empty.
    pub tag: &'static str,
    /// The sentence for the client.
    pub public: String,
    /// The sentence for the log, if there is more to say.
    pub private: Option<String>,
}

impl Error {
    /// An error of `kind` with the client's sentence.
    pub fn new(kind: Kind, public: impl Into<String>) -> Self {
        Self { kind, tag: "", public: public.into(), private: None }
    }

    /// 400: the request breaks a rule of the API.
    pub fn bad_request(public: impl Into<String>) -> Self {
        Self::new(Kind::BadRequest, public)
    }

    /// 401: no valid token.
    pub fn unauthorized(public: impl Into<String>) -> Self {
        Self::new(Kind::Unauthorized, public)
    }

    /// 403: not allowed.
    pub fn forbidden(public: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, public)
    }

    /// A limit is reached.
    pub fn quota(public: impl Into<String>) -> Self {
        Self::new(Kind::QuotaExceeded, public)
    }

    /// 404: not there.
    pub fn not_found(public: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, public)
    }

    /// 409: the state forbids it.
    pub fn conflict(public: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, public)
    }

    /// 501: this deployment lacks it.
    pub fn not_implemented(public: impl Into<String>) -> Self {
        Self::new(Kind::NotImplemented, public)
    }

    /// 503: something below does not answer.
    pub fn unavailable(public: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable, public)
    }

    /// 500: `private` goes to the log, the client gets the fixed sentence.
    pub fn internal(private: impl Into<String>) -> Self {
        Self { kind: Kind::Internal, tag: "", public: String::new(), private: Some(private.into()) }
    }

    /// Sets the name that some dialects show.
    #[must_use]
    pub fn tag(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    /// Adds what only the log may know.
    #[must_use]
    pub fn private(mut self, private: impl Into<String>) -> Self {
        self.private = Some(private.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.private, self.public.is_empty()) {
            (Some(private), true) => write!(f, "{private}"),
            (Some(private), false) => write!(f, "{} ({private})", self.public),
            (None, _) => write!(f, "{}", self.public),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(format!("database: {error}"))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!("json: {error}"))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::internal(format!("input/output: {error}"))
    }
}
