//! The SQL of snapshots.

use kit::error::Result;
use kit::ids::{StackId, StackSnapshotId};
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::Snapshot;
use crate::stacks::model::Status;

/// The snapshot of this id.
pub(crate) fn get_for_system(
    connection: &Connection,
    id: &StackSnapshotId,
) -> Result<Option<Snapshot>> {
    let mut statement = connection.prepare_cached("SELECT * FROM stack_snapshot WHERE id = ?1")?;
    Ok(statement.query_row([id], read).optional()?)
}

/// The snapshots of a stack, the oldest first.
pub(crate) fn of_stack(connection: &Connection, stack: &StackId) -> Result<Vec<Snapshot>> {
    let sql = "SELECT * FROM stack_snapshot WHERE stack_id = ?1 ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([stack], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many snapshots a stack has.
pub(crate) fn count(connection: &Connection, stack: &StackId) -> Result<i64> {
    let sql = "SELECT count(*) FROM stack_snapshot WHERE stack_id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([stack], |row| row.get(0))?)
}

/// The snapshot of a stack that is being made.
pub(crate) fn under_way(connection: &Connection, stack: &StackId) -> Result<Option<Snapshot>> {
    let sql = "SELECT * FROM stack_snapshot WHERE stack_id = ?1 AND status = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![stack, Status::InProgress], read).optional()?)
}

/// Adds a snapshot.
pub(crate) fn insert(connection: &Connection, snapshot: &Snapshot) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO stack_snapshot (id, stack_id, project_id, name, action, status, reason,
                 data, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            snapshot.id,
            snapshot.stack,
            snapshot.project,
            snapshot.name,
            snapshot.action,
            snapshot.status,
            snapshot.reason,
            Json(&snapshot.data),
            snapshot.created_at,
        ])?;
    Ok(())
}

/// Keeps how far a snapshot is, and what is in it.
pub(crate) fn save(connection: &Connection, snapshot: &Snapshot) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE stack_snapshot SET action = ?2, status = ?3, reason = ?4, data = ?5
             WHERE id = ?1",
        )?
        .execute(params![
            snapshot.id,
            snapshot.action,
            snapshot.status,
            snapshot.reason,
            Json(&snapshot.data),
        ])?;
    Ok(())
}

/// Removes a snapshot.
pub(crate) fn delete(connection: &Connection, id: &StackSnapshotId) -> Result<()> {
    connection.prepare_cached("DELETE FROM stack_snapshot WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Snapshot> {
    Ok(Snapshot {
        id: row.get("id")?,
        stack: row.get("stack_id")?,
        project: row.get("project_id")?,
        name: row.get("name")?,
        action: row.get("action")?,
        status: row.get("status")?,
        reason: row.get("reason")?,
        data: json_column(row, "data")?,
        created_at: row.get("created_at")?,
    })
}
