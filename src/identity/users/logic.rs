//! The rules of users: check, decide, write.

use kit::error::Result;
use rusqlite::Connection;

use super::model::User;
use super::store;
use crate::tokens::logic::find_domain;
use crate::tokens::request::{DomainReference, UserReference};

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
