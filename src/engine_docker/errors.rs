//! What the Docker Engine answers, in the words of the house.
//!
//! Its status codes say little (an address that is taken is 403, one outside of the subnet is
//! 500), so the sentences are looked at first.

use std::error::Error as _;
use std::fmt::Write;

use bollard::errors::Error;
use kit::engine::EngineError;

type Make = fn(String) -> EngineError;

/// Parts of sentences (lower case) and what they mean; the first that fits counts.
const SENTENCES: &[(&str, Make)] = &[
    ("address already in use", EngineError::Refused),
    ("pool overlaps with other one", EngineError::Refused),
    ("does not belong to any of this network's subnets", EngineError::Refused),
    ("no configured subnet", EngineError::Refused),
    ("invalid subnet", EngineError::Refused),
    ("--storage-opt is supported only", EngineError::Refused),
    ("has active endpoints", EngineError::Busy),
    ("is using its referenced image", EngineError::Busy),
    ("image is being used by", EngineError::Busy),
    ("is already in progress", EngineError::Busy),
    ("is marked for removal", EngineError::Busy),
    ("volume is in use", EngineError::Busy),
    ("port is already allocated", EngineError::Refused),
    ("cannot join network of a non running", EngineError::Refused),
    ("no such image", EngineError::NotFound),
    ("manifest unknown", EngineError::NotFound),
    ("pull access denied", EngineError::NotFound),
    ("repository does not exist", EngineError::NotFound),
    ("dial tcp", EngineError::Refused),
    ("unexpected eof", EngineError::Refused),
    ("invalid tar header", EngineError::Refused),
    ("error processing tar file", EngineError::Refused),
];

/// The meaning of a failed call.
pub(crate) fn meaning(error: Error) -> EngineError {
    if let Some(ours) = from_upload(&error) {
        return ours;
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "bollard's enum changes with its features")]
    match error {
        Error::DockerResponseServerError { status_code, message } => {
            of_answer(status_code, message)
        }
        Error::DockerStreamError { error } => of_answer(500, error),
        Error::RequestTimeoutError
        | Error::SocketNotFoundError(_)
        | Error::IOError { .. }
        | Error::HyperResponseError { .. }
        | Error::HyperLegacyError { .. } => EngineError::Unreachable(chain(&error)),
        other => EngineError::Other(chain(&other)),
    }
}

/// `None` when what was asked for is not there.
pub(crate) fn found<T>(answer: Result<T, EngineError>) -> Result<Option<T>, EngineError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(EngineError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn of_answer(status: u16, message: String) -> EngineError {
    let lower = message.to_lowercase();
    if let Some((_, make)) = SENTENCES.iter().find(|(part, _)| lower.contains(part)) {
        return make(message);
    }
    match status {
        404 => EngineError::NotFound(message),
        400..=499 => EngineError::Refused(message),
        501 => EngineError::Unsupported(message),
        502..=504 => EngineError::Unreachable(message),
        _ => EngineError::Other(message),
    }
}

/// What we sent may have failed on our side: then that is the failure.
fn from_upload(error: &Error) -> Option<EngineError> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let io = inner.downcast_ref::<std::io::Error>();
        let ours = io.and_then(std::io::Error::get_ref).and_then(|of| of.downcast_ref());
        if let Some(ours) = ours {
            return Some(EngineError::clone(ours));
        }
        cause = inner.source();
    }
    None
}

/// The error and its causes: hyper says "client error" and keeps the reason for those who ask.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            write!(text, ": {said}").ok();
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status_code: u16, message: &str) -> EngineError {
        meaning(Error::DockerResponseServerError { status_code, message: message.into() })
    }

    #[test]
    fn the_sentence_counts_before_the_status() {
        let taken = "Address already in use";
        assert_eq!(of(403, taken), EngineError::Refused(taken.into()));
        let busy = "error while removing network: network n id 1 has active endpoints";
        assert_eq!(of(403, busy), EngineError::Busy(busy.into()));
        let outside =
            "Invalid address 10.9.2.1: It does not belong to any of this network's subnets";
        assert_eq!(of(500, outside), EngineError::Refused(outside.into()));
    }

    #[test]
    fn a_sentence_nobody_knows_goes_by_its_status() {
        assert!(matches!(of(404, "x"), EngineError::NotFound(_)));
        assert!(matches!(of(409, "x"), EngineError::Refused(_)));
        assert!(matches!(of(500, "x"), EngineError::Other(_)));
        assert!(matches!(of(501, "x"), EngineError::Unsupported(_)));
        assert!(matches!(of(503, "x"), EngineError::Unreachable(_)));
    }
}
