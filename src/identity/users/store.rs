//! The SQL of users. Password hashes are columns of their own calls: no row carries one about.

use kit::error::Result;
use kit::ids::{DomainId, UserId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::User;

const COLUMNS: &str = "id, name, domain_id, enabled, default_project_id, options, extra";

/// The user of this id, as the operation's rule will open it.
pub(crate) fn get(db: &Connection, id: &UserId) -> Result<Option<Guarded<User>>> {
    let found = get_for_system(db, id)?;
    Ok(found.map(|user| {
        let target = user.target();
        Guarded::new(user, target)
    }))
}

/// The user of this id, for tokens and for other resources.
pub(crate) fn get_for_system(db: &Connection, id: &UserId) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM user WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// The user of this name in a domain.
pub(crate) fn get_by_name(db: &Connection, name: &str, domain: &DomainId) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM user WHERE name = ?1 AND domain_id = ?2");
    Ok(db.prepare_cached(&sql)?.query_row([name, domain.as_str()], read).optional()?)
}

/// The hash of the user's password; none where the user has no password.
pub(crate) fn get_password_hash(db: &Connection, id: &UserId) -> Result<Option<String>> {
    let sql = "SELECT password_hash FROM user WHERE id = ?1";
    let hash = db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
    Ok(hash.flatten())
}

/// Every user.
pub(crate) fn list(db: &Connection) -> Result<Vec<User>> {
    let sql = format!("SELECT {COLUMNS} FROM user ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a user.
pub(crate) fn insert(db: &Connection, user: &User, password_hash: Option<&str>) -> Result<()> {
    let sql = format!(
        "INSERT INTO user ({COLUMNS}, password_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    );
    db.prepare_cached(&sql)?.execute(params![
        user.id,
        user.name,
        user.domain_id,
        user.enabled,
        user.default_project_id,
        Json(&user.options),
        Json(&user.extra),
        password_hash,
    ])?;
    Ok(())
}

/// Writes what may change of a user but the password.
pub(crate) fn update(db: &Connection, user: &User) -> Result<()> {
    db.prepare_cached(
        "UPDATE user SET name = ?2, enabled = ?3, default_project_id = ?4, options = ?5,
             extra = ?6 WHERE id = ?1",
    )?
    .execute(params![
        user.id,
        user.name,
        user.enabled,
        user.default_project_id,
        Json(&user.options),
        Json(&user.extra),
    ])?;
    Ok(())
}

/// Sets or takes away the password.
pub(crate) fn update_password_hash(
    db: &Connection,
    id: &UserId,
    password_hash: Option<&str>,
) -> Result<()> {
    db.prepare_cached("UPDATE user SET password_hash = ?2 WHERE id = ?1")?
        .execute(params![id, password_hash])?;
    Ok(())
}

/// Removes a user with its assignments and credentials.
pub(crate) fn delete(db: &Connection, id: &UserId) -> Result<()> {
    db.prepare_cached("DELETE FROM user WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get("id")?,
        name: row.get("name")?,
        domain_id: row.get("domain_id")?,
        enabled: row.get("enabled")?,
        default_project_id: row.get("default_project_id")?,
        options: json_column(row, "options")?,
        extra: json_column(row, "extra")?,
    })
}
