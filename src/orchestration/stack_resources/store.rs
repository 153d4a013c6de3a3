//! The SQL of resources.

use kit::error::Result;
use kit::ids::{ServerId, StackId};
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Map, Value};

use super::model::{Progress, Resource, Turn};
use crate::stacks::model::{Action, Status};

const COLUMNS: &str = "number, stack_id, name, type, made_by, short_id, physical_id, action, \
                       status, reason, properties, metadata, update_policy, data, \
                       deletion_policy, requires, \
                       wanted, progress, visitor, created_at, updated_at";

/// The stacks in which something of that name was made, by resources that stand.
pub(crate) fn makers(connection: &Connection, physical: &str) -> Result<Vec<StackId>> {
    let sql = "SELECT stack_id FROM stack_resource WHERE physical_id = ?1 ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let ids = statement.query_map([physical], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// The resource of this number.
pub(crate) fn get_for_system(connection: &Connection, number: i64) -> Result<Option<Resource>> {
    let sql = format!("SELECT {COLUMNS} FROM stack_resource WHERE number = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([number], read).optional()?)
}

/// The resources of a stack, in the order in which they came.
pub(crate) fn of_stack(connection: &Connection, stack: &StackId) -> Result<Vec<Resource>> {
    let sql = format!("SELECT {COLUMNS} FROM stack_resource WHERE stack_id = ?1 ORDER BY number");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([stack], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The resources of a stack that have this name, in the order in which they came.
pub(crate) fn named(connection: &Connection, stack: &StackId, name: &str) -> Result<Vec<Resource>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM stack_resource WHERE stack_id = ?1 AND name = ?2 ORDER BY number"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![stack, name], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What the plan must know of the resources of a stack that are not done.
pub(crate) fn open(connection: &Connection, stack: &StackId) -> Result<Vec<Turn>> {
    let sql = "SELECT number, name, type, made_by, requires, wanted, progress FROM stack_resource
               WHERE stack_id = ?1 AND progress IN ('waiting', 'running', 'failed')
               ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([stack], |row| {
        Ok(Turn {
            number: row.get("number")?,
            name: row.get("name")?,
            resource_type: row.get("type")?,
            made_by: row.get("made_by")?,
            requires: json_column(row, "requires")?,
            wanted: row.get("wanted")?,
            progress: row.get("progress")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A resource that nothing is done to, as much as is compared with its server.
#[derive(Clone, Debug)]
pub(crate) struct Resting {
    pub(crate) number: i64,
    pub(crate) resource_type: String,
    pub(crate) physical: String,
    pub(crate) action: Action,
    pub(crate) status: Status,
    pub(crate) reason: String,
    /// What was last said of it unasked.
    pub(crate) drift: Option<String>,
}

impl Resting {
    /// The server that its thing is, if it is one.
    pub(crate) fn server(&self) -> ServerId {
        ServerId::from(self.physical.as_str())
    }
}

const RESTING: &str = "SELECT stack_resource.number, type, physical_id, stack_resource.action,
         stack_resource.status, stack_resource.reason, data ->> 'drift' AS drift
     FROM stack_resource JOIN stack ON stack.id = stack_id
     WHERE physical_id IS NOT NULL AND progress = 'done' AND visitor IS NULL
         AND stack.deleted_at IS NULL AND stack.status != 'IN_PROGRESS'";

/// The resources with things, of living stacks, that nothing is done to.
pub(crate) fn resting(connection: &Connection) -> Result<Vec<Resting>> {
    let mut statement = connection.prepare_cached(RESTING)?;
    let rows = statement.query_map([], read_resting)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The resource of this number, if it is one of them.
pub(crate) fn resting_one(connection: &Connection, number: i64) -> Result<Option<Resting>> {
    let sql = format!("{RESTING} AND stack_resource.number = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([number], read_resting).optional()?)
}

fn read_resting(row: &Row<'_>) -> rusqlite::Result<Resting> {
    Ok(Resting {
        number: row.get("number")?,
        resource_type: row.get("type")?,
        physical: row.get("physical_id")?,
        action: row.get("action")?,
        status: row.get("status")?,
        reason: row.get("reason")?,
        drift: row.get("drift")?,
    })
}

/// Whether a traversal is so far with a resource of the stack.
pub(crate) fn is_any(connection: &Connection, stack: &StackId, progress: Progress) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM stack_resource WHERE stack_id = ?1 AND progress = ?2)";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![stack, progress], |row| row.get(0))?)
}

/// Adds a resource; its number.
pub(crate) fn insert(connection: &Connection, resource: &Resource) -> Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO stack_resource (stack_id, name, type, short_id, physical_id, action,
                 status, reason, properties, metadata, update_policy, data, deletion_policy,
                 requires, wanted, progress, visitor, created_at, updated_at, made_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20)",
        )?
        .execute(params![
            resource.stack,
            resource.name,
            resource.resource_type,
            resource.short_id,
            resource.physical,
            resource.action,
            resource.status,
            resource.reason,
            Json(&resource.properties),
            Json(&resource.metadata),
            Json(&resource.update_policy),
            Json(&resource.data),
            resource.deletion_policy,
            Json(&resource.requires),
            resource.wanted,
            resource.progress,
            resource.visitor,
            resource.created_at,
            resource.updated_at,
            resource.made_by,
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Keeps a resource.
pub(crate) fn save(connection: &Connection, resource: &Resource) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE stack_resource SET type = ?2, physical_id = ?3, action = ?4, status = ?5,
                 reason = ?6, properties = ?7, metadata = ?8, update_policy = ?9, data = ?10,
                 deletion_policy = ?11, requires = ?12, wanted = ?13, progress = ?14, visitor = ?15,
                 updated_at = ?16, made_by = ?17
             WHERE number = ?1",
        )?
        .execute(params![
            resource.number,
            resource.resource_type,
            resource.physical,
            resource.action,
            resource.status,
            resource.reason,
            Json(&resource.properties),
            Json(&resource.metadata),
            Json(&resource.update_policy),
            Json(&resource.data),
            resource.deletion_policy,
            Json(&resource.requires),
            resource.wanted,
            resource.progress,
            resource.visitor,
            resource.updated_at,
            resource.made_by,
        ])?;
    Ok(())
}

/// Keeps what the type of a resource keeps for itself.
pub(crate) fn save_data(
    connection: &Connection,
    number: i64,
    data: &Map<String, Value>,
) -> Result<()> {
    connection
        .prepare_cached("UPDATE stack_resource SET data = ?2 WHERE number = ?1")?
        .execute(params![number, Json(data)])?;
    Ok(())
}

/// Notes that an operation of the stack's traversal works on a resource from now on.
pub(crate) fn set_running(connection: &Connection, number: i64) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE stack_resource SET progress = ?2,
                 visitor = (SELECT traversal FROM stack WHERE id = stack_id) WHERE number = ?1",
        )?
        .execute(params![number, Progress::Running])?;
    Ok(())
}

/// Removes a resource.
pub(crate) fn delete(connection: &Connection, number: i64) -> Result<()> {
    connection.prepare_cached("DELETE FROM stack_resource WHERE number = ?1")?.execute([number])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Resource> {
    Ok(Resource {
        number: row.get("number")?,
        stack: row.get("stack_id")?,
        name: row.get("name")?,
        resource_type: row.get("type")?,
        made_by: row.get("made_by")?,
        short_id: row.get("short_id")?,
        physical: row.get("physical_id")?,
        action: row.get("action")?,
        status: row.get("status")?,
        reason: row.get("reason")?,
        properties: json_column(row, "properties")?,
        metadata: json_column(row, "metadata")?,
        update_policy: json_column(row, "update_policy")?,
        data: json_column(row, "data")?,
        deletion_policy: row.get("deletion_policy")?,
        requires: json_column(row, "requires")?,
        wanted: row.get("wanted")?,
        progress: row.get("progress")?,
        visitor: row.get("visitor")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
