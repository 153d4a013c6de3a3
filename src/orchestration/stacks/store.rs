//! The SQL of stacks.

mod list;

use std::sync::Arc;

use kit::clock::Time;
use kit::error::Result;
use kit::ids::{ProjectId, StackId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::{Parent, Stack};
use super::reach::Reach;
use super::shelf::{self, Shelved};

pub(crate) use list::{count_listed, list};

const COLUMNS: &str = "number, id, project_id, name, parent_id, parent_resource, trust, action, \
                       status, reason, source, \
                       previous, tags, timeout_mins, disable_rollback, traversal, deadline, \
                       request_id, created_at, updated_at, deleted_at";

/// The stack within reach that has this id, deleted ones too, as a rule will open it.
pub(crate) fn get(
    connection: &Connection,
    reach: &Reach,
    id: &StackId,
) -> Result<Option<Guarded<Stack>>> {
    let found = get_for_system(connection, id)?;
    Ok(found.and_then(|stack| reach.guard_stack(stack)))
}

/// The living stack of the caller's project that has this name, as a rule will open it. To its users
/// a stack is known by its name although it is in another project.
pub(crate) fn get_by_name(
    connection: &Connection,
    reach: &Reach,
    name: &str,
) -> Result<Option<Guarded<Stack>>> {
    let condition = "(project_id = ?1 OR id = ?2) AND name = ?3 AND deleted_at IS NULL";
    let found = find(connection, condition, params![reach.home(), reach.own_stack(), name])?;
    Ok(found.and_then(|stack| reach.guard_stack(stack)))
}

/// The living stack of a project that has this name.
pub(crate) fn find_by_name(
    connection: &Connection,
    project: &ProjectId,
    name: &str,
) -> Result<Option<Stack>> {
    let condition = "project_id = ?1 AND name = ?2 AND deleted_at IS NULL";
    find(connection, condition, params![project, name])
}

/// The stack of this id, for steps.
pub(crate) fn get_for_system(connection: &Connection, id: &StackId) -> Result<Option<Stack>> {
    find(connection, "id = ?1", params![id])
}

/// The living stacks that are nested in this one, not those nested in them.
pub(crate) fn nested_in(connection: &Connection, parent: &StackId) -> Result<Vec<Stack>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM stack WHERE parent_id = ?1 AND deleted_at IS NULL ORDER BY number"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([parent], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many resources a stack has, with those of the stacks nested in it.
pub(crate) fn count_resources(connection: &Connection, root: &StackId) -> Result<i64> {
    let sql = "WITH RECURSIVE tree (id) AS (
                   VALUES (?1)
                   UNION SELECT stack.id FROM stack JOIN tree ON stack.parent_id = tree.id
                   WHERE stack.deleted_at IS NULL)
               SELECT count(*) FROM stack_resource WHERE stack_id IN (SELECT id FROM tree)";
    Ok(connection.prepare_cached(sql)?.query_row([root], |row| row.get(0))?)
}

/// How many living stacks a project has; those nested in them do not count.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    let sql = "SELECT count(*) FROM stack WHERE project_id = ?1 AND deleted_at IS NULL
               AND parent_id IS NULL";
    Ok(connection.prepare_cached(sql)?.query_row([project], |row| row.get(0))?)
}

/// Adds a stack; its number.
pub(crate) fn insert(connection: &Connection, stack: &Stack) -> Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO stack (id, project_id, name, trust, action, status, reason, source,
                 previous, tags, timeout_mins, disable_rollback, traversal, deadline, request_id,
                 created_at, updated_at, deleted_at, parent_id, parent_resource)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20)",
        )?
        .execute(params![
            stack.id,
            stack.project,
            stack.name,
            Json(&stack.trust),
            stack.action,
            stack.status,
            stack.reason,
            Json(stack.source()),
            stack.previous().map(Json),
            Json(&stack.tags),
            stack.timeout_mins,
            stack.disable_rollback,
            stack.traversal,
            stack.deadline,
            stack.request_id,
            stack.created_at,
            stack.updated_at,
            stack.deleted_at,
            stack.parent.as_ref().map(|parent| &parent.stack),
            stack.parent.as_ref().map(|parent| &parent.resource),
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Keeps where a stack is; what it is made of stays.
pub(crate) fn save_state(connection: &Connection, stack: &Stack) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE stack SET action = ?2, status = ?3, reason = ?4, traversal = ?5,
                 deadline = ?6, request_id = ?7, updated_at = ?8, deleted_at = ?9 WHERE id = ?1",
        )?
        .execute(params![
            stack.id,
            stack.action,
            stack.status,
            stack.reason,
            stack.traversal,
            stack.deadline,
            stack.request_id,
            stack.updated_at,
            stack.deleted_at,
        ])?;
    Ok(())
}

/// Keeps what a stack is made of.
pub(crate) fn save_source(connection: &Connection, stack: &Stack) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE stack SET source = ?2, previous = ?3, tags = ?4, timeout_mins = ?5,
                 disable_rollback = ?6, trust = ?7 WHERE id = ?1",
        )?
        .execute(params![
            stack.id,
            Json(stack.source()),
            stack.previous().map(Json),
            Json(&stack.tags),
            stack.timeout_mins,
            stack.disable_rollback,
            Json(&stack.trust),
        ])?;
    Ok(())
}

fn find(
    connection: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
) -> Result<Option<Stack>> {
    let sql = format!("SELECT {COLUMNS} FROM stack WHERE {condition}");
    Ok(connection.prepare_cached(&sql)?.query_row(values, read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Stack> {
    let id: StackId = row.get("id")?;
    let parent: Option<StackId> = row.get("parent_id")?;
    let resource: Option<String> = row.get("parent_resource")?;
    Ok(Stack {
        parent: parent.zip(resource).map(|(stack, resource)| Parent { stack, resource }),
        number: row.get("number")?,
        project: row.get("project_id")?,
        name: row.get("name")?,
        trust: json_column(row, "trust")?,
        action: row.get("action")?,
        status: row.get("status")?,
        reason: row.get("reason")?,
        source: source(&id, row.get_ref("source")?.as_str()?)?,
        previous: row
            .get_ref("previous")?
            .as_str_or_null()?
            .map(|text| source(&id, text))
            .transpose()?,
        id,
        tags: json_column(row, "tags")?,
        timeout_mins: row.get("timeout_mins")?,
        disable_rollback: row.get("disable_rollback")?,
        traversal: row.get("traversal")?,
        deadline: row.get("deadline")?,
        request_id: row.get("request_id")?,
        created_at: row.get("created_at")?,
        updated_at: row.get::<_, Option<Time>>("updated_at")?,
        deleted_at: row.get::<_, Option<Time>>("deleted_at")?,
    })
}

fn source(stack: &StackId, text: &str) -> rusqlite::Result<Arc<Shelved>> {
    let wrong = |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error));
    shelf::take(stack, text).map_err(wrong)
}
