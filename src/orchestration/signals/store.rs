//! The SQL of the key that signs.

use kit::error::Result;
use rusqlite::Connection;

/// The installation's key. It never leaves this crate.
pub(super) fn key(connection: &Connection) -> Result<Vec<u8>> {
    let sql = "SELECT key FROM signal_key";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}
