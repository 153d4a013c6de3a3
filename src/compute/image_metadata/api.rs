//! `/images/{image_id}/metadata`: calls become logic, properties become answers.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::ImageId;
use serde_json::{Map, Value, json};

use super::logic::{self, Change, Metadata};
use crate::images::api::find;
use crate::loose;

/// `GET /images/{image_id}/metadata`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let image = find(&call).await?;
    Ok(Reply::json(json!({"metadata": image.properties})))
}

/// `GET /images/{image_id}/metadata/{key}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let image = find(&call).await?;
    let key = call.param("key");
    let missing = || Error::not_found("The resource could not be found.");
    let value = image.properties.get(key).ok_or_else(missing)?;
    let meta = Map::from_iter([(key.to_owned(), json!(value))]);
    Ok(Reply::json(json!({"meta": meta})))
}

/// `POST /images/{image_id}/metadata`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let metadata = update(&call, Change::Merge(metadata(call.wrapped("metadata")))).await?;
    Ok(Reply::json(json!({"metadata": metadata})))
}

/// `PUT /images/{image_id}/metadata`.
pub(crate) async fn replace(call: Call) -> Result<Reply> {
    let metadata = update(&call, Change::Replace(metadata(call.wrapped("metadata")))).await?;
    Ok(Reply::json(json!({"metadata": metadata})))
}

/// `PUT /images/{image_id}/metadata/{key}`.
pub(crate) async fn update_one(call: Call) -> Result<Reply> {
    let meta = metadata(call.wrapped("meta"));
    if !meta.contains_key(call.param("key")) {
        return Err(Error::bad_request("Request body and URI mismatch"));
    }
    update(&call, Change::Merge(meta)).await?;
    Ok(Reply::json(json!({"meta": call.wrapped("meta")})))
}

/// `DELETE /images/{image_id}/metadata/{key}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    update(&call, Change::Remove(call.param("key").to_owned())).await?;
    Ok(Reply::empty())
}

async fn update(call: &Call, change: Change) -> Result<Metadata> {
    let (platform, caller) = (Arc::clone(&call.platform), call.caller()?.clone());
    let (id, now) = (ImageId::from(call.param("image_id")), call.platform.clock.now());
    call.platform
        .store
        .write("image-metadata:update", move |tx| {
            logic::update(tx, &platform, &caller, &id, change, now)
        })
        .await
}

fn metadata(body: &Value) -> Metadata {
    body.as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), loose::text(value)))
        .collect()
}
