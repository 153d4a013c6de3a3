//! The SQL of a page of servers: filters, order and marker of a [`Query`] as one statement.
//!
//! Called through `store::list`. What a filter of the API means is decided in `filters.rs`.

use kit::error::Result;
use kit::store::keyset::{Where, order_by};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::read;
use crate::servers::filters::{Condition, Query, Sort, TagRule};
use crate::servers::model::Server;

/// What filters and sort keys of the API mean here (Nova: the columns of its `Instance`).
static FIELDS: &[(&str, &str)] = &[
    ("access_ip_v4", "access_ipv4"),
    ("access_ip_v6", "access_ipv6"),
    ("auto_disk_config", "auto_disk_config"),
    ("availability_zone", "availability_zone"),
    ("config_drive", "iif(config_drive, 'True', '')"),
    ("created_at", "datetime(created_at / 1000000, 'unixepoch')"),
    ("display_description", "description"),
    ("display_name", "name"),
    ("flavor", "flavor_id"),
    ("host", "host"),
    ("hostname", "hostname"),
    ("image_ref", "coalesce(image_id, '')"),
    ("instance_type_id", "flavor_id"),
    ("kernel_id", "''"),
    ("key_name", "key_name"),
    ("launch_index", "launch_index"),
    ("launched_at", "datetime(launched_at / 1000000, 'unixepoch')"),
    ("locked", "locked_by IS NOT NULL"),
    ("locked_by", "locked_by"),
    ("node", "host"),
    ("power_state", "power_state"),
    ("progress", "progress"),
    ("project_id", "project_id"),
    ("ramdisk_id", "''"),
    ("reservation_id", "reservation_id"),
    ("root_device_name", "'/dev/sda'"),
    ("task_state", "task_state"),
    ("terminated_at", "datetime(terminated_at / 1000000, 'unixepoch')"),
    ("updated_at", "updated_at"),
    ("user_id", "user_id"),
    ("uuid", "id"),
    ("vm_state", "vm_state"),
];

/// Sort keys whose own column is finer than what filters see.
static SORT_COLUMNS: &[(&str, &str)] = &[
    ("created_at", "created_at"),
    ("launched_at", "launched_at"),
    ("terminated_at", "terminated_at"),
];

/// Columns of every row by which pages are read.
const NEVER_NULL: &[&str] = &["created_at", "name", "updated_at"];

fn expression(field: &str) -> Option<&'static str> {
    FIELDS.iter().find(|(key, _)| *key == field).map(|(_, sql)| *sql)
}

fn sort_expression(field: &str) -> Option<&'static str> {
    let own = SORT_COLUMNS.iter().find(|(key, _)| *key == field).map(|(_, sql)| *sql);
    own.or_else(|| expression(field))
}

/// One page. An unknown marker is `None`.
pub(crate) fn list(connection: &Connection, query: &Query) -> Result<Option<Vec<Server>>> {
    let Some((sql, values)) = statement(connection, query)? else { return Ok(None) };
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), read)?;
    Ok(Some(rows.collect::<rusqlite::Result<_>>()?))
}

/// The statement of a page, and its values.
pub(super) fn statement(
    connection: &Connection,
    query: &Query,
) -> Result<Option<(String, Vec<Value>)>> {
    let mut filter = Where::default();
    for condition in &query.conditions {
        add_condition(&mut filter, condition)?;
    }
    let mut order: Vec<(&str, bool)> = query
        .sort
        .iter()
        .filter_map(|Sort { field, descending }| Some((sort_expression(field)?, *descending)))
        .collect();
    // Ties are broken by the hidden number, so that a page never repeats or skips a row.
    order.push(("number", order.last().is_none_or(|(_, descending)| *descending)));
    if let Some(marker) = &query.marker {
        let Some(values) = marker_values(connection, marker, &order)? else {
            return Ok(None);
        };
        filter.bound(&order, &values, NEVER_NULL);
        filter.beyond(&order, &values);
    }
    let (condition, mut values) = filter.finish();
    let order = order_by(&order);
    values.push(query.limit.into());
    Ok(Some((format!("SELECT * FROM server WHERE {condition} ORDER BY {order} LIMIT ?"), values)))
}

fn add_condition(filter: &mut Where, condition: &Condition) -> Result<()> {
    match condition {
        Condition::OneOf(field, texts) => {
            if let Some(sql) = expression(field) {
                add_one_of(filter, sql, texts)?;
            }
        }
        Condition::Matches(field, pattern) => {
            if let Some(sql) = expression(field) {
                filter.add(format!("CAST({sql} AS TEXT) REGEXP ?"), [pattern.clone().into()]);
            }
        }
        Condition::Locked(locked) => filter.add("(locked_by IS NOT NULL) = ?", [(*locked).into()]),
        Condition::Deleted(true) => {
            filter.add("(deleted_at IS NOT NULL OR soft_deleted_at IS NOT NULL)", []);
        }
        Condition::Deleted(false) => {
            filter.add("deleted_at IS NULL AND soft_deleted_at IS NULL", []);
        }
        Condition::ChangedSince(time) => filter.add("updated_at >= ?", [time.0.into()]),
        // Whole seconds are what a server tells, and Nova compares.
        Condition::ChangedBefore(time) => {
            filter.add("updated_at < ?", [time.plus_seconds(1).0.into()]);
        }
        Condition::Tags(rule, tags) => {
            let (how_many, none) = match rule {
                TagRule::All => ("= json_array_length(?1)", false),
                TagRule::Any => ("> 0", false),
                TagRule::NotAll => ("= json_array_length(?1)", true),
                TagRule::NotAny => ("> 0", true),
            };
            add_tags(filter, how_many, none, serde_json::to_string(tags)?);
        }
    }
    Ok(())
}

/// One is compared with: an index gives its rows in their order, which it would not for a list.
fn add_one_of(filter: &mut Where, sql: &str, texts: &[String]) -> Result<()> {
    if let [text] = texts {
        filter.add(format!("{sql} = ?"), [text.clone().into()]);
    } else {
        let texts = serde_json::to_string(texts)?;
        filter.add(format!("{sql} IN (SELECT value FROM json_each(?))"), [texts.into()]);
    }
    Ok(())
}

fn add_tags(filter: &mut Where, how_many: &str, none: bool, tags: String) {
    let count = "(SELECT count(*) FROM json_each(tags) own
                  WHERE own.value IN (SELECT value FROM json_each(?)))";
    let how_many = how_many.replace("?1", "?");
    let negation = if none { "NOT " } else { "" };
    let marks = 1 + usize::from(how_many.contains('?'));
    filter.add(format!("{negation}{count} {how_many}"), vec![Value::from(tags); marks]);
}

/// What the marker's row has for the sort keys. Deleted rows are markers too, as in Nova.
fn marker_values(
    connection: &Connection,
    marker: &str,
    order: &[(&str, bool)],
) -> Result<Option<Vec<Value>>> {
    let columns: Vec<&str> = order.iter().map(|(sql, _)| *sql).collect();
    let sql = format!("SELECT {} FROM server WHERE id = ?1", columns.join(", "));
    let values = |row: &Row<'_>| (0..columns.len()).map(|index| row.get(index)).collect();
    Ok(connection.prepare_cached(&sql)?.query_row([marker], values).optional()?)
}
