//! What a guest may post (`nova/api/metadata/password.py`).

use kit::error::{Error, Result};
use kit::ids::ServerId;
use rusqlite::Connection;

use super::store;

/// Nova keeps four pieces of 255 bytes each.
pub const LIMIT_BYTES: usize = 4 * 255;

/// Keeps the password that a guest posted, if there is none yet.
pub(crate) fn post(connection: &Connection, id: &ServerId, password: &str) -> Result<()> {
    if !store::get(connection, id)?.is_empty() {
        return Err(Error::conflict("There was a conflict when trying to complete your request."));
    }
    if password.len() > LIMIT_BYTES {
        return Err(Error::bad_request("Request is too large."));
    }
    store::set(connection, id, password)
}
