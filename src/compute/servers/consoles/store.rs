//! The SQL of console tokens.

use kit::clock::Time;
use kit::error::Result;
use kit::ids::ServerId;
use rusqlite::{Connection, OptionalExtension};

/// Keeps a token's hash, and forgets those that are too old.
pub(crate) fn insert(
    connection: &Connection,
    hash: &str,
    server: &ServerId,
    now: Time,
    expires_at: Time,
) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM console_token WHERE expires_at <= ?1")?
        .execute([now])?;
    connection
        .prepare_cached("INSERT INTO console_token VALUES (?1, ?2, ?3)")?
        .execute((hash, server, expires_at))?;
    Ok(())
}

/// The server that a token leads to, while it is good.
pub(crate) fn get(connection: &Connection, hash: &str, now: Time) -> Result<Option<ServerId>> {
    let mut query = connection.prepare_cached(
        "SELECT server_id FROM console_token WHERE token_hash = ?1 AND expires_at > ?2",
    )?;
    Ok(query.query_row((hash, now), |row| row.get(0)).optional()?)
}

/// The same, and it is good no more.
pub(crate) fn take(connection: &Connection, hash: &str, now: Time) -> Result<Option<ServerId>> {
    let server = get(connection, hash, now)?;
    connection
        .prepare_cached("DELETE FROM console_token WHERE token_hash = ?1")?
        .execute([hash])?;
    Ok(server)
}
