//! `/os-snapshots`, below 2.36.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use serde_json::json;

use crate::volumes;

/// `GET /os-snapshots` and `GET /os-snapshots/detail`: Nova's summaries and details are the same.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    Ok(Reply::json(json!({"snapshots": []})))
}

/// `POST /os-snapshots`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    Err(volumes::api::unknown(call.wrapped_text("snapshot", "volume_id").unwrap_or_default()))
}

/// `GET` and `DELETE /os-snapshots/{snapshot_id}`.
pub(crate) async fn show_or_delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    Err(unknown(call.param("snapshot_id")))
}

/// Nova: `SnapshotNotFound`.
pub(crate) fn unknown(snapshot: &str) -> Error {
    Error::not_found(format!("Snapshot {snapshot} could not be found."))
}
