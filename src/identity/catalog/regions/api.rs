//! `/regions`: calls become logic, rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::RegionId;
use serde_json::json;

use super::model::Region;
use super::{logic, store, view};
use crate::record::attributes;
use crate::view::collection;

/// `GET /regions`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let regions = call.platform.store.read(store::list).await?;
    let rows = regions.iter().map(|region| view::region(&call, region)).collect();
    collection(&call, "regions", rows, &["parent_region_id"])
}

/// `GET /regions/{region_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = RegionId::from(call.param("region_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get(db, &wanted)).await?;
    Ok(reply(&call, &found.ok_or_else(|| logic::not_found(&id))?))
}

/// `POST /regions`, and `PUT /regions/{region_id}` for an id of one's own.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let path = Some(call.param("region_id")).filter(|id| !id.is_empty());
    let region = logic::new(attributes(&call.body, "region"), path)?;
    let written = region.clone();
    call.platform.store.write("regions:create", move |tx| logic::create(tx, &written)).await?;
    Ok(reply(&call, &region))
}

/// `PATCH /regions/{region_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = RegionId::from(call.param("region_id"));
    let given = attributes(&call.body, "region");
    let region = call
        .platform
        .store
        .write("regions:update", move |tx| logic::update(tx, &id, given))
        .await?;
    Ok(reply(&call, &region))
}

/// `DELETE /regions/{region_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = RegionId::from(call.param("region_id"));
    call.platform.store.write("regions:delete", move |tx| logic::delete(tx, &id)).await?;
    Ok(Reply::empty())
}

fn reply(call: &Call, region: &Region) -> Reply {
    Reply::json(json!({"region": view::region(call, region)}))
}
