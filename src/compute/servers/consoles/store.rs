//! The SQL of console tokens: the key that signs them, and those that were used.

use kit::clock::Time;
use kit::error::Result;
use rusqlite::Connection;

/// The installation's key. It never leaves this folder.
pub(super) fn key(connection: &Connection) -> Result<Vec<u8>> {
    let sql = "SELECT key FROM console_key";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Whether a token was used.
pub(super) fn is_used(connection: &Connection, hash: &str) -> Result<bool> {
    let mut query =
        connection.prepare_cached("SELECT 1 FROM used_console_token WHERE token_hash = ?1")?;
    Ok(query.exists([hash])?)
}

/// Notes that a token was used, and forgets those that are too old; whether it was the first time.
pub(super) fn use_up(
    connection: &Connection,
    hash: &str,
    now: Time,
    expires_at: Time,
) -> Result<bool> {
    connection
        .prepare_cached("DELETE FROM used_console_token WHERE expires_at <= ?1")?
        .execute([now])?;
    let noted = connection
        .prepare_cached("INSERT OR IGNORE INTO used_console_token VALUES (?1, ?2)")?
        .execute((hash, expires_at))?;
    Ok(noted > 0)
}
