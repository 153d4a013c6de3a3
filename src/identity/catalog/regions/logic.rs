//! The rules of regions: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::RegionId;
use rusqlite::Connection;
use serde_json::Value;

use super::model::Region;
use super::store;
use crate::catalog::endpoints;
use crate::record::{Attributes, check_same, merged};
use crate::sentences::{self, conflict};

/// Keystone's sentence for a region that is not there.
pub(crate) fn not_found(id: &RegionId) -> Error {
    sentences::not_found("region", id)
}

/// A new region of these attributes; `path` is the id in the URL, if there is one.
pub(crate) fn new(given: Attributes, path: Option<&str>) -> Result<Region> {
    let in_body = given.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = match (path, in_body) {
        (Some(path), Some(body)) if path != body => {
            return Err(Error::bad_request(format!(
                "Conflicting region IDs specified: \"{path}\" != \"{body}\""
            )));
        }
        (Some(id), _) | (None, Some(id)) => RegionId::from(id),
        (None, None) => RegionId::random(),
    };
    let blank = Region {
        id: id.clone(),
        description: String::new(),
        parent_region_id: None,
        extra: Attributes::new(),
    };
    let region: Region = merged(&blank, &said(given))?;
    Ok(Region { id, ..region })
}

/// Adds a region.
pub(crate) fn create(db: &Connection, region: &Region) -> Result<()> {
    if store::get(db, &region.id)?.is_some() {
        return Err(conflict("region", format!("Duplicate ID, {}.", region.id)));
    }
    check_parent(db, region)?;
    store::insert(db, region)
}

/// Changes a region.
pub(crate) fn update(db: &Connection, id: &RegionId, given: Attributes) -> Result<Region> {
    let old = store::get(db, id)?.ok_or_else(|| not_found(id))?;
    check_same(&given, "id", Some(id.as_str()), "Cannot change region ID")?;
    let region = merged(&old, &said(given))?;
    check_parent(db, &region)?;
    store::update(db, &region)?;
    Ok(region)
}

/// Removes a region in which nothing lies.
pub(crate) fn delete(db: &Connection, id: &RegionId) -> Result<()> {
    let child = |region: &Region| region.parent_region_id.as_ref() == Some(id);
    if endpoints::store::any_in_region(db, id)? || store::list(db)?.iter().any(child) {
        return Err(Error::forbidden(format!(
            "Unable to delete region {id} because it or its child regions have associated endpoints."
        )));
    }
    if store::delete(db, id)? { Ok(()) } else { Err(not_found(id)) }
}

/// A description of null is an empty one.
fn said(mut given: Attributes) -> Attributes {
    if given.get("description").is_some_and(Value::is_null) {
        given.insert("description".to_owned(), Value::from(""));
    }
    given
}

fn check_parent(db: &Connection, region: &Region) -> Result<()> {
    let mut next = region.parent_region_id.clone();
    while let Some(id) = next {
        if id == region.id {
            return Err(Error::bad_request(format!(
                "The specified parent region {id} would create a circular region hierarchy."
            )));
        }
        next = store::get(db, &id)?.ok_or_else(|| not_found(&id))?.parent_region_id;
    }
    Ok(())
}
