//! `/`.

use kit::Result;
use kit::http::{Call, Reply};
use serde_json::json;

/// `GET /`. Heat: multiple choices, though there is one.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let href = format!("{}/v1/", call.links.root());
    Ok(Reply::json(json!({"versions": [{
        "id": "v1.0", "status": "CURRENT", "links": [{"rel": "self", "href": href}],
    }]})))
}
