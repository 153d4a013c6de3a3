//! The SQL of address groups.

use kit::Result;
use kit::clock::Time;
use kit::ids::{AddressGroupId, ProjectId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row};

use super::model::AddressGroup;
use crate::rbac_policies::model::Shares;

const SELECT: &str = "SELECT a.*, (SELECT json_group_array(target) FROM rbac_policy
        WHERE object = a.id AND action = 'access_as_shared') AS shares
    FROM address_group a";

/// The group, for whoever the rules allow.
pub(crate) fn get(
    connection: &Connection,
    id: &AddressGroupId,
) -> Result<Option<Guarded<AddressGroup>>> {
    Ok(get_for_system(connection, id)?.map(AddressGroup::guarded))
}

/// The group, for the filters of guests.
pub(crate) fn get_for_system(
    connection: &Connection,
    id: &AddressGroupId,
) -> Result<Option<AddressGroup>> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE a.id = ?1"))?
        .query_row([id], read)
        .optional()?)
}

/// Groups of a project and those shared with it, all of them without a project.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<AddressGroup>>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR a.project = ?1 OR a.id IN
            (SELECT object FROM rbac_policy WHERE target IN ('*', ?1)) ORDER BY a.created_at, a.id"
    ))?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(row?.guarded())).collect()
}

/// Whether a rule names the group.
pub(crate) fn in_use(connection: &Connection, id: &AddressGroupId) -> Result<bool> {
    let sql = "SELECT 1 FROM security_group_rule WHERE remote_address_group = ?1";
    Ok(connection.prepare_cached(sql)?.exists([id])?)
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, group: &AddressGroup) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO address_group (id, project, name, description, addresses, revision,
                created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            &group.id,
            &group.project,
            &group.name,
            &group.description,
            Json(&group.addresses),
            group.revision,
            group.created_at,
            group.updated_at,
        ))?;
    Ok(())
}

/// Writes what may change, and counts the change.
pub(crate) fn update(connection: &Connection, group: &AddressGroup, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE address_group SET name = ?2, description = ?3, addresses = ?4,
                revision = revision + 1, updated_at = ?5 WHERE id = ?1",
        )?
        .execute((&group.id, &group.name, &group.description, Json(&group.addresses), now))?;
    Ok(())
}

/// Takes it away.
pub(crate) fn delete(connection: &Connection, id: &AddressGroupId) -> Result<()> {
    connection.prepare_cached("DELETE FROM address_group WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<AddressGroup> {
    Ok(AddressGroup {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        description: row.get("description")?,
        addresses: json_column(row, "addresses")?,
        shares: Shares::from_row(row, "shares")?,
        revision: row.get("revision")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
