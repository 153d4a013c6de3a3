//! The SQL of events.

use kit::error::Result;
use kit::ids::StackId;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::model::{Event, Query};

/// How many events of a stack are kept (Heat: `max_events_per_stack`).
const MAX_EVENTS: i64 = 1000;

/// Adds an event, and forgets the oldest beyond the limit.
pub(crate) fn insert(connection: &Connection, event: &Event) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO stack_event (id, stack_id, resource_name, resource_type, physical_id,
                 action, status, reason, properties, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            event.id,
            event.stack,
            event.resource_name,
            event.resource_type,
            event.physical_id,
            event.action,
            event.status,
            event.reason,
            Json(&event.properties),
            event.created_at,
        ])?;
    connection
        .prepare_cached(
            "DELETE FROM stack_event WHERE stack_id = ?1 AND number <=
                 (SELECT number FROM stack_event WHERE stack_id = ?1
                  ORDER BY number DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![event.stack, MAX_EVENTS])?;
    Ok(())
}

/// One event of a resource.
pub(crate) fn get(
    connection: &Connection,
    stack: &StackId,
    resource: &str,
    id: &str,
) -> Result<Option<Event>> {
    let sql = "SELECT * FROM stack_event WHERE stack_id = ?1 AND resource_name = ?2 AND id = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![stack, resource, id], read).optional()?)
}

/// A page of events of these stacks. A marker that is not there is none.
pub(crate) fn list(
    connection: &Connection,
    stacks: &[StackId],
    query: &Query,
) -> Result<Vec<Event>> {
    let mut values: Vec<String> = stacks.iter().map(ToString::to_string).collect();
    let mut conditions = vec![format!("stack_id IN ({})", vec!["?"; stacks.len()].join(", "))];
    if let Some(resource) = &query.resource {
        conditions.push("resource_name = ?".to_owned());
        values.push(resource.clone());
    }
    for (column, accepted) in &query.filters {
        let marks = vec!["?"; accepted.len()].join(", ");
        conditions.push(format!("{column} IN ({marks})"));
        values.extend(accepted.iter().cloned());
    }
    let (direction, beyond) = if query.descending { ("DESC", "<") } else { ("ASC", ">") };
    if let Some(marker) = query.marker.as_ref().map(|id| number_of(connection, id)).transpose()? {
        let marker = marker.unwrap_or(if query.descending { i64::MAX } else { 0 });
        conditions.push(format!("number {beyond} {marker}"));
    }
    let limit = query.limit.unwrap_or(-1);
    let sql = format!(
        "SELECT * FROM stack_event WHERE {} ORDER BY number {direction} LIMIT {limit}",
        conditions.join(" AND ")
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn number_of(connection: &Connection, id: &str) -> Result<Option<i64>> {
    let sql = "SELECT number FROM stack_event WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: row.get("id")?,
        stack: row.get("stack_id")?,
        resource_name: row.get("resource_name")?,
        resource_type: row.get("resource_type")?,
        physical_id: row.get("physical_id")?,
        action: row.get("action")?,
        status: row.get("status")?,
        reason: row.get("reason")?,
        properties: json_column(row, "properties")?,
        created_at: row.get("created_at")?,
    })
}
