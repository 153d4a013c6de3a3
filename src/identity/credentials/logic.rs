//! The rules of credentials: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::{CredentialId, ProjectId, UserId};
use kit::secret::Secret;
use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::model::{Credential, EC2};
use super::store;
use super::vault::Vault;
use crate::record::Attributes;
use crate::sentences::{conflict, expecting, not_found as sentence};

/// What narrows the tokens of a credential; it never changes.
const SCOPE: &[&str] = &["trust_id", "app_cred_id", "access_token_id", "access_id"];

/// Keystone's sentence for a credential that is not there.
pub(crate) fn not_found(id: &CredentialId) -> Error {
    sentence("credential", id)
}

/// The id of the EC2 credential with this access key.
pub(crate) fn id_of_access(access: &str) -> CredentialId {
    CredentialId::from(hex::encode(Sha256::digest(access)))
}

/// A new credential of these attributes.
pub(crate) fn new(mut given: Attributes) -> Result<Credential> {
    let mut text = |name: &str| match given.shift_remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let kind = text("type").unwrap_or_default();
    let user_id = UserId::from(text("user_id").unwrap_or_default());
    let project_id = text("project_id").map(ProjectId::from);
    let blob = Secret::new(text("blob").unwrap_or_default());
    drop(text("id"));
    let id = if is_ec2(&kind) {
        if project_id.is_none() {
            return Err(Error::bad_request("'project_id' is a required property"));
        }
        let access = keys(&blob)?.get("access").map(as_text).unwrap_or_default();
        id_of_access(&access)
    } else {
        CredentialId::random()
    };
    Ok(Credential { id, kind, user_id, project_id, blob, extra: given })
}

/// Adds a credential.
pub(crate) fn create(db: &Connection, vault: &Vault, credential: &Credential) -> Result<()> {
    if store::get_for_system(db, vault, &credential.id)?.is_some() {
        let details = format!("Duplicate entry found with ID {}", credential.id);
        return Err(conflict("credential", details));
    }
    store::insert(db, vault, credential)
}

/// Changes what a credential holds.
pub(crate) fn update(
    db: &Connection,
    vault: &Vault,
    old: Credential,
    blob: Secret,
) -> Result<Credential> {
    if is_ec2(&old.kind) {
        let (before, after) = (keys(&old.blob)?, keys(&blob)?);
        if let Some(name) = SCOPE.iter().find(|name| before.get(**name) != after.get(**name)) {
            let sentence = format!("{name} can not be updated for credential");
            return Err(Error::bad_request(sentence));
        }
    }
    let new = Credential { blob, ..old };
    store::update(db, vault, &new)?;
    Ok(new)
}

fn is_ec2(kind: &str) -> bool {
    kind.eq_ignore_ascii_case(EC2)
}

/// What the blob of an EC2 credential says.
pub(crate) fn keys(blob: &Secret) -> Result<Attributes> {
    let value: Value = serde_json::from_str(blob.expose())
        .map_err(|_| Error::bad_request("Invalid blob in credential"))?;
    let Value::Object(keys) = value else {
        return Err(expecting("blob", "credential"));
    };
    match keys.get("access") {
        _ if keys.is_empty() => Err(expecting("blob", "credential")),
        None | Some(Value::Null) => Err(expecting("access", "credential")),
        Some(_) => Ok(keys),
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
