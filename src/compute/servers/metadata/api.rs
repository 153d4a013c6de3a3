//! `/servers/{server_id}/metadata`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::servers::logic::{Asked, change_metadata};
use crate::servers::model::Server;
use crate::servers::states::{Action, DELETE_METADATA, SET_METADATA};

/// `GET …/metadata`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    Ok(Reply::json(json!({"metadata": read(&call).await?.metadata})))
}

/// `GET …/metadata/{key}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let key = call.param("key").to_owned();
    let server = read(&call).await?;
    let value = server.metadata.get(&key).ok_or_else(missing)?;
    Ok(Reply::json(json!({"meta": {key: value}})))
}

/// `POST …/metadata`: adds and overwrites.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let items = object(&call, "metadata");
    let server = change(&call, &SET_METADATA, |metadata| {
        metadata.extend(items);
        Ok(())
    });
    Ok(Reply::json(json!({"metadata": server.await?.metadata})))
}

/// `PUT …/metadata`: replaces all.
pub(crate) async fn replace(call: Call) -> Result<Reply> {
    let items = object(&call, "metadata");
    let server = change(&call, &SET_METADATA, |metadata| {
        *metadata = items;
        Ok(())
    });
    Ok(Reply::json(json!({"metadata": server.await?.metadata})))
}

/// `PUT …/metadata/{key}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let item = object(&call, "meta");
    if !item.contains_key(call.param("key")) {
        // Who may not change the server learns that first.
        read(&call).await?;
        return Err(Error::bad_request("Request body and URI mismatch"));
    }
    let shown = item.clone();
    change(&call, &SET_METADATA, |metadata| {
        metadata.extend(item);
        Ok(())
    })
    .await?;
    Ok(Reply::json(json!({"meta": shown})))
}

/// `DELETE …/metadata/{key}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let key = call.param("key").to_owned();
    change(&call, &DELETE_METADATA, move |metadata| {
        metadata.shift_remove(&key).map(drop).ok_or_else(missing)
    })
    .await?;
    Ok(Reply::empty())
}

async fn read(call: &Call) -> Result<Server> {
    let asked = Asked::new(call)?;
    call.platform.store.read(move |db: &Connection| asked.open(db)).await
}

async fn change(
    call: &Call,
    action: &'static Action,
    change: impl FnOnce(&mut Map<String, Value>) -> Result<()> + Send + 'static,
) -> Result<Server> {
    let asked = Asked::new(call)?;
    let write = move |db: &Connection| change_metadata(&asked, db, action, change);
    call.platform.store.write("servers:metadata", write).await
}

fn object(call: &Call, key: &str) -> Map<String, Value> {
    call.wrapped(key).as_object().cloned().unwrap_or_default()
}

fn missing() -> Error {
    Error::not_found("Metadata item was not found")
}
