//! The rules of groups: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::{DomainId, GroupId, UserId};
use rusqlite::Connection;

use super::model::Group;
use super::store;
use crate::record::{Attributes, check_same, merged, with_trimmed_name};
use crate::sentences::{duplicate, not_found as sentence};
use crate::users::model::User;
use crate::{projects, users};

/// Keystone's sentence for a group that is not there.
pub(crate) fn not_found(id: &GroupId) -> Error {
    sentence("group", id)
}

/// A new group of these attributes.
pub(crate) fn new(given: Attributes, domain: DomainId) -> Result<Group> {
    let blank = Group {
        id: GroupId::random(),
        name: String::new(),
        domain_id: domain,
        description: Some(String::new()),
        extra: Attributes::new(),
    };
    let mut given = with_trimmed_name(given);
    given.shift_remove("id");
    merged(&blank, &given)
}

/// Adds a group.
pub(crate) fn create(db: &Connection, group: &Group) -> Result<()> {
    if projects::store::get_domain_for_system(db, &group.domain_id)?.is_none() {
        return Err(sentence("domain", &group.domain_id));
    }
    check_name(db, group)?;
    store::insert(db, group)
}

/// Changes a group.
pub(crate) fn update(db: &Connection, id: &GroupId, given: Attributes) -> Result<Group> {
    let old = store::get_for_system(db, id)?.ok_or_else(|| not_found(id))?;
    check_same(&given, "id", Some(id.as_str()), "Cannot change group ID")?;
    check_same(&given, "domain_id", Some(old.domain_id.as_str()), "Cannot change Domain ID")?;
    let group = merged(&old, &with_trimmed_name(given))?;
    if group.name != old.name {
        check_name(db, &group)?;
    }
    store::update(db, &group)?;
    Ok(group)
}

fn check_name(db: &Connection, group: &Group) -> Result<()> {
    match store::get_by_name(db, &group.name, &group.domain_id)? {
        Some(_) => Err(duplicate("group", &group.name, Some(group.domain_id.as_str()))),
        None => Ok(()),
    }
}

/// The members of a group.
pub(crate) fn users(db: &Connection, id: &GroupId) -> Result<Vec<User>> {
    let members = store::list_members(db)?.into_iter().filter(|(group, _)| group == id);
    let found = members.map(|(_, user)| users::store::get_for_system(db, &user));
    Ok(found.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Refuses where there is no such group, or no such user.
pub(crate) fn check_both(db: &Connection, group: &GroupId, user: &UserId) -> Result<()> {
    store::get_for_system(db, group)?.ok_or_else(|| not_found(group))?;
    users::store::get_for_system(db, user)?.ok_or_else(|| users::logic::not_found(user))?;
    Ok(())
}

/// Refuses where the user is not in the group.
pub(crate) fn check_member(db: &Connection, group: &GroupId, user: &UserId) -> Result<()> {
    check_both(db, group, user)?;
    if store::is_member(db, group, user)? { Ok(()) } else { Err(no_member(group, user)) }
}

/// Puts a user into a group.
pub(crate) fn add_member(db: &Connection, group: &GroupId, user: &UserId) -> Result<()> {
    check_both(db, group, user)?;
    store::insert_member(db, group, user)
}

/// Takes a user out of a group.
pub(crate) fn remove_member(db: &Connection, group: &GroupId, user: &UserId) -> Result<()> {
    if store::delete_member(db, group, user)? {
        return Ok(());
    }
    check_both(db, group, user)?;
    Err(no_member(group, user))
}

fn no_member(group: &GroupId, user: &UserId) -> Error {
    Error::not_found(format!("User '{user}' not found in group '{group}'"))
}
