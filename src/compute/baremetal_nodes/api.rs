//! `/os-baremetal-nodes`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::policy::Target;
use serde_json::json;

/// `GET /os-baremetal-nodes`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    Ok(Reply::json(json!({"nodes": []})))
}

/// `GET /os-baremetal-nodes/{node_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    Err(Error::not_found(format!("Node {} could not be found.", call.param("node_id"))))
}

/// `POST /os-baremetal-nodes`.
pub(crate) async fn create(_: Call) -> Result<Reply> {
    refuse("node-create")
}

/// `DELETE /os-baremetal-nodes/{node_id}`.
pub(crate) async fn delete(_: Call) -> Result<Reply> {
    refuse("node-delete")
}

/// `POST /os-baremetal-nodes/{node_id}/action`, `add_interface`.
pub(crate) async fn add_interface(_: Call) -> Result<Reply> {
    refuse("port-create")
}

/// `POST /os-baremetal-nodes/{node_id}/action`, `remove_interface`.
pub(crate) async fn remove_interface(_: Call) -> Result<Reply> {
    refuse("port-delete")
}

/// Nova never changed Ironic's machines, and never asked who would.
fn refuse(command: &str) -> Result<Reply> {
    Err(Error::bad_request(format!(
        "Command not supported. Please use Ironic command {command} to perform this action."
    )))
}
