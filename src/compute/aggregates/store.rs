//! The SQL of host aggregates.

use std::collections::BTreeMap;

use kit::error::Result;
use rusqlite::{Connection, OptionalExtension, Row};

use super::model::{Aggregate, Changes};

const COLUMNS: &str = "row, id, name, created_at, updated_at";

/// Every aggregate, oldest first.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Aggregate>> {
    let sql = format!("SELECT {COLUMNS} FROM aggregate ORDER BY row");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    rows.map(|aggregate| whole(connection, aggregate?)).collect()
}

/// The aggregate of this integer.
pub(super) fn get(connection: &Connection, row: i64) -> Result<Option<Aggregate>> {
    let sql = format!("SELECT {COLUMNS} FROM aggregate WHERE row = ?1");
    let found = connection.prepare_cached(&sql)?.query_row([row], read).optional()?;
    found.map(|aggregate| whole(connection, aggregate)).transpose()
}

/// The integer of the aggregate of this name.
pub(super) fn named(connection: &Connection, name: &str) -> Result<Option<i64>> {
    let sql = "SELECT row FROM aggregate WHERE name = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
}

/// Adds an aggregate without hosts and metadata; its integer.
pub(super) fn insert(connection: &Connection, aggregate: &Aggregate) -> Result<i64> {
    connection
        .prepare_cached("INSERT INTO aggregate (id, name, created_at) VALUES (?1, ?2, ?3)")?
        .execute((&aggregate.id, &aggregate.name, aggregate.created_at))?;
    Ok(connection.last_insert_rowid())
}

/// Writes the name, and when the aggregate was changed.
pub(super) fn update(connection: &Connection, aggregate: &Aggregate) -> Result<()> {
    let sql = "UPDATE aggregate SET name = ?2, updated_at = ?3 WHERE row = ?1";
    connection.prepare_cached(sql)?.execute((
        aggregate.row,
        &aggregate.name,
        aggregate.updated_at,
    ))?;
    Ok(())
}

/// Sets and removes keys.
pub(super) fn put_metadata(connection: &Connection, row: i64, changes: &Changes) -> Result<()> {
    let mut set = connection.prepare_cached(
        "INSERT INTO aggregate_metadata (aggregate, key, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (aggregate, key) DO UPDATE SET value = excluded.value",
    )?;
    let mut remove = connection
        .prepare_cached("DELETE FROM aggregate_metadata WHERE aggregate = ?1 AND key = ?2")?;
    for (key, value) in changes {
        match value {
            Some(value) => set.execute((row, key, value))?,
            None => remove.execute((row, key))?,
        };
    }
    Ok(())
}

/// Puts a host into an aggregate; false when it was there.
pub(super) fn insert_host(connection: &Connection, row: i64, host: &str) -> Result<bool> {
    let sql = "INSERT OR IGNORE INTO aggregate_host (aggregate, host) VALUES (?1, ?2)";
    Ok(connection.prepare_cached(sql)?.execute((row, host))? > 0)
}

/// Takes a host out of an aggregate; false when it was not there.
pub(super) fn delete_host(connection: &Connection, row: i64, host: &str) -> Result<bool> {
    let sql = "DELETE FROM aggregate_host WHERE aggregate = ?1 AND host = ?2";
    Ok(connection.prepare_cached(sql)?.execute((row, host))? > 0)
}

/// Removes an aggregate.
pub(super) fn delete(connection: &Connection, row: i64) -> Result<()> {
    connection.prepare_cached("DELETE FROM aggregate WHERE row = ?1")?.execute([row])?;
    Ok(())
}

fn whole(connection: &Connection, aggregate: Aggregate) -> Result<Aggregate> {
    let mut statement = connection
        .prepare_cached("SELECT host FROM aggregate_host WHERE aggregate = ?1 ORDER BY host")?;
    let hosts = statement.query_map([aggregate.row], |row| row.get(0))?;
    let hosts = hosts.collect::<rusqlite::Result<_>>()?;
    let mut statement = connection
        .prepare_cached("SELECT key, value FROM aggregate_metadata WHERE aggregate = ?1")?;
    let metadata = statement.query_map([aggregate.row], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let metadata = metadata.collect::<rusqlite::Result<BTreeMap<String, String>>>()?;
    Ok(Aggregate { hosts, metadata, ..aggregate })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Aggregate> {
    Ok(Aggregate {
        row: row.get("row")?,
        id: row.get("id")?,
        name: row.get("name")?,
        hosts: Vec::new(),
        metadata: BTreeMap::new(),
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
