//! `/availability_zones`.

use kit::Result;
use kit::http::{Call, Reply};
use serde_json::json;

/// `GET /availability_zones`.
pub(crate) async fn index(_: Call) -> Result<Reply> {
    Ok(Reply::json(json!({"availability_zones": []})))
}
