//! The SQL of migrations.

use kit::clock::Time;
use kit::error::Result;
use kit::ids::ServerId;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::model::{Migration, Query, Status};

/// Adds a migration; its number comes back.
pub(crate) fn insert(connection: &Connection, migration: &Migration) -> Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO migration (uuid, server_id, project_id, user_id, kind, status, source,
                 destination, old_flavor, new_flavor, old_flavor_row, new_flavor_row, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                 (SELECT row FROM flavor WHERE id = ?11), (SELECT row FROM flavor WHERE id = ?12),
                 ?13)",
        )?
        .execute(params![
            migration.id,
            migration.server,
            migration.project,
            migration.user,
            migration.kind,
            migration.status,
            migration.source,
            migration.destination,
            Json(&migration.old_flavor),
            Json(&migration.new_flavor),
            migration.old_flavor.id,
            migration.new_flavor.id,
            migration.created_at,
        ])?;
    Ok(connection.last_insert_rowid())
}

/// The migration of this number.
pub(crate) fn get(connection: &Connection, number: i64) -> Result<Option<Migration>> {
    let sql = "SELECT * FROM migration WHERE number = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([number], read).optional()?)
}

/// The resize of a server that waits to be confirmed or reverted.
pub(crate) fn finished(connection: &Connection, server: &ServerId) -> Result<Option<Migration>> {
    let sql = "SELECT * FROM migration WHERE server_id = ?1 AND status = ?2
               ORDER BY number DESC LIMIT 1";
    let values = (server, Status::Finished);
    Ok(connection.prepare_cached(sql)?.query_row(values, read).optional()?)
}

/// Notes how far a migration came.
pub(crate) fn set_status(
    connection: &Connection,
    number: i64,
    status: Status,
    now: Time,
) -> Result<()> {
    let sql = "UPDATE migration SET status = ?2, updated_at = ?3 WHERE number = ?1";
    connection.prepare_cached(sql)?.execute((number, status, now))?;
    Ok(())
}

/// Confirms the resize of a server that waits for it, if there is one. A server that goes has its
/// resize confirmed, too (Nova: `_confirm_resize_on_deleting`).
pub(crate) fn conclude(connection: &Connection, server: &ServerId, now: Time) -> Result<()> {
    let sql = "UPDATE migration SET status = ?2, updated_at = ?3
               WHERE server_id = ?1 AND status = ?4";
    connection.prepare_cached(sql)?.execute((server, Status::Confirmed, now, Status::Finished))?;
    Ok(())
}

/// One page. An unknown marker is `None`.
pub(crate) fn list(connection: &Connection, query: &Query) -> Result<Option<Vec<Migration>>> {
    let marker = match &query.marker {
        Some(id) => match number_of(connection, id)? {
            Some(number) => number,
            None => return Ok(None),
        },
        None => 0,
    };
    let order = if query.newest_first { "created_at DESC, number DESC" } else { "number" };
    let sql = format!(
        "SELECT * FROM migration
         WHERE (:server IS NULL OR server_id = :server) AND (:status IS NULL OR status = :status)
           AND (:kind IS NULL OR kind = :kind) AND (:source IS NULL OR source = :source)
           AND (:host IS NULL OR :host IN (source, destination))
           AND (:user IS NULL OR user_id = :user) AND (:project IS NULL OR project_id = :project)
           AND (:since IS NULL OR coalesce(updated_at, created_at) >= :since)
           AND (:before IS NULL OR coalesce(updated_at, created_at) <= :before)
           AND (:marker = 0 OR (created_at, number) <
                (SELECT m.created_at, m.number FROM migration m WHERE m.number = :marker))
         ORDER BY {order} LIMIT :limit"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(
        named_params! {
            ":server": query.server, ":status": query.status, ":kind": query.kind,
            ":source": query.source, ":host": query.host, ":user": query.user,
            ":project": query.project, ":since": query.changes_since,
            ":before": query.changes_before, ":marker": marker, ":limit": query.limit,
        },
        read,
    )?;
    Ok(Some(rows.collect::<rusqlite::Result<_>>()?))
}

fn number_of(connection: &Connection, id: &str) -> Result<Option<i64>> {
    let sql = "SELECT number FROM migration WHERE uuid = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Migration> {
    Ok(Migration {
        number: row.get("number")?,
        id: row.get("uuid")?,
        server: row.get("server_id")?,
        project: row.get("project_id")?,
        user: row.get("user_id")?,
        kind: row.get("kind")?,
        status: row.get("status")?,
        source: row.get("source")?,
        destination: row.get("destination")?,
        old_flavor: json_column(row, "old_flavor")?,
        new_flavor: json_column(row, "new_flavor")?,
        old_flavor_row: row.get("old_flavor_row")?,
        new_flavor_row: row.get("new_flavor_row")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
