//! `/services`: calls become logic, rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::ServiceId;
use serde_json::json;

use super::{logic, store, view};
use crate::record::attributes;
use crate::view::collection;

/// `GET /services`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let services = call.platform.store.read(store::list).await?;
    let rows = services.iter().map(|service| view::service(&call, service)).collect();
    collection(&call, "services", rows, &["type", "name"])
}

/// `GET /services/{service_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = ServiceId::from(call.param("service_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get(db, &wanted)).await?;
    let service = found.ok_or_else(|| logic::not_found(&id))?;
    Ok(Reply::json(json!({"service": view::service(&call, &service)})))
}

/// `POST /services`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let service = logic::new(attributes(&call.body, "service"))?;
    let written = service.clone();
    call.platform.store.write("services:create", move |tx| store::insert(tx, &written)).await?;
    Ok(Reply::json(json!({"service": view::service(&call, &service)})))
}

/// `PATCH /services/{service_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = ServiceId::from(call.param("service_id"));
    let given = attributes(&call.body, "service");
    let service = call
        .platform
        .store
        .write("services:update", move |tx| logic::update(tx, &id, &given))
        .await?;
    Ok(Reply::json(json!({"service": view::service(&call, &service)})))
}

/// `DELETE /services/{service_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = ServiceId::from(call.param("service_id"));
    call.platform.store.write("services:delete", move |tx| logic::delete(tx, &id)).await?;
    Ok(Reply::empty())
}
