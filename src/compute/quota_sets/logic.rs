//! The rules of quota sets: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::{ProjectId, UserId};
use kit::quota::{self, Owner, Resource};
use rusqlite::Connection;

use super::model::{Quota, Quotas, Update};
use crate::SERVICE;
use crate::projects;

/// Every limit of a project with its usage.
pub(crate) fn of_project(
    connection: &Connection,
    quotas: &quota::Quotas,
    project: &ProjectId,
) -> Result<Quotas> {
    let one = |row: &'static Resource| {
        let limit = quotas.limit(connection, project, row.name)?;
        Ok((row.name, Quota { limit, in_use: in_use(connection, quotas, project, row)? }))
    };
    quotas.of(SERVICE.name).map(one).collect()
}

/// The same of a project that somebody names; it must exist.
pub(crate) fn of_named_project(
    connection: &Connection,
    quotas: &quota::Quotas,
    project: &ProjectId,
) -> Result<Quotas> {
    projects::verify(connection, project)?;
    of_project(connection, quotas, project)
}

/// The limits of a project that has none of its own.
pub(crate) fn defaults(
    connection: &Connection,
    quotas: &quota::Quotas,
    project: &ProjectId,
) -> Result<Quotas> {
    projects::verify(connection, project)?;
    let one = |row: &'static Resource| {
        let limit = quotas.default_limit(connection, row.name)?;
        Ok((row.name, Quota { limit, in_use: 0 }))
    };
    quotas.of(SERVICE.name).map(one).collect()
}

/// Sets limits of a project, all of them or none. The limits afterwards.
pub(crate) fn update(
    connection: &Connection,
    quotas: &quota::Quotas,
    project: &ProjectId,
    update: &Update,
) -> Result<Quotas> {
    let before = of_named_project(connection, quotas, project)?;
    for (name, limit) in &update.limits {
        let used = before.get(name.as_str()).map_or(0, |quota| quota.in_use);
        if !update.force && (0..used).contains(limit) {
            return Err(Error::bad_request(format!(
                "Quota limit {limit} for {name} must be greater than or equal to already used and \
                 reserved {used}."
            )));
        }
        quota::set_limit(connection, project, name, *limit)?;
    }
    of_project(connection, quotas, project)
}

/// Gives a project the defaults again. Nova does not ask whether the project exists.
pub(crate) fn delete(
    connection: &Connection,
    quotas: &quota::Quotas,
    project: &ProjectId,
) -> Result<()> {
    let names: Vec<&str> = quotas.of(SERVICE.name).map(|row| row.name).collect();
    quota::forget_limits(connection, project, &names)
}

/// Nova: what belongs to users counts as nothing for their project.
fn in_use(
    connection: &Connection,
    quotas: &quota::Quotas,
    project: &ProjectId,
    row: &Resource,
) -> Result<i64> {
    match row.owner {
        Owner::Project => quotas.usage(connection, project, &UserId::from(""), row.name),
        Owner::User => Ok(0),
    }
}
