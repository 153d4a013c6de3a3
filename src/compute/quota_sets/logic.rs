//! The rules of quota sets: check, decide, write.

use kit::error::{Error, Result};
use kit::quota::{self, Owner, Resource};
use rusqlite::Connection;

use super::model::{Holder, Quota, Quotas, Update};
use crate::SERVICE;
use crate::projects;

/// Every limit of a holder with its usage.
pub(crate) fn of(
    connection: &Connection,
    quotas: &quota::Quotas,
    holder: &Holder,
) -> Result<Quotas> {
    let one = |row: &'static Resource| {
        let limit = limit(connection, quotas, holder, row.name)?;
        Ok((row.name, Quota { limit, in_use: in_use(connection, quotas, holder, row)? }))
    };
    quotas.of(SERVICE.name).map(one).collect()
}

/// The same of a project that somebody names; it must exist.
pub(crate) fn of_named(
    connection: &Connection,
    quotas: &quota::Quotas,
    holder: &Holder,
) -> Result<Quotas> {
    projects::verify(connection, &holder.project)?;
    of(connection, quotas, holder)
}

/// The limits of a project that has none of its own.
pub(crate) fn defaults(
    connection: &Connection,
    quotas: &quota::Quotas,
    holder: &Holder,
) -> Result<Quotas> {
    projects::verify(connection, &holder.project)?;
    let one = |row: &'static Resource| {
        let limit = quotas.default_limit(connection, row.name)?;
        Ok((row.name, Quota { limit, in_use: 0 }))
    };
    quotas.of(SERVICE.name).map(one).collect()
}

/// Sets limits, all of them or none. The limits afterwards.
pub(crate) fn update(
    connection: &Connection,
    quotas: &quota::Quotas,
    holder: &Holder,
    update: &Update,
) -> Result<Quotas> {
    let before = of_named(connection, quotas, holder)?;
    for (name, limit) in &update.limits {
        let quota = before.get(name.as_str()).copied().unwrap_or_default();
        if !update.force {
            check_range(connection, quotas, holder, name, *limit, quota)?;
        }
        match &holder.user {
            Some(user) => {
                quota::set_user_limit(connection, &holder.project, user, name, *limit)?;
            }
            None => quota::set_limit(connection, &holder.project, name, *limit)?,
        }
    }
    of(connection, quotas, holder)
}

/// Gives a holder the defaults again. Nova does not ask whether the project exists.
pub(crate) fn delete(
    connection: &Connection,
    quotas: &quota::Quotas,
    holder: &Holder,
) -> Result<()> {
    let names: Vec<&str> = quotas.of(SERVICE.name).map(|row| row.name).collect();
    match &holder.user {
        Some(user) => quota::forget_user_limits(connection, &holder.project, user, &names),
        None => quota::forget_limits(connection, &holder.project, &names),
    }
}

/// At least what is used, or given away to users; for a user at most what the project has left.
fn check_range(
    connection: &Connection,
    quotas: &quota::Quotas,
    holder: &Holder,
    name: &str,
    limit: i64,
    quota: Quota,
) -> Result<()> {
    let granted = quota::granted(connection, &holder.project, name)?;
    let of_project = quotas.limit(connection, &holder.project, name)?;
    let (least, most) = match &holder.user {
        Some(user) => {
            let own = quotas.user_limit(connection, &holder.project, user, name)?;
            (quota.in_use, unlimited(of_project, of_project - granted + own.unwrap_or(0).max(0)))
        }
        None => (quota.in_use.max(granted), -1),
    };
    let refused = |bound: &str, number: i64| {
        let sentence = format!("Quota limit {limit} for {name} must be {bound} {number}.");
        Err(Error::bad_request(sentence))
    };
    if (0..least).contains(&limit) {
        return refused("greater than or equal to already used and reserved", least);
    }
    if most >= 0 && (limit < 0 || limit > most) {
        return refused("less than or equal to", most);
    }
    Ok(())
}

/// Without a limit nothing runs out.
fn unlimited(limit: i64, rest: i64) -> i64 {
    if limit < 0 { -1 } else { rest.max(0) }
}

fn limit(
    connection: &Connection,
    quotas: &quota::Quotas,
    holder: &Holder,
    name: &str,
) -> Result<i64> {
    let own = match &holder.user {
        Some(user) => quotas.user_limit(connection, &holder.project, user, name)?,
        None => None,
    };
    own.map_or_else(|| quotas.limit(connection, &holder.project, name), Ok)
}

/// Nova: what belongs to users counts as nothing for their project.
fn in_use(
    connection: &Connection,
    quotas: &quota::Quotas,
    holder: &Holder,
    row: &Resource,
) -> Result<i64> {
    let user = holder.user.clone().unwrap_or_else(quota::everybody);
    match row.owner {
        Owner::Project => quotas.usage(connection, &holder.project, &user, row.name),
        Owner::User => Ok(0),
    }
}
