//! `/agents`.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Reply};
use serde_json::json;

/// `GET /agents`. Neutron shows whoever may not see agents an empty list, not a refusal.
pub(crate) async fn index(_: Call) -> Result<Reply> {
    Ok(Reply::json(json!({"agents": []})))
}

/// `GET /agents/{agent_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let id = call.param("agent_id");
    Err(Error::not_found(format!("Agent {id} could not be found.")).tag("AgentNotFound"))
}
