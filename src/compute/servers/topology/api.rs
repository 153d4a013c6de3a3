//! `/servers/{server_id}/topology`, since 2.78.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::json;

use crate::servers::logic::Asked;

/// `GET …/topology`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    call.platform.store.read(move |db: &Connection| asked.open(db)).await?;
    Ok(Reply::json(json!({"nodes": [], "pagesize_kb": null})))
}
