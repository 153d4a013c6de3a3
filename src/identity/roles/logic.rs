//! The rules of roles: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::{DomainId, RoleId};
use rusqlite::Connection;

use super::model::{Implication, Role};
use super::store;
use crate::record::{
    Attributes, check_deletable, check_mutable, check_same, merged, with_trimmed_name,
};
use crate::sentences::{duplicate, forbidden, not_found as sentence};

/// Who has this role may do everything, so no other may bring it along
/// (`[assignment] prohibited_implied_role`).
const NEVER_IMPLIED: &str = "admin";

/// Keystone's sentence for a role that is not there.
pub(crate) fn not_found(id: &RoleId) -> Error {
    sentence("role", id)
}

/// The role of this id.
pub(crate) fn get(db: &Connection, id: &RoleId) -> Result<Role> {
    store::get(db, id)?.ok_or_else(|| not_found(id))
}

/// A new role of these attributes.
pub(crate) fn new(given: Attributes) -> Result<Role> {
    let blank = Role {
        id: RoleId::random(),
        name: String::new(),
        domain_id: None,
        description: None,
        options: Attributes::new(),
        extra: Attributes::new(),
    };
    let given = given.into_iter().filter(|(name, _)| name != "id").collect();
    merged(&blank, &with_trimmed_name(given))
}

/// Adds a role.
pub(crate) fn create(db: &Connection, role: &Role) -> Result<()> {
    check_name(db, role)?;
    store::insert(db, role)
}

/// Changes a role.
pub(crate) fn update(db: &Connection, id: &RoleId, given: Attributes) -> Result<Role> {
    let old = get(db, id)?;
    let domain = old.domain_id.as_ref().map(DomainId::as_str);
    check_same(&given, "id", Some(id.as_str()), "Cannot change role ID")?;
    check_same(&given, "domain_id", domain, "Cannot change Domain ID")?;
    check_mutable("role", id, &old.options, &given)?;
    let role = merged(&old, &with_trimmed_name(given))?;
    if role.name != old.name {
        check_name(db, &role)?;
    }
    store::update(db, &role)?;
    Ok(role)
}

/// Removes a role, and with it every assignment of it.
pub(crate) fn delete(db: &Connection, id: &RoleId) -> Result<()> {
    check_deletable("role", id, &get(db, id)?.options)?;
    store::delete(db, id)
}

/// Makes a role bring another.
pub(crate) fn imply(db: &Connection, one: &Implication) -> Result<()> {
    let (prior, implied) = (get(db, &one.prior)?, get(db, &one.implied)?);
    if implied.name == NEVER_IMPLIED {
        let sentence = format!("{} cannot be an implied roles.", one.implied);
        return Err(Error::forbidden(sentence));
    }
    if prior.domain_id.is_none() && implied.domain_id.is_some() {
        return Err(forbidden("Global role cannot imply a domain-specific role"));
    }
    if store::insert_implication(db, one)? {
        return Ok(());
    }
    Err(crate::sentences::conflict("implied_role", "Duplicate entry"))
}

/// The implication, if it is there.
pub(crate) fn check_implied(db: &Connection, one: &Implication) -> Result<()> {
    if store::list_implications(db)?.contains(one) { Ok(()) } else { Err(not_implied(one)) }
}

/// Ends an implication.
pub(crate) fn unimply(db: &Connection, one: &Implication) -> Result<()> {
    if store::delete_implication(db, one)? { Ok(()) } else { Err(not_implied(one)) }
}

fn not_implied(one: &Implication) -> Error {
    Error::not_found(format!("{} does not imply {}.", one.prior, one.implied))
}

fn check_name(db: &Connection, role: &Role) -> Result<()> {
    match store::get_by_name(db, &role.name, role.domain_id.as_ref())? {
        // Keystone: global roles lie in a domain called <<null>>, and it says so.
        Some(_) => {
            let domain = role.domain_id.as_ref().map_or("<<null>>", DomainId::as_str);
            Err(duplicate("role", &role.name, Some(domain)))
        }
        None => Ok(()),
    }
}
