//! `/`: the versions, for whoever asks.

use kit::error::Result;
use kit::http::{Call, Reply};
use serde_json::json;

use crate::microversions::VERSIONS;

/// `GET /`. The link is relative, as upstream's: Placement does not know where it is.
pub(crate) async fn index(_: Call) -> Result<Reply> {
    let (min, max) = (VERSIONS.min().to_string(), VERSIONS.max().to_string());
    Ok(Reply::json(json!({"versions": [{
        "id": format!("v{min}"), "status": "CURRENT", "min_version": min, "max_version": max,
        "links": [{"rel": "self", "href": ""}],
    }]})))
}
