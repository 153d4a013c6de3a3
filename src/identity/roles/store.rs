//! The SQL of roles and of what they imply.

use kit::error::Result;
use kit::ids::{DomainId, RoleId};
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::{Implication, Role};

const COLUMNS: &str = "id, name, domain_id, description, options, extra";

/// The role of this id.
pub(crate) fn get(db: &Connection, id: &RoleId) -> Result<Option<Role>> {
    let sql = format!("SELECT {COLUMNS} FROM role WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// The role of this name in a domain, or among the global ones.
pub(crate) fn get_by_name(
    db: &Connection,
    name: &str,
    domain: Option<&DomainId>,
) -> Result<Option<Role>> {
    let sql =
        format!("SELECT {COLUMNS} FROM role WHERE name = ?1 AND coalesce(domain_id, '') = ?2");
    let domain = domain.map_or("", DomainId::as_str);
    Ok(db.prepare_cached(&sql)?.query_row([name, domain], read).optional()?)
}

/// Every role, global or not.
pub(crate) fn list(db: &Connection) -> Result<Vec<Role>> {
    let sql = format!("SELECT {COLUMNS} FROM role ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a role.
pub(crate) fn insert(db: &Connection, role: &Role) -> Result<()> {
    let sql = format!("INSERT INTO role ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    db.prepare_cached(&sql)?.execute(params![
        role.id,
        role.name,
        role.domain_id,
        role.description,
        Json(&role.options),
        Json(&role.extra),
    ])?;
    Ok(())
}

/// Writes what may change of a role.
pub(crate) fn update(db: &Connection, role: &Role) -> Result<()> {
    db.prepare_cached(
        "UPDATE role SET name = ?2, description = ?3, options = ?4, extra = ?5 WHERE id = ?1",
    )?
    .execute(params![
        role.id,
        role.name,
        role.description,
        Json(&role.options),
        Json(&role.extra),
    ])?;
    Ok(())
}

/// Removes a role with its assignments and implications.
pub(crate) fn delete(db: &Connection, id: &RoleId) -> Result<()> {
    db.prepare_cached("DELETE FROM role WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Every implication, by prior role.
pub(crate) fn list_implications(db: &Connection) -> Result<Vec<Implication>> {
    let mut statement =
        db.prepare_cached("SELECT prior_role_id, implied_role_id FROM implied_role ORDER BY 1, 2")?;
    let rows = statement
        .query_map([], |row| Ok(Implication { prior: row.get(0)?, implied: row.get(1)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds an implication. False when it was there already.
pub(crate) fn insert_implication(db: &Connection, one: &Implication) -> Result<bool> {
    let sql = "INSERT OR IGNORE INTO implied_role (prior_role_id, implied_role_id) VALUES (?1, ?2)";
    Ok(db.prepare_cached(sql)?.execute((&one.prior, &one.implied))? > 0)
}

/// Removes an implication. False when there was none.
pub(crate) fn delete_implication(db: &Connection, one: &Implication) -> Result<bool> {
    let sql = "DELETE FROM implied_role WHERE prior_role_id = ?1 AND implied_role_id = ?2";
    Ok(db.prepare_cached(sql)?.execute((&one.prior, &one.implied))? > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Role> {
    Ok(Role {
        id: row.get("id")?,
        name: row.get("name")?,
        domain_id: row.get("domain_id")?,
        description: row.get("description")?,
        options: json_column(row, "options")?,
        extra: json_column(row, "extra")?,
    })
}
