//! `/flavors/{flavor_id}/os-extra_specs`: calls become logic, rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::FlavorId;
use serde_json::{Map, Value, json};

use super::logic;
use crate::flavors;
use crate::flavors::model::{ExtraSpecs, Flavor};
use crate::loose;
use crate::microversions::CHECKED_EXTRA_SPECS;

/// `GET /flavors/{flavor_id}/os-extra_specs`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let flavor = find(&call).await?;
    Ok(Reply::json(json!({"extra_specs": flavor.extra_specs})))
}

/// `GET /flavors/{flavor_id}/os-extra_specs/{key}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let flavor = find(&call).await?;
    let key = call.param("key");
    let value = flavor.extra_specs.get(key).ok_or_else(|| logic::no_key(&flavor.id, key))?;
    Ok(Reply::json(Value::Object(Map::from_iter([(key.to_owned(), json!(value))]))))
}

/// `POST /flavors/{flavor_id}/os-extra_specs`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let specs = specs(call.wrapped("extra_specs"));
    add(&call, specs).await
}

/// `PUT /flavors/{flavor_id}/os-extra_specs/{key}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    call.authorize()?;
    let specs = specs(&call.body);
    check(&call, &specs)?;
    if !specs.contains_key(call.param("key")) {
        return Err(Error::bad_request("Request body and URI mismatch"));
    }
    add(&call, specs).await
}

/// `DELETE /flavors/{flavor_id}/os-extra_specs/{key}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let (id, key) = (flavor_id(&call), call.param("key").to_owned());
    let now = call.platform.clock.now();
    call.platform
        .store
        .write("flavor-extra-specs:delete", move |tx| logic::remove(tx, &id, &key, now))
        .await?;
    Ok(Reply::empty())
}

/// Nova answers with the body as it came, numbers included.
async fn add(call: &Call, specs: ExtraSpecs) -> Result<Reply> {
    check(call, &specs)?;
    let (id, now) = (flavor_id(call), call.platform.clock.now());
    call.platform
        .store
        .write("flavor-extra-specs:add", move |tx| logic::add(tx, &id, specs, now))
        .await?;
    Ok(Reply::json(call.body.clone()))
}

/// Older versions take anything.
fn check(call: &Call, specs: &ExtraSpecs) -> Result<()> {
    if call.version >= CHECKED_EXTRA_SPECS { logic::check(specs) } else { Ok(()) }
}

/// Nova: the rule first, then whether the flavor is there.
async fn find(call: &Call) -> Result<Flavor> {
    call.authorize()?;
    flavors::api::find(call).await
}

fn flavor_id(call: &Call) -> FlavorId {
    FlavorId::from(call.param("flavor_id"))
}

/// The extra specs of a body, numbers as texts.
pub(crate) fn specs(body: &Value) -> ExtraSpecs {
    body.as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), loose::text(value)))
        .collect()
}
