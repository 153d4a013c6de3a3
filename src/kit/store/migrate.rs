//! Applies the migrations of all services in order of number. Plain SQL, never edited.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::error::{Error, Result};

/// One step of the schema; `src/<service>/migrations/NNNN_what.sql`. Numbers are unique in the
/// whole house and only grow.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The NNNN of the file's name.
    pub number: u32,
    /// The SQL.
    pub sql: &'static str,
}

pub(super) fn run(connection: &mut Connection, migrations: &[Migration]) -> Result<()> {
    let mut sorted = migrations.to_vec();
    sorted.sort_by_key(|migration| migration.number);
    if let Some(twice) = sorted.windows(2).find_map(|pair| match pair {
        [a, b] if a.number == b.number => Some(a.number),
        _ => None,
    }) {
        return Err(Error::internal(format!("two migrations have the number {twice}")));
    }
    let steps: Vec<M<'_>> = sorted.iter().map(|migration| M::up(migration.sql)).collect();
    Migrations::new(steps).to_latest(connection).map_err(|error| {
        Error::internal(format!(
            "the database cannot be brought to this version: {error}; was it made by a newer one?"
        ))
    })
}
