//! `/endpoints`: calls become logic, rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::EndpointId;
use serde_json::json;

use super::{logic, store, view};
use crate::record::attributes;
use crate::view::collection;

/// `GET /endpoints`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let endpoints = call.platform.store.read(store::list).await?;
    let rows = endpoints.iter().map(|endpoint| view::endpoint(&call, endpoint)).collect();
    collection(&call, "endpoints", rows, &["interface", "service_id", "region_id"])
}

/// `GET /endpoints/{endpoint_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = EndpointId::from(call.param("endpoint_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get(db, &wanted)).await?;
    let endpoint = found.ok_or_else(|| logic::not_found(&id))?;
    Ok(Reply::json(json!({"endpoint": view::endpoint(&call, &endpoint)})))
}

/// `POST /endpoints`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let given = attributes(&call.body, "endpoint");
    let endpoint =
        call.platform.store.write("endpoints:create", move |tx| logic::create(tx, given)).await?;
    Ok(Reply::json(json!({"endpoint": view::endpoint(&call, &endpoint)})))
}

/// `PATCH /endpoints/{endpoint_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = EndpointId::from(call.param("endpoint_id"));
    let given = attributes(&call.body, "endpoint");
    let endpoint = call
        .platform
        .store
        .write("endpoints:update", move |tx| logic::update(tx, &id, given))
        .await?;
    Ok(Reply::json(json!({"endpoint": view::endpoint(&call, &endpoint)})))
}

/// `DELETE /endpoints/{endpoint_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = EndpointId::from(call.param("endpoint_id"));
    call.platform.store.write("endpoints:delete", move |tx| logic::delete(tx, &id)).await?;
    Ok(Reply::empty())
}
