//! The SQL of forgetting.

use kit::clock::Time;
use kit::error::Result;
use kit::ids::ServerId;
use rusqlite::Connection;

/// A deleted server, and its place in the order of the deletions.
pub(super) struct Deleted {
    pub(super) id: ServerId,
    pub(super) place: (Time, i64),
}

/// Servers deleted before this time, the longest first, that come after the place.
pub(super) fn deleted_before(
    connection: &Connection,
    before: Time,
    after: (Time, i64),
    limit: u32,
) -> Result<Vec<Deleted>> {
    let mut query = connection.prepare_cached(
        "SELECT id, deleted_at, number FROM server
         WHERE deleted_at < ?1 AND (deleted_at, number) > (?2, ?3)
         ORDER BY deleted_at, number LIMIT ?4",
    )?;
    let rows = query.query_map((before, after.0, after.1, limit), |row| {
        Ok(Deleted { id: row.get(0)?, place: (row.get(1)?, row.get(2)?) })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Removes the server and what only it has.
pub(super) fn delete(connection: &Connection, id: &ServerId) -> Result<()> {
    for sql in [
        "DELETE FROM server_fault WHERE server_id = ?1",
        "DELETE FROM migration WHERE server_id = ?1",
        "DELETE FROM server_group_member WHERE server_id = ?1",
        "DELETE FROM server WHERE id = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}
