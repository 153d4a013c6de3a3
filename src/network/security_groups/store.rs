//! The SQL of security groups.

use std::collections::HashMap;

use kit::Result;
use kit::clock::Time;
use kit::ids::{ProjectId, SecurityGroupId, ServerId};
use kit::policy::Guarded;
use kit::store::Json;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::SecurityGroup;
use crate::listing::store::Column::Is;
use crate::listing::store::Pages;
use crate::rbac_policies::model::Shares;
use crate::security_group_rules::store as rules;
use crate::standard::Standard;

/// What pages of the list are read from.
pub(crate) static PAGES: Pages = Pages {
    table: "security_group",
    seen: "+project = (SELECT project FROM caller) OR +id IN (SELECT object FROM rbac_policy
            WHERE target IN ('*', (SELECT project FROM caller)))",
    columns: &[
        ("name", Is("name")),
        ("description", Is("description")),
        ("stateful", Is("stateful")),
        (
            "shared",
            Is("EXISTS (SELECT 1 FROM rbac_policy
                WHERE object = security_group.id AND action = 'access_as_shared'
                    AND target IN ('*', (SELECT project FROM caller)))"),
        ),
    ],
};

const SELECT: &str = "SELECT s.*, (SELECT json_group_array(target) FROM rbac_policy
        WHERE object = s.id AND action = 'access_as_shared') AS shares
    FROM security_group s";

/// The group with its rules, for whoever the rules of policy allow.
pub(crate) fn get(
    connection: &Connection,
    id: &SecurityGroupId,
) -> Result<Option<Guarded<SecurityGroup>>> {
    Ok(get_for_system(connection, id)?.map(SecurityGroup::guarded))
}

/// The group with its rules, for other services' own rows.
pub(crate) fn get_for_system(
    connection: &Connection,
    id: &SecurityGroupId,
) -> Result<Option<SecurityGroup>> {
    let found = connection
        .prepare_cached(&format!("{SELECT} WHERE s.id = ?1"))?
        .query_row([id], read)
        .optional()?;
    let Some(mut group) = found else {
        return Ok(None);
    };
    group.rules = rules::of_group(connection, id)?;
    Ok(Some(group))
}

/// The groups of a project and those shared with it, with their rules; all of them without a
/// project.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<SecurityGroup>>> {
    let mut by_group = HashMap::new();
    for rule in rules::rows(connection, project)? {
        by_group.entry(rule.security_group.clone()).or_insert_with(Vec::new).push(rule);
    }
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR s.project = ?1 OR s.id IN
            (SELECT object FROM rbac_policy WHERE target IN ('*', ?1)) ORDER BY s.created_at, s.id"
    ))?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| {
        let mut group = row?;
        group.rules = match by_group.remove(&group.id) {
            Some(rules) => rules,
            None => rules::of_group(connection, &group.id)?,
        };
        Ok(group.guarded())
    })
    .collect()
}

/// The default group of a project, if it has one already.
pub(crate) fn default_of(
    connection: &Connection,
    project: &ProjectId,
) -> Result<Option<SecurityGroupId>> {
    Ok(connection
        .prepare_cached("SELECT id FROM security_group WHERE project = ?1 AND is_default")?
        .query_row([project], |row| row.get(0))
        .optional()?)
}

/// The ids of a project's groups that have this name or this id.
pub(crate) fn named(
    connection: &Connection,
    project: &ProjectId,
    name_or_id: &str,
) -> Result<Vec<SecurityGroupId>> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM security_group WHERE project = ?1 AND (id = ?2 OR name = ?2)
         ORDER BY id = ?2 DESC",
    )?;
    let rows = statement.query_map((project, name_or_id), |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Server and group name, for every port of these servers.
pub(crate) fn names_of_servers(
    connection: &Connection,
    servers: &[ServerId],
) -> Result<Vec<(ServerId, String)>> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT p.device_id, g.name FROM port p
         JOIN port_security_group pg ON pg.port = p.id
         JOIN security_group g ON g.id = pg.security_group
         WHERE p.device_id IN (SELECT value FROM json_each(?1)) ORDER BY g.name",
    )?;
    let rows = statement.query_map([Json(servers)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a port is in the group.
pub(crate) fn in_use(connection: &Connection, id: &SecurityGroupId) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM port_security_group WHERE security_group = ?1")?
        .exists([id])?)
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM security_group WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// Puts a new one in, with its rules.
pub(crate) fn insert(connection: &Connection, group: &SecurityGroup) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO security_group (id, project, name, description, stateful, is_default,
                tags, revision, created_at, updated_at)
             VALUES (:id, :project, :name, :description, :stateful, :is_default,
                :tags, :revision, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":id": group.id, ":project": group.project, ":name": group.name,
            ":description": group.description, ":stateful": group.stateful,
            ":is_default": group.is_default, ":tags": Json(&group.standard.tags),
            ":revision": group.standard.revision, ":created_at": group.standard.created_at,
            ":updated_at": group.standard.updated_at,
        })?;
    group.rules.iter().try_for_each(|rule| rules::insert(connection, rule))
}

/// Writes what may change, and counts the change.
pub(crate) fn update(connection: &Connection, group: &SecurityGroup, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE security_group SET name = ?2, description = ?3, stateful = ?4,
                revision = revision + 1, updated_at = ?5 WHERE id = ?1",
        )?
        .execute((&group.id, &group.name, &group.description, group.stateful, now))?;
    Ok(())
}

/// Counts a change of the group's rules.
pub(crate) fn touch(connection: &Connection, id: &SecurityGroupId, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE security_group SET revision = revision + 1, updated_at = ?2 WHERE id = ?1",
        )?
        .execute((id, now))?;
    Ok(())
}

/// Takes it away, with its rules.
pub(crate) fn delete(connection: &Connection, id: &SecurityGroupId) -> Result<()> {
    connection.prepare_cached("DELETE FROM security_group WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<SecurityGroup> {
    Ok(SecurityGroup {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        description: row.get("description")?,
        stateful: row.get("stateful")?,
        is_default: row.get("is_default")?,
        shares: Shares::from_row(row, "shares")?,
        rules: Vec::new(),
        standard: Standard::from_row(row)?,
    })
}
