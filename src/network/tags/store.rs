//! The SQL of tags: a column of every resource's table.

use kit::Result;
use kit::clock::Time;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension};

/// The tags of a row.
pub(super) fn get(connection: &Connection, table: &'static str, id: &str) -> Result<Vec<String>> {
    let tags = connection
        .prepare_cached(&format!("SELECT tags FROM {table} WHERE id = ?1"))?
        .query_row([id], |row| json_column(row, "tags"))
        .optional()?;
    Ok(tags.unwrap_or_default())
}

/// Replaces the tags of a row.
pub(super) fn set(
    connection: &Connection,
    table: &'static str,
    id: &str,
    tags: &[String],
    now: Time,
) -> Result<()> {
    connection
        .prepare_cached(&format!(
            "UPDATE {table} SET tags = ?2, revision = revision + 1, updated_at = ?3 WHERE id = ?1"
        ))?
        .execute((id, Json(tags), now))?;
    Ok(())
}
