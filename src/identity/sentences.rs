//! The sentences of Keystone's errors, which clients match on. Every module of the service calls
//! it; it decides nothing.
//!
//! Keystone hides the reason of a 401 or 403 from the client (`SecurityError`), so those two
//! take their reason as a private one.

use std::fmt::Display;

use kit::error::{Error, Kind};

const MALFORMED: &str = "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.";

/// 401, the reason in the log only.
pub(crate) fn unauthorized(why: impl Into<String>) -> Error {
    Error::unauthorized("The request you have made requires authentication.").private(why)
}

/// 403, the reason in the log only.
pub(crate) fn forbidden(why: impl Into<String>) -> Error {
    Error::forbidden("You are not authorized to perform the requested action.").private(why)
}

/// 403 that names what was attempted.
pub(crate) fn forbidden_action(action: &str) -> Error {
    Error::forbidden(format!("You are not authorized to perform the requested action: {action}."))
}

/// 404 of a thing with an id.
pub(crate) fn not_found(kind: &str, id: impl Display) -> Error {
    Error::not_found(format!("Could not find {kind}: {id}."))
}

/// 404 of a token that does not hold any more.
pub(crate) fn token_not_valid(why: impl Into<String>) -> Error {
    Error::not_found("Failed to validate token").private(why)
}

/// 400: a member of the body is missing.
pub(crate) fn expecting(attribute: &str, target: &str) -> Error {
    Error::bad_request(format!("Expecting to find {attribute} in {target}. {MALFORMED}"))
}

/// 409 with Keystone's frame around the details.
pub(crate) fn conflict(kind: &str, details: impl Display) -> Error {
    Error::conflict(format!("Conflict occurred attempting to store {kind} - {details}."))
}

/// 409 of a name that is taken, in a domain where names belong to one.
pub(crate) fn duplicate(kind: &str, name: &str, domain: Option<&str>) -> Error {
    let place = domain.map(|domain| format!(" at domain ID {domain}")).unwrap_or_default();
    conflict(kind, format!("Duplicate entry found with name {name}{place}"))
}

/// The same failure as a bad request: Keystone answers so where a body names what is not there.
pub(crate) fn as_bad_request(error: Error) -> Error {
    if error.kind == Kind::NotFound { Error { kind: Kind::BadRequest, ..error } } else { error }
}
