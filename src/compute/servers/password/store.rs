//! The SQL of passwords.

use kit::error::Result;
use kit::ids::ServerId;
use rusqlite::{Connection, OptionalExtension};

/// What the guest posted; empty is nothing.
pub(crate) fn get(connection: &Connection, id: &ServerId) -> Result<String> {
    let mut query =
        connection.prepare_cached("SELECT password FROM server_password WHERE server_id = ?1")?;
    Ok(query.query_row([id], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Keeps what the guest posted.
pub(crate) fn set(connection: &Connection, id: &ServerId, password: &str) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO server_password VALUES (?1, ?2)")?
        .execute((id, password))?;
    Ok(())
}

/// Forgets it.
pub(crate) fn clear(connection: &Connection, id: &ServerId) -> Result<()> {
    connection.prepare_cached("DELETE FROM server_password WHERE server_id = ?1")?.execute([id])?;
    Ok(())
}
