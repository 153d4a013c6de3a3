//! `/os-assisted-volume-snapshots`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::policy::Target;
use serde_json::Value;

/// `POST /os-assisted-volume-snapshots`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    Err(unattached(call.wrapped_text("snapshot", "volume_id").unwrap_or_default()))
}

/// `DELETE /os-assisted-volume-snapshots/{snapshot_id}`: which volume, the query says.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize_on(&Target::none())?;
    let missing = |key: &str| Error::bad_request(format!("'{key}'"));
    let info = call.query("delete_info").ok_or_else(|| missing("delete_info"))?;
    let info: Value = serde_json::from_str(info)
        .map_err(|_| Error::bad_request("Expecting value: line 1 column 1 (char 0)"))?;
    let volume = info.get("volume_id").and_then(Value::as_str);
    Err(unattached(volume.ok_or_else(|| missing("volume_id"))?))
}

/// Nova: `VolumeBDMNotFound`.
fn unattached(volume: &str) -> Error {
    Error::bad_request(format!("No volume Block Device Mapping with id {volume}."))
}
