//! The validator's error becomes the sentence that clients of OpenStack know.

use super::contract::Invalid;
use super::service::Dialect;
use crate::error::Error;

/// The sentence for a body.
pub fn body(_: Dialect, invalid: &Invalid) -> Error {
    Error::bad_request(invalid.reason.clone())
}

/// The sentence for a query.
pub fn query(_: Dialect, invalid: &Invalid) -> Error {
    Error::bad_request(invalid.reason.clone())
}
