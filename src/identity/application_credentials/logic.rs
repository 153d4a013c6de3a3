//! The rules of application credentials: check, decide, write.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::{ApplicationCredentialId, RoleId, UserId};
use kit::policy::Caller;
use rusqlite::Connection;
use serde_json::Value;

use super::model::ApplicationCredential;
use super::store;
use crate::assignments::logic as assignments;
use crate::record::Attributes;
use crate::roles;
use crate::roles::model::Role;
use crate::sentences::{duplicate, expecting, forbidden_action, not_found as sentence};

/// Keystone's sentence for a credential that is not there.
pub(super) fn not_found(id: &ApplicationCredentialId) -> Error {
    sentence("Application Credential", id)
}

/// What a credential of its own must not do: make or end others, unless it was made for that.
pub(super) fn check_unrestricted(db: &Connection, caller: &Caller) -> Result<()> {
    let Some(id) = &caller.application_credential_id else {
        return Ok(());
    };
    let own = store::get(db, &ApplicationCredentialId::from(id.as_str()))?;
    if own.and_then(|own| own.unrestricted).unwrap_or(false) {
        return Ok(());
    }
    Err(forbidden_action(
        "Using method 'application_credential' is not allowed for managing additional application credentials.",
    ))
}

/// A new credential of these attributes for the caller, in the caller's project.
pub(super) fn new(
    db: &Connection,
    given: &Attributes,
    caller: &Caller,
    now: Time,
) -> Result<ApplicationCredential> {
    let text = |name: &str| given.get(name).and_then(Value::as_str).map(str::to_owned);
    // Keystone fails where the token has no project; the reason is the same.
    let project = caller.project().ok_or_else(|| expecting("project_id", "token"))?;
    let expires_at = match text("expires_at") {
        Some(text) => Some(expiration(&text, now)?),
        None => None,
    };
    Ok(ApplicationCredential {
        id: ApplicationCredentialId::random(),
        name: text("name").unwrap_or_default(),
        description: text("description"),
        user_id: caller.user_id.clone(),
        project_id: project.clone(),
        expires_at,
        unrestricted: given.get("unrestricted").and_then(Value::as_bool),
        roles: role_ids(db, given, caller)?,
    })
}

/// Adds a credential.
pub(super) fn create(
    db: &Connection,
    credential: &ApplicationCredential,
    secret_hash: &str,
) -> Result<()> {
    if store::get_by_name(db, &credential.name, &credential.user_id)?.is_some() {
        return Err(duplicate("application_credential", &credential.name, None));
    }
    store::insert(db, credential, secret_hash)
}

/// Removes a credential.
pub(super) fn delete(db: &Connection, id: &ApplicationCredentialId) -> Result<()> {
    if store::delete(db, id)? { Ok(()) } else { Err(not_found(id)) }
}

/// The user's credentials, with their roles.
pub(super) fn list(
    db: &Connection,
    user: &UserId,
) -> Result<Vec<(ApplicationCredential, Vec<Role>)>> {
    let found = store::list(db, user)?.into_iter();
    found.map(|credential| with_roles(db, credential)).collect()
}

/// The credential with its roles.
pub(super) fn with_roles(
    db: &Connection,
    credential: ApplicationCredential,
) -> Result<(ApplicationCredential, Vec<Role>)> {
    let ids = credential.roles.iter();
    let roles = ids.map(|id| roles::logic::get(db, id)).collect::<Result<Vec<_>>>()?;
    Ok((credential, roles))
}

fn expiration(text: &str, now: Time) -> Result<Time> {
    let malformed = "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.";
    let end = Time::parse(text).ok_or_else(|| {
        Error::bad_request(format!("Timestamp not in expected format. {malformed}"))
    })?;
    if end <= now {
        return Err(Error::bad_request(format!(
            "The 'expires_at' must not be before now. {malformed}"
        )));
    }
    Ok(end)
}

/// The roles asked for with all that they imply, else those of the token; never more than those.
fn role_ids(db: &Connection, given: &Attributes, caller: &Caller) -> Result<Vec<RoleId>> {
    let mut own = Vec::new();
    for name in &caller.roles {
        own.extend(roles::store::get_by_name(db, name, None)?.map(|role| role.id));
    }
    let asked = given.get("roles").and_then(Value::as_array).filter(|roles| !roles.is_empty());
    let Some(asked) = asked else {
        return Ok(own);
    };
    let named = asked.iter().map(|role| role_id(db, role)).collect::<Result<Vec<_>>>()?;
    let wanted = assignments::implications(db)?.expand(named);
    if wanted.iter().all(|id| own.contains(id)) {
        return Ok(wanted);
    }
    Err(Error::bad_request(
        "Invalid application credential: Cannot create an application credential with unassigned role",
    ))
}

fn role_id(db: &Connection, role: &Value) -> Result<RoleId> {
    let text = |name: &str| role.get(name).and_then(Value::as_str);
    if let Some(id) = text("id") {
        return Ok(RoleId::from(id));
    }
    let name = text("name").unwrap_or_default();
    let found = roles::store::get_by_name(db, name, None)?;
    found.map(|role| role.id).ok_or_else(|| sentence("role", name))
}
