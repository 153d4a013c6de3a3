//! Discovery: which versions of the API there are, and where.

use kit::error::Result;
use kit::http::{Call, Reply};
use serde_json::{Value, json};

/// `GET /`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let location = v3_url(&call);
    let versions = json!({"versions": {"values": [v3(&location)]}});
    Ok(Reply::json(versions).header("Location", location))
}

/// `GET /v3`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    Ok(Reply::json(json!({"version": v3(&v3_url(&call))})))
}

fn v3_url(call: &Call) -> String {
    format!("{}/v3/", call.links.root())
}

/// 3.14 is what Keystone has announced since 2020; later additions are not in the number.
fn v3(url: &str) -> Value {
    json!({
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": url}],
        "media-types": [{
            "base": "application/json",
            "type": "application/vnd.openstack.identity-v3+json",
        }],
    })
}
