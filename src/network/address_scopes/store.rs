//! The SQL of address scopes.

use kit::Result;
use kit::ids::{AddressScopeId, ProjectId};
use kit::policy::Guarded;
use rusqlite::{Connection, OptionalExtension, Row};

use super::model::AddressScope;
use crate::rbac_policies::model::Shares;

const SELECT: &str = "SELECT a.*, (SELECT json_group_array(target) FROM rbac_policy
        WHERE object = a.id AND action = 'access_as_shared') AS shares
    FROM address_scope a";

/// The scope, for whoever the rules allow.
pub(crate) fn get(
    connection: &Connection,
    id: &AddressScopeId,
) -> Result<Option<Guarded<AddressScope>>> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE a.id = ?1"))?
        .query_row([id], read)
        .optional()?
        .map(AddressScope::guarded))
}

/// Scopes of a project and those shared with it, all of them without a project.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<AddressScope>>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR a.project = ?1 OR a.id IN
            (SELECT object FROM rbac_policy WHERE target IN ('*', ?1)) ORDER BY a.rowid"
    ))?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(row?.guarded())).collect()
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, scope: &AddressScope) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO address_scope (id, project, name, ip_version) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((&scope.id, &scope.project, &scope.name, scope.ip_version))?;
    Ok(())
}

/// Gives it another name.
pub(crate) fn rename(connection: &Connection, id: &AddressScopeId, name: &str) -> Result<()> {
    connection
        .prepare_cached("UPDATE address_scope SET name = ?2 WHERE id = ?1")?
        .execute((id, name))?;
    Ok(())
}

/// Takes it away.
pub(crate) fn delete(connection: &Connection, id: &AddressScopeId) -> Result<()> {
    connection.prepare_cached("DELETE FROM address_scope WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<AddressScope> {
    Ok(AddressScope {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        ip_version: row.get("ip_version")?,
        shares: Shares::from_row(row, "shares")?,
    })
}
