//! Projects, as the operations that name one ask for them.

use identity::facade;
use kit::error::{Error, Result};
use kit::ids::ProjectId;
use rusqlite::Connection;

/// Refuses a project that is not there, with Nova's sentence.
pub(crate) fn verify(connection: &Connection, id: &ProjectId) -> Result<()> {
    if facade::project_exists(connection, id)? {
        return Ok(());
    }
    Err(Error::bad_request(format!("Project ID {id} is not a valid project.")))
}
