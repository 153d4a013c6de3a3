//! The SQL of application credentials.

use kit::error::Result;
use kit::ids::{ApplicationCredentialId, ProjectId, RoleId, UserId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::ApplicationCredential;

const COLUMNS: &str = "id, name, description, user_id, project_id, expires_at, unrestricted";

/// The credential of this id.
pub(crate) fn get(
    db: &Connection,
    id: &ApplicationCredentialId,
) -> Result<Option<ApplicationCredential>> {
    let sql = format!("SELECT {COLUMNS} FROM application_credential WHERE id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([id], read).optional()?;
    found.map(|credential| with_roles(db, credential)).transpose()
}

/// The user's credential of this name.
pub(crate) fn get_by_name(
    db: &Connection,
    name: &str,
    user: &UserId,
) -> Result<Option<ApplicationCredential>> {
    let sql =
        format!("SELECT {COLUMNS} FROM application_credential WHERE name = ?1 AND user_id = ?2");
    let found = db.prepare_cached(&sql)?.query_row([name, user.as_str()], read).optional()?;
    found.map(|credential| with_roles(db, credential)).transpose()
}

/// The hash of the credential's secret.
pub(crate) fn get_secret_hash(
    db: &Connection,
    id: &ApplicationCredentialId,
) -> Result<Option<String>> {
    let sql = "SELECT secret_hash FROM application_credential WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}

/// Every credential of a user.
pub(crate) fn list(db: &Connection, user: &UserId) -> Result<Vec<ApplicationCredential>> {
    let sql =
        format!("SELECT {COLUMNS} FROM application_credential WHERE user_id = ?1 ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([user], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter().map(|credential| with_roles(db, credential)).collect()
}

/// Adds a credential.
pub(crate) fn insert(
    db: &Connection,
    credential: &ApplicationCredential,
    secret_hash: &str,
) -> Result<()> {
    let sql = format!(
        "INSERT INTO application_credential ({COLUMNS}, secret_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    );
    db.prepare_cached(&sql)?.execute(params![
        credential.id,
        credential.name,
        credential.description,
        credential.user_id,
        credential.project_id,
        credential.expires_at,
        credential.unrestricted,
        secret_hash,
    ])?;
    let mut role = db.prepare_cached(
        "INSERT INTO application_credential_role (credential_id, role_id) VALUES (?1, ?2)",
    )?;
    for id in &credential.roles {
        role.execute(params![credential.id, id])?;
    }
    Ok(())
}

/// Removes a credential. False when there was none.
pub(crate) fn delete(db: &Connection, id: &ApplicationCredentialId) -> Result<bool> {
    Ok(db.prepare_cached("DELETE FROM application_credential WHERE id = ?1")?.execute([id])? > 0)
}

/// Removes what a user made for a project, when the user lost a role there.
pub(crate) fn delete_of_user_in_project(
    db: &Connection,
    user: &UserId,
    project: &ProjectId,
) -> Result<()> {
    let sql = "DELETE FROM application_credential WHERE user_id = ?1 AND project_id = ?2";
    db.prepare_cached(sql)?.execute(params![user, project])?;
    Ok(())
}

fn with_roles(db: &Connection, credential: ApplicationCredential) -> Result<ApplicationCredential> {
    let mut statement = db.prepare_cached(
        "SELECT role_id FROM application_credential_role WHERE credential_id = ?1 ORDER BY role_id",
    )?;
    let roles: Vec<RoleId> = statement
        .query_map([&credential.id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(ApplicationCredential { roles, ..credential })
}

fn read(row: &Row<'_>) -> rusqlite::Result<ApplicationCredential> {
    Ok(ApplicationCredential {
        id: row.get("id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        user_id: row.get("user_id")?,
        project_id: row.get("project_id")?,
        expires_at: row.get("expires_at")?,
        unrestricted: row.get("unrestricted")?,
        roles: Vec::new(),
    })
}
