//! The rules of services: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::ServiceId;
use rusqlite::Connection;
use serde_json::Value;

use super::model::CatalogService;
use super::store;
use crate::record::{Attributes, check_same, merged};
use crate::sentences;

/// Keystone's sentence for a service that is not there.
pub(crate) fn not_found(id: &ServiceId) -> Error {
    sentences::not_found("service", id)
}

/// A new service of these attributes.
pub(crate) fn new(given: Attributes) -> Result<CatalogService> {
    let blank = CatalogService {
        id: ServiceId::random(),
        kind: String::new(),
        enabled: true,
        extra: Attributes::from_iter([("name".to_owned(), Value::from(""))]),
    };
    let given = given.into_iter().filter(|(name, _)| name != "id").collect();
    merged(&blank, &given)
}

/// Changes a service.
pub(crate) fn update(
    db: &Connection,
    id: &ServiceId,
    given: &Attributes,
) -> Result<CatalogService> {
    let old = store::get(db, id)?.ok_or_else(|| not_found(id))?;
    check_same(given, "id", Some(id.as_str()), "Cannot change service ID")?;
    let service = merged(&old, given)?;
    store::update(db, &service)?;
    Ok(service)
}

/// Removes a service with its endpoints.
pub(crate) fn delete(db: &Connection, id: &ServiceId) -> Result<()> {
    if store::delete(db, id)? { Ok(()) } else { Err(not_found(id)) }
}
