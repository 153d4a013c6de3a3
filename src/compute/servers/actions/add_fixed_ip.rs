//! `addFixedIp`: one more address on a network that the server is on, below 2.44.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::NetworkId;
use rusqlite::Connection;
use serde_json::Value;

use crate::servers::interfaces::readdress;
use crate::servers::logic::Asked;

/// The handler. Nova takes a number for a network's id, too.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let network = match call.wrapped("addFixedIp").get("networkId") {
        Some(Value::String(id)) => id.clone(),
        other => other.map(Value::to_string).unwrap_or_default(),
    };
    let network = NetworkId::from(network);
    let write = move |db: &Connection| readdress::add(&asked, db, &network);
    call.platform.store.write("servers:add-fixed-ip", write).await?;
    Ok(Reply::empty())
}
