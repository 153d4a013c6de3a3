//! The rules of EC2 credentials: check, decide, write.

use kit::error::Result;
use kit::ids::{ProjectId, UserId};
use kit::secret::Secret;
use rusqlite::Connection;
use serde_json::Value;

use crate::credentials::logic as credentials;
use crate::credentials::model::{Credential, EC2};
use crate::credentials::vault::Vault;
use crate::record::Attributes;

/// Random bytes of a key, written in hexadecimal.
const KEY: usize = 16;

/// A pair of keys, and whose it is.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// The user for whom it signs.
    pub user: UserId,
    /// Where.
    pub project: Option<ProjectId>,
    /// The public half.
    pub access: String,
    /// The secret half.
    pub secret: Secret,
}

impl KeyPair {
    /// What a credential of this type holds.
    pub(crate) fn of(credential: &Credential) -> Result<Self> {
        let keys = credentials::keys(&credential.blob)?;
        let text = |name: &str| keys.get(name).and_then(Value::as_str).unwrap_or_default();
        Ok(Self {
            user: credential.user_id.clone(),
            project: credential.project_id.clone(),
            access: text("access").to_owned(),
            secret: Secret::new(text("secret")),
        })
    }
}

/// Makes a pair for a user in a project.
pub(crate) fn create(
    db: &Connection,
    vault: &Vault,
    user: &UserId,
    project: &ProjectId,
) -> Result<KeyPair> {
    let key = || hex::encode(rand::random::<[u8; KEY]>());
    let pair = KeyPair {
        user: user.clone(),
        project: Some(project.clone()),
        access: key(),
        secret: Secret::new(key()),
    };
    let blob = Value::Object(blob(&pair)).to_string();
    let credential = Credential {
        id: credentials::id_of_access(&pair.access),
        kind: EC2.to_owned(),
        user_id: user.clone(),
        project_id: Some(project.clone()),
        blob: Secret::new(blob),
        extra: Attributes::new(),
    };
    credentials::create(db, vault, &credential)?;
    Ok(pair)
}

/// Keystone: there are no trusts here, but what reads it may look for one.
fn blob(pair: &KeyPair) -> Attributes {
    let text = |text: &str| Value::from(text);
    Attributes::from_iter([
        ("access".to_owned(), text(&pair.access)),
        ("secret".to_owned(), text(pair.secret.expose())),
        ("trust_id".to_owned(), Value::Null),
    ])
}
