//! `/os-networks` and `/os-tenant-networks`, below 2.36.

use kit::Kind;
use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use network::networks::model::Network;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::view;
use crate::network_proxy::Proxy;
use crate::policy;

/// `GET /os-networks`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let admin = policy::is_admin(&call);
    let networks = all(&call).await?;
    let shown: Vec<Value> = networks.iter().map(|row| view::network(row, admin)).collect();
    Ok(Reply::json(json!({"networks": shown})))
}

/// `GET /os-networks/{network_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let network = one(&call).await?;
    Ok(Reply::json(json!({"network": view::network(&network, policy::is_admin(&call))})))
}

/// `GET /os-tenant-networks`.
pub(crate) async fn index_of_project(call: Call) -> Result<Reply> {
    let networks = all(&call).await?;
    let shown: Vec<Value> = networks.iter().map(view::of_project).collect();
    Ok(Reply::json(json!({"networks": shown})))
}

/// `GET /os-tenant-networks/{network_id}`.
pub(crate) async fn show_of_project(call: Call) -> Result<Reply> {
    let network = one(&call).await?;
    Ok(Reply::json(json!({"network": view::of_project(&network)})))
}

async fn all(call: &Call) -> Result<Vec<Network>> {
    let proxy = Proxy::authorized(call)?;
    let read = move |db: &Connection| proxy.network(db).networks();
    call.platform.store.read(read).await
}

async fn one(call: &Call) -> Result<Network> {
    let (proxy, id) = (Proxy::authorized(call)?, call.param("network_id").to_owned());
    let read = move |db: &Connection| proxy.network(db).network(&id);
    let missing = |error: Error| {
        if error.kind == Kind::NotFound { Error::not_found("Network not found") } else { error }
    };
    call.platform.store.read(read).await.map_err(missing)
}
