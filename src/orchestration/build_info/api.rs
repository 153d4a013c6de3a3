//! `/build_info`.

use kit::error::Result;
use kit::http::{Call, Reply};
use serde_json::json;

/// `GET /build_info`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    call.authorize()?;
    let revision = env!("CARGO_PKG_VERSION");
    Ok(Reply::json(json!({"api": {"revision": revision}, "engine": {"revision": revision}})))
}
