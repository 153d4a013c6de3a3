//! The SQL of credentials. A blob is sealed and opened here, so no other file sees it sealed.

use kit::error::Result;
use kit::ids::{CredentialId, UserId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::Credential;
use super::vault::Vault;

const COLUMNS: &str = "id, type, user_id, project_id, blob, extra";

/// The credential of this id, as the operation's rule will open it.
pub(crate) fn get(
    db: &Connection,
    vault: &Vault,
    id: &CredentialId,
) -> Result<Option<Guarded<Credential>>> {
    let found = get_for_system(db, vault, id)?;
    Ok(found.map(|credential| {
        let target = credential.target();
        Guarded::new(credential, target)
    }))
}

/// The credential of this id, for tokens.
pub(crate) fn get_for_system(
    db: &Connection,
    vault: &Vault,
    id: &CredentialId,
) -> Result<Option<Credential>> {
    let sql = format!("SELECT {COLUMNS} FROM credential WHERE id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([id], read).optional()?;
    found.map(|(credential, sealed)| unsealed(vault, credential, &sealed)).transpose()
}

/// Every credential.
pub(crate) fn list(db: &Connection, vault: &Vault) -> Result<Vec<Credential>> {
    let sql = format!("SELECT {COLUMNS} FROM credential ORDER BY id");
    all(db, vault, &sql, params![])
}

/// A user's credentials of a type.
pub(crate) fn list_of_user(
    db: &Connection,
    vault: &Vault,
    user: &UserId,
    kind: &str,
) -> Result<Vec<Credential>> {
    let sql =
        format!("SELECT {COLUMNS} FROM credential WHERE user_id = ?1 AND type = ?2 ORDER BY rowid");
    all(db, vault, &sql, params![user, kind])
}

fn all(
    db: &Connection,
    vault: &Vault,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Credential>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(values, read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.into_iter().map(|(credential, sealed)| unsealed(vault, credential, &sealed)).collect()
}

/// Adds a credential.
pub(crate) fn insert(db: &Connection, vault: &Vault, credential: &Credential) -> Result<()> {
    let sql = format!("INSERT INTO credential ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    db.prepare_cached(&sql)?.execute(params![
        credential.id,
        credential.kind,
        credential.user_id,
        credential.project_id,
        vault.seal(&credential.id, &credential.blob)?,
        Json(&credential.extra),
    ])?;
    Ok(())
}

/// Writes what may change of a credential: what it holds.
pub(crate) fn update(db: &Connection, vault: &Vault, credential: &Credential) -> Result<()> {
    db.prepare_cached("UPDATE credential SET blob = ?2 WHERE id = ?1")?
        .execute(params![credential.id, vault.seal(&credential.id, &credential.blob)?])?;
    Ok(())
}

/// Removes a credential.
pub(crate) fn delete(db: &Connection, id: &CredentialId) -> Result<()> {
    db.prepare_cached("DELETE FROM credential WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn unsealed(vault: &Vault, credential: Credential, sealed: &[u8]) -> Result<Credential> {
    Ok(Credential { blob: vault.unseal(&credential.id, sealed)?, ..credential })
}

/// The row without what it holds, and that, sealed.
fn read(row: &Row<'_>) -> rusqlite::Result<(Credential, Vec<u8>)> {
    let credential = Credential {
        id: row.get("id")?,
        kind: row.get("type")?,
        user_id: row.get("user_id")?,
        project_id: row.get("project_id")?,
        blob: kit::secret::Secret::new(""),
        extra: json_column(row, "extra")?,
    };
    Ok((credential, row.get("blob")?))
}
