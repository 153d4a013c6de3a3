//! Counted resources and limits.
//!
//! Usage is counted inside the write closure that inserts. There is one writer, so the count is
//! exact: no reservations, no re-check, no drift.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::error::Result;
use crate::ids::{ProjectId, UserId};

/// What a limit belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A limit of the project.
    Project,
    /// A limit of each user (Nova's key pairs).
    User,
}

/// Counts what a project (or a user of it) has.
pub type Count = fn(&Connection, &ProjectId, &UserId) -> Result<i64>;

/// One counted resource: a row of a service's `quotas.rs`.
#[derive(Debug)]
pub struct Resource {
    /// The service's name, `compute`.
    pub service: &'static str,
    /// The resource's name, `instances`; also the option of `[quota]` with the default.
    pub name: &'static str,
    /// Whose limit it is.
    pub owner: Owner,
    /// Counts the usage; `None` for a limit on the size of one thing (`metadata_items`).
    pub count: Option<Count>,
}

/// A limit that would be passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// The resource.
    pub name: &'static str,
    /// How much was asked for.
    pub requested: i64,
    /// How much is there.
    pub used: i64,
    /// The limit.
    pub limit: i64,
}

/// Every counted resource, with the defaults of the settings.
pub struct Quotas {
    resources: Vec<&'static Resource>,
    defaults: BTreeMap<&'static str, i64>,
}

/// The limits table; part of the house's own migration.
pub const SCHEMA: &str = include_str!("schema.sql");

/// The quota class whose limits are everybody's defaults (Nova: `default`).
pub const DEFAULT_CLASS: &str = "default";

impl Quotas {
    /// `default_of` gives the option of `[quota]` for a resource's name.
    pub fn new(
        resources: &[&'static [Resource]],
        default_of: impl Fn(&'static str) -> i64,
    ) -> Self {
        let resources: Vec<_> = resources.iter().copied().flatten().collect();
        let defaults = resources.iter().map(|row| (row.name, default_of(row.name))).collect();
        Self { resources, defaults }
    }

    /// The resources of a service, in the order of its list.
    pub fn of(&self, service: &str) -> impl Iterator<Item = &'static Resource> {
        self.resources.iter().copied().filter(move |row| row.service == service)
    }

    /// Everybody's limit: the default class if an operator set it, else the setting.
    pub fn default_limit(&self, connection: &Connection, name: &str) -> Result<i64> {
        let class = find(connection, "class", DEFAULT_CLASS, name)?;
        Ok(class.or_else(|| self.defaults.get(name).copied()).unwrap_or(-1))
    }

    /// A project's limit; -1 means none.
    pub fn limit(&self, connection: &Connection, project: &ProjectId, name: &str) -> Result<i64> {
        match find(connection, "project", project.as_str(), name)? {
            Some(limit) => Ok(limit),
            None => self.default_limit(connection, name),
        }
    }

    /// What is used of a resource.
    pub fn usage(
        &self,
        connection: &Connection,
        project: &ProjectId,
        user: &UserId,
        name: &str,
    ) -> Result<i64> {
        let count = self.resources.iter().find(|row| row.name == name).and_then(|row| row.count);
        count.map_or(Ok(0), |count| count(connection, project, user))
    }

    /// The limits that `deltas` would pass, sorted by name; empty means go on.
    ///
    /// Call it inside the write closure, before the insert.
    pub fn check(
        &self,
        connection: &Connection,
        project: &ProjectId,
        user: &UserId,
        deltas: &[(&'static str, i64)],
    ) -> Result<Vec<Exceeded>> {
        let mut exceeded = Vec::new();
        for (name, requested) in deltas.iter().copied() {
            let limit = self.limit(connection, project, name)?;
            let in_use = self.usage(connection, project, user, name)?;
            if limit >= 0 && requested > 0 && in_use.saturating_add(requested) > limit {
                exceeded.push(Exceeded { name, requested, used: in_use, limit });
            }
        }
        exceeded.sort_by_key(|row| row.name);
        Ok(exceeded)
    }
}

/// Sets a project's limit.
pub fn set_limit(
    connection: &Connection,
    project: &ProjectId,
    name: &str,
    limit: i64,
) -> Result<()> {
    put(connection, "project", project.as_str(), name, limit)
}

/// Sets the limit of a quota class.
pub fn set_class_limit(connection: &Connection, class: &str, name: &str, limit: i64) -> Result<()> {
    put(connection, "class", class, name, limit)
}

/// The limit that a quota class itself sets, if any.
pub fn class_limit(connection: &Connection, class: &str, name: &str) -> Result<Option<i64>> {
    find(connection, "class", class, name)
}

/// Gives a project the defaults again for these resources.
pub fn forget_limits(connection: &Connection, project: &ProjectId, names: &[&str]) -> Result<()> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM quota_limit WHERE owner_kind = 'project' AND owner = ?1 AND resource = ?2",
    )?;
    for name in names {
        delete.execute((project, name))?;
    }
    Ok(())
}

fn put(connection: &Connection, kind: &str, owner: &str, name: &str, limit: i64) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO quota_limit (owner_kind, owner, resource, maximum) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (owner_kind, owner, resource) DO UPDATE SET maximum = excluded.maximum",
        )?
        .execute((kind, owner, name, limit))?;
    Ok(())
}

fn find(connection: &Connection, kind: &str, owner: &str, name: &str) -> Result<Option<i64>> {
    use rusqlite::OptionalExtension;
    Ok(connection
        .prepare_cached(
            "SELECT maximum FROM quota_limit
             WHERE owner_kind = ?1 AND owner = ?2 AND resource = ?3",
        )?
        .query_row((kind, owner, name), |row| row.get(0))
        .optional()?)
}
