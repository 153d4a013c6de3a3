//! The rules of endpoints: check, decide, write.

use kit::error::{Error, Result};
use kit::ids::{EndpointId, RegionId, ServiceId};
use rusqlite::Connection;
use serde_json::Value;

use super::model::Endpoint;
use super::store;
use crate::catalog::regions::model::Region;
use crate::catalog::{regions, services};
use crate::record::{Attributes, check_same, merged};
use crate::sentences::{self, expecting};

/// What a URL may want filled in (Keystone: `[catalog]` and `common/utils.py`).
const MARKS: &[&str] = &["project_id", "tenant_id", "user_id"];

/// Keystone's sentence for an endpoint that is not there.
pub(crate) fn not_found(id: &EndpointId) -> Error {
    sentences::not_found("endpoint", id)
}

/// Adds an endpoint of these attributes.
pub(crate) fn create(db: &Connection, given: Attributes) -> Result<Endpoint> {
    let blank = Endpoint {
        id: EndpointId::random(),
        interface: String::new(),
        region_id: None,
        service_id: ServiceId::from(""),
        url: String::new(),
        enabled: true,
        extra: Attributes::new(),
    };
    let given = given.into_iter().filter(|(name, _)| name != "id").collect();
    let endpoint = merged(&blank, &with_region(db, given)?)?;
    check(db, &endpoint)?;
    store::insert(db, &endpoint)?;
    Ok(endpoint)
}

/// Changes an endpoint.
pub(crate) fn update(db: &Connection, id: &EndpointId, given: Attributes) -> Result<Endpoint> {
    let old = store::get(db, id)?.ok_or_else(|| not_found(id))?;
    check_same(&given, "id", Some(id.as_str()), "Cannot change endpoint ID")?;
    let endpoint = merged(&old, &with_region(db, given)?)?;
    check(db, &endpoint)?;
    store::update(db, &endpoint)?;
    Ok(endpoint)
}

/// Removes an endpoint.
pub(crate) fn delete(db: &Connection, id: &EndpointId) -> Result<()> {
    if store::delete(db, id)? { Ok(()) } else { Err(not_found(id)) }
}

/// Old clients say `region` and expect it to come into being.
fn with_region(db: &Connection, mut given: Attributes) -> Result<Attributes> {
    let region = given.shift_remove("region");
    let named = given.get("region_id").is_some_and(Value::is_string);
    let Some(id) = region.as_ref().and_then(Value::as_str).filter(|_| !named) else {
        return Ok(given);
    };
    let region = Region {
        id: RegionId::from(id),
        description: String::new(),
        parent_region_id: None,
        extra: Attributes::new(),
    };
    if regions::store::get(db, &region.id)?.is_none() {
        regions::store::insert(db, &region)?;
    }
    given.insert("region_id".to_owned(), Value::from(id));
    Ok(given)
}

fn check(db: &Connection, endpoint: &Endpoint) -> Result<()> {
    if let Some(region) = &endpoint.region_id
        && regions::store::get(db, region)?.is_none()
    {
        return Err(expecting("endpoint region_id", "region table"));
    }
    if services::store::get(db, &endpoint.service_id)?.is_none() {
        return Err(expecting("endpoint service_id", "service table"));
    }
    check_url(&endpoint.url)
}

/// Every `$(name)s` and `%(name)s` must be one that can be filled in.
fn check_url(url: &str) -> Result<()> {
    let known = |rest: &str| MARKS.iter().any(|mark| rest.starts_with(&format!("({mark})s")));
    let fillable = url.split(['$', '%']).skip(1).all(known);
    if fillable {
        return Ok(());
    }
    Err(Error::bad_request(format!("Cannot create an endpoint with an invalid URL: {url}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_wants_only_what_can_be_filled_in() {
        for url in ["http://h/", "http://h/$(project_id)s", "http://h/%(tenant_id)s/x"] {
            assert!(check_url(url).is_ok(), "{url}");
        }
        for url in ["http://h/$(host)s", "http://h/%(project_id", "http://h/%d"] {
            assert!(check_url(url).is_err(), "{url}");
        }
    }
}
