//! `/servers/{server_id}/ips`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::servers::logic::Asked;
use crate::servers::view;

/// `GET …/ips`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    Ok(Reply::json(json!({"addresses": networks(&call).await?})))
}

/// `GET …/ips/{network_label}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let label = call.param("network_label").to_owned();
    let networks = networks(&call).await?;
    let addresses = networks
        .get(&label)
        .ok_or_else(|| Error::not_found("Instance is not a member of specified network"))?;
    Ok(Reply::json(json!({label: addresses})))
}

async fn networks(call: &Call) -> Result<Value> {
    let asked = Asked::new(call)?;
    let read = move |db: &Connection| {
        let server = asked.open(db)?;
        network::facade::nics_of(db, &server.id)
    };
    let nics = call.platform.store.read(read).await?;
    Ok(view::addresses(&nics, false))
}
