//! The rules of users: check, decide, write.

use kit::clock::Time;
use kit::config::Settings;
use kit::error::{Error, Result};
use kit::ids::{DomainId, ProjectId, UserId};
use rusqlite::Connection;

use super::model::User;
use super::store;
use crate::projects;
use crate::record::{Attributes, check_same, merged, with_trimmed_name, with_truth};
use crate::sentences::{duplicate, not_found as sentence};
use crate::tokens::logic::find_domain;
use crate::tokens::request::{DomainReference, UserReference};
use crate::tokens::revocation::{self, Subject};

/// Keystone's sentence for a user that is not there.
pub(crate) fn not_found(id: &UserId) -> Error {
    sentence("user", id)
}

/// The user a login means, if it and its domain are enabled.
pub(crate) fn find_enabled(db: &Connection, reference: &UserReference) -> Result<Option<User>> {
    let found = match reference {
        UserReference::Id(id) => store::get_for_system(db, id)?,
        UserReference::Name(name, domain) => match find_domain(db, domain)? {
            Some(domain) => store::get_by_name(db, name, &domain.as_domain_id())?,
            None => None,
        },
    };
    let Some(user) = found.filter(|user| user.enabled) else {
        return Ok(None);
    };
    let domain = DomainReference::Id(user.domain_id.clone());
    Ok(find_domain(db, &domain)?.map(|_| user))
}

/// The hash of the password with which the user could log in now.
pub(crate) fn login_hash(db: &Connection, id: &UserId) -> Result<Option<String>> {
    match find_enabled(db, &UserReference::Id(id.clone()))? {
        Some(user) => store::get_password_hash(db, &user.id),
        None => Ok(None),
    }
}

/// A new user of these attributes.
pub(crate) fn new(given: Attributes, domain: DomainId) -> Result<User> {
    let blank = User {
        id: UserId::random(),
        name: String::new(),
        domain_id: domain,
        enabled: true,
        default_project_id: None,
        options: Attributes::new(),
        extra: Attributes::new(),
    };
    let mut given = with_trimmed_name(with_truth(given, &["enabled"]));
    given.shift_remove("id");
    merged(&blank, &given)
}

/// Adds a user.
pub(crate) fn create(db: &Connection, user: &User, password_hash: Option<&str>) -> Result<()> {
    if projects::store::get_domain_for_system(db, &user.domain_id)?.is_none() {
        return Err(sentence("domain", &user.domain_id));
    }
    check_default_project(db, user.default_project_id.as_ref())?;
    check_name(db, user)?;
    store::insert(db, user, password_hash)
}

/// Changes a user; one that is disabled loses its tokens.
pub(crate) fn update(
    db: &Connection,
    id: &UserId,
    given: Attributes,
    settings: &Settings,
    now: Time,
) -> Result<User> {
    let old = store::get_for_system(db, id)?.ok_or_else(|| not_found(id))?;
    check_same(&given, "id", Some(id.as_str()), "Cannot change user ID")?;
    check_same(&given, "domain_id", Some(old.domain_id.as_str()), "Cannot change Domain ID")?;
    let user = merged(&old, &with_trimmed_name(with_truth(given, &["enabled"])))?;
    check_default_project(db, user.default_project_id.as_ref())?;
    if user.name != old.name {
        check_name(db, &user)?;
    }
    store::update(db, &user)?;
    if old.enabled && !user.enabled {
        revocation::revoke(db, settings, &Subject::User(id.clone()), now)?;
    }
    Ok(user)
}

/// Sets the password; the tokens that the old one gave end.
pub(crate) fn set_password(
    db: &Connection,
    id: &UserId,
    hash: Option<&str>,
    settings: &Settings,
    now: Time,
) -> Result<()> {
    store::update_password_hash(db, id, hash)?;
    revocation::revoke(db, settings, &Subject::User(id.clone()), now)
}

/// Removes a user.
pub(crate) fn delete(db: &Connection, id: &UserId, settings: &Settings, now: Time) -> Result<()> {
    store::delete(db, id)?;
    revocation::revoke(db, settings, &Subject::User(id.clone()), now)
}

/// The project need not exist, but a domain is none (Keystone: `identity/core.py`).
fn check_default_project(db: &Connection, id: Option<&ProjectId>) -> Result<()> {
    let Some(id) = id else {
        return Ok(());
    };
    match projects::store::get_for_system(db, id)? {
        Some(project) if project.is_domain => Err(Error::bad_request(format!(
            "User's default project ID cannot be a domain ID: {id}"
        ))),
        _ => Ok(()),
    }
}

fn check_name(db: &Connection, user: &User) -> Result<()> {
    match store::get_by_name(db, &user.name, &user.domain_id)? {
        Some(_) => Err(duplicate("user", &user.name, Some(user.domain_id.as_str()))),
        None => Ok(()),
    }
}
