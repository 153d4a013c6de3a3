//! The rules of key pairs: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::{ProjectId, UserId};
use kit::quota::Quotas;
use rusqlite::Connection;

use super::keys;
use super::model::{KeyType, Keypair};
use super::store;

/// Nova's sentence for a key pair that is not there.
pub(crate) fn not_found(user: &UserId, name: &str) -> Error {
    Error::not_found(format!("Keypair {name} not found for user {user}"))
}

/// The fingerprint of a key that a user brings; says what is wrong with a bad one.
pub(crate) fn fingerprint(key_type: KeyType, public_key: &str) -> Result<String> {
    let outcome = match key_type {
        KeyType::Ssh => keys::ssh_fingerprint(public_key),
        KeyType::X509 => keys::x509_fingerprint(public_key),
    };
    outcome.map_err(|why| Error::bad_request(format!("Keypair data is invalid: {why}")))
}

/// Adds a key pair, within the user's quota (counted in the project that asks).
pub(crate) fn create(
    connection: &Connection,
    quotas: &Quotas,
    project: &ProjectId,
    keypair: &Keypair,
) -> Result<()> {
    let exceeded = quotas.check(connection, project, &keypair.user, &[("key_pairs", 1)])?;
    if !exceeded.is_empty() {
        return Err(Error::quota("Quota exceeded, too many key pairs."));
    }
    if store::exists(connection, &keypair.user, &keypair.name)? {
        return Err(Error::conflict(format!("Key pair '{}' already exists.", keypair.name)));
    }
    store::insert(connection, keypair)
}

/// Removes a key pair.
pub(crate) fn delete(connection: &Connection, user: &UserId, name: &str) -> Result<()> {
    if store::delete(connection, user, name)? { Ok(()) } else { Err(not_found(user, name)) }
}
