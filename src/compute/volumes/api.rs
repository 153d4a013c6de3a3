//! `/os-volumes`, below 2.36.

use kit::error::{Error, Kind, Result};
use kit::http::{Call, Reply};
use serde_json::json;

use crate::snapshots;

/// `GET /os-volumes` and `GET /os-volumes/detail`: Nova's summaries and details are the same.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    Ok(Reply::json(json!({"volumes": []})))
}

/// `POST /os-volumes`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    Err(match call.wrapped_text("volume", "snapshot_id") {
        Some(snapshot) => snapshots::api::unknown(snapshot),
        None => Error::new(Kind::NotImplemented, "There is no volume service to create it."),
    })
}

/// `GET` and `DELETE /os-volumes/{volume_id}`.
pub(crate) async fn show_or_delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    Err(unknown(call.param("volume_id")))
}

/// Nova: `VolumeNotFound`.
pub(crate) fn unknown(volume: &str) -> Error {
    Error::not_found(format!("Volume {volume} could not be found."))
}
