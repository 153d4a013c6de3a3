//! Method `ec2credential`: a request that an EC2 credential signed (Keystone:
//! `api/_shared/EC2_S3_Resource.py`). A token made so stands for less than its user.

mod signature;

use std::collections::BTreeMap;

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::{ApplicationCredentialId, ProjectId, UserId};
use rusqlite::Connection;
use serde_json::Value;

use crate::credentials::logic as credentials;
use crate::credentials::model::EC2;
use crate::credentials::store;
use crate::credentials::vault::Vault;
use crate::sentences::{not_found, unauthorized};

/// How old a signed request may be, seconds (Keystone: `[credential] auth_ttl`).
const MAX_AGE: i64 = 15 * 60;

/// A request as it came, and by whom it says that it was signed.
#[derive(Clone, Debug, Default)]
pub struct SignedRequest {
    /// The access key.
    pub access: String,
    /// The signature.
    pub signature: String,
    /// `GET`.
    pub verb: String,
    /// The host that the client addressed, with its port if it named one.
    pub host: String,
    /// The path.
    pub path: String,
    /// The parameters that were signed: of the query, and for version 2 of a form; without
    /// `Signature`.
    pub params: BTreeMap<String, String>,
    /// The headers, for version 4.
    pub headers: BTreeMap<String, String>,
    /// SHA-256 of the body in hexadecimal, for version 4.
    pub body_hash: String,
}

impl SignedRequest {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// When it says that it was signed.
    fn signed_at(&self) -> Option<&str> {
        let param = |name: &str| self.params.get(name).map(String::as_str);
        param("Timestamp").or_else(|| self.header("X-Amz-Date")).or_else(|| param("X-Amz-Date"))
    }
}

/// Who signed a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signer {
    pub(crate) user: UserId,
    pub(crate) project: ProjectId,
    /// The credential that narrows what the signer may.
    pub(crate) application_credential: Option<ApplicationCredentialId>,
}

/// Who signed, if the signature is good and not too old.
pub(crate) fn prove(
    db: &Connection,
    vault: &Vault,
    request: &SignedRequest,
    now: Time,
) -> Result<Signer> {
    let unknown = || Error::not_found("EC2 access key not found.");
    let id = credentials::id_of_access(&request.access);
    let found = store::get_for_system(db, vault, &id)?;
    let credential = found.filter(|found| found.kind == EC2).ok_or_else(unknown)?;
    let keys = credentials::keys(&credential.blob)?;
    let text = |name: &str| keys.get(name).and_then(Value::as_str);
    if !signature::is_good(text("secret").unwrap_or_default(), request) {
        return Err(unauthorized("Invalid EC2 signature."));
    }
    let project = credential.project_id.ok_or_else(|| not_found("project", "None"))?;
    check_age(request, now)?;
    for (name, kind) in [("trust_id", "trust"), ("access_token_id", "Access Token")] {
        if let Some(id) = text(name) {
            return Err(not_found(kind, id));
        }
    }
    let application_credential = text("app_cred_id").map(ApplicationCredentialId::from);
    Ok(Signer { user: credential.user_id, project, application_credential })
}

fn check_age(request: &SignedRequest, now: Time) -> Result<()> {
    let Some(text) = request.signed_at() else {
        // Whoever signed left it out on purpose.
        return Ok(());
    };
    let at = Time::parse(text).ok_or_else(|| unauthorized("Credential timestamp is invalid"))?;
    if now > at.plus_seconds(MAX_AGE) { Err(unauthorized("Credential is expired")) } else { Ok(()) }
}
