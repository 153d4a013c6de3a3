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

/// Counts what a project has, or what one user of it has; see [`everybody`].
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

/// In the place of a user: all users of the project together.
pub fn everybody() -> UserId {
    UserId::from("")
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

    /// The limit that a user has in a project, if one was set.
    pub fn user_limit(
        &self,
        connection: &Connection,
        project: &ProjectId,
        user: &UserId,
        name: &str,
    ) -> Result<Option<i64>> {
        find(connection, "user", &owner(project, user), name)
    }

    /// What is used of a resource, by one user of the project or by [`everybody`].
    pub fn usage(
        &self,
        connection: &Connection,
        project: &ProjectId,
        user: &UserId,
        name: &str,
    ) -> Result<i64> {
        let count = self.resource(name).and_then(|row| row.count);
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
        for (name, requested) in deltas.iter().copied().filter(|(_, requested)| *requested > 0) {
            let bounds = self.bounds(connection, project, user, name)?;
            exceeded.extend(bounds.into_iter().find_map(|(used, limit)| {
                let passed = limit >= 0 && used.saturating_add(requested) > limit;
                passed.then_some(Exceeded { name, requested, used, limit })
            }));
        }
        exceeded.sort_by_key(|row| row.name);
        Ok(exceeded)
    }

    /// Usage and limit of whoever is bound: the user, if the limit is the user's, and the project.
    fn bounds(
        &self,
        connection: &Connection,
        project: &ProjectId,
        user: &UserId,
        name: &'static str,
    ) -> Result<Vec<(i64, i64)>> {
        let of_project = self.limit(connection, project, name)?;
        let of_user = self.user_limit(connection, project, user, name)?;
        let own = || self.usage(connection, project, user, name);
        let all = || self.usage(connection, project, &everybody(), name);
        if self.resource(name).is_some_and(|row| row.owner == Owner::User) {
            return Ok(vec![(own()?, of_user.unwrap_or(of_project))]);
        }
        match of_user {
            Some(limit) => Ok(vec![(own()?, limit), (all()?, of_project)]),
            None => Ok(vec![(all()?, of_project)]),
        }
    }

    fn resource(&self, name: &str) -> Option<&'static Resource> {
        self.resources.iter().copied().find(|row| row.name == name)
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

/// Sets the limit of a user in a project.
pub fn set_user_limit(
    connection: &Connection,
    project: &ProjectId,
    user: &UserId,
    name: &str,
    limit: i64,
) -> Result<()> {
    put(connection, "user", &owner(project, user), name, limit)
}

/// How much of a project's limit is given away to users of it.
pub fn granted(connection: &Connection, project: &ProjectId, name: &str) -> Result<i64> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce(sum(maximum), 0) FROM quota_limit
             WHERE owner_kind = 'user' AND owner >= ?1 || '/' AND owner < ?1 || '0'
               AND resource = ?2 AND maximum > 0",
        )?
        .query_row((project, name), |row| row.get(0))?)
}

/// Sets the limit of a quota class.
pub fn set_class_limit(connection: &Connection, class: &str, name: &str, limit: i64) -> Result<()> {
    put(connection, "class", class, name, limit)
}

/// The limit that a quota class itself sets, if any.
pub fn class_limit(connection: &Connection, class: &str, name: &str) -> Result<Option<i64>> {
    find(connection, "class", class, name)
}

/// The projects with a limit of their own for one of these resources.
pub fn projects_with_limits(connection: &Connection, names: &[&str]) -> Result<Vec<ProjectId>> {
    let mut select = connection.prepare_cached(
        "SELECT DISTINCT owner FROM quota_limit WHERE owner_kind = 'project'
         AND resource IN (SELECT value FROM json_each(?1)) ORDER BY owner",
    )?;
    let rows = select.query_map([crate::store::Json(names)], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Gives a project, and the users of it, the defaults again for these resources.
pub fn forget_limits(connection: &Connection, project: &ProjectId, names: &[&str]) -> Result<()> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM quota_limit WHERE resource = ?2
         AND ((owner_kind = 'project' AND owner = ?1)
              OR (owner_kind = 'user' AND owner >= ?1 || '/' AND owner < ?1 || '0'))",
    )?;
    for name in names {
        delete.execute((project, name))?;
    }
    Ok(())
}

/// Gives a user the limits of the project again.
pub fn forget_user_limits(
    connection: &Connection,
    project: &ProjectId,
    user: &UserId,
    names: &[&str],
) -> Result<()> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM quota_limit WHERE owner_kind = 'user' AND owner = ?1 AND resource = ?2",
    )?;
    for name in names {
        delete.execute((owner(project, user), name))?;
    }
    Ok(())
}

/// The owner of a user's limit. Ids have no slash, and `0` is what follows it in the alphabet.
fn owner(project: &ProjectId, user: &UserId) -> String {
    format!("{project}/{user}")
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
