//! The SQL of key pairs.

use kit::error::Result;
use kit::ids::UserId;
use kit::policy::{Guarded, Target};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{Keypair, Query};

const COLUMNS: &str = "row, user, name, type, public_key, fingerprint, created_at";

/// The user's key pair of this name.
pub(crate) fn get(
    connection: &Connection,
    user: &UserId,
    name: &str,
) -> Result<Option<Guarded<Keypair>>> {
    let target = Target::none().with("user_id", user);
    let keypair = get_for_system(connection, user, name)?;
    Ok(keypair.map(|keypair| Guarded::new(keypair, target)))
}

/// The user's key pair of this name, for the user's servers.
pub(crate) fn get_for_system(
    connection: &Connection,
    user: &UserId,
    name: &str,
) -> Result<Option<Keypair>> {
    let sql = format!("SELECT {COLUMNS} FROM keypair WHERE user = ?1 AND name = ?2");
    Ok(connection.prepare_cached(&sql)?.query_row((user, name), read).optional()?)
}

/// Whether the user has a key pair of this name.
pub(crate) fn exists(connection: &Connection, user: &UserId, name: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM keypair WHERE user = ?1 AND name = ?2";
    Ok(connection.prepare_cached(sql)?.exists((user, name))?)
}

/// One page. An unknown marker is `None`.
pub(crate) fn list(connection: &Connection, query: &Query) -> Result<Option<Vec<Keypair>>> {
    if let Some(marker) = &query.marker
        && !exists(connection, &query.user, marker)?
    {
        return Ok(None);
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM keypair
         WHERE user = :user AND (:marker IS NULL OR name > :marker)
         ORDER BY name LIMIT :limit"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(
        named_params! { ":user": query.user, ":marker": query.marker, ":limit": query.limit },
        read,
    )?;
    Ok(Some(rows.collect::<rusqlite::Result<_>>()?))
}

/// How many key pairs the user has.
pub(crate) fn count(connection: &Connection, user: &UserId) -> Result<i64> {
    let sql = "SELECT count(*) FROM keypair WHERE user = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([user], |row| row.get(0))?)
}

/// Adds a key pair.
pub(crate) fn insert(connection: &Connection, keypair: &Keypair) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO keypair (user, name, type, public_key, fingerprint, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            &keypair.user,
            &keypair.name,
            keypair.key_type,
            &keypair.public_key,
            &keypair.fingerprint,
            keypair.created_at,
        ))?;
    Ok(())
}

/// Removes a key pair; servers keep what was written into them. False when there was none.
pub(crate) fn delete(connection: &Connection, user: &UserId, name: &str) -> Result<bool> {
    let sql = "DELETE FROM keypair WHERE user = ?1 AND name = ?2";
    Ok(connection.prepare_cached(sql)?.execute((user, name))? > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Keypair> {
    Ok(Keypair {
        row: row.get("row")?,
        user: row.get("user")?,
        name: row.get("name")?,
        key_type: row.get("type")?,
        public_key: row.get("public_key")?,
        fingerprint: row.get("fingerprint")?,
        created_at: row.get("created_at")?,
    })
}
