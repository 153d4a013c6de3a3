//! `/servers/{server_id}/os-volume_attachments`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::json;

use crate::policy;
use crate::servers::logic::Asked;
use crate::servers::states;
use crate::volumes::api::unknown;

/// `GET …/os-volume_attachments`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    open(&call, Asked::new(&call)?).await?;
    Ok(Reply::json(json!({"volumeAttachments": []})))
}

/// `GET …/os-volume_attachments/{volume_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    open(&call, Asked::new(&call)?).await?;
    let (server, volume) = (call.param("server_id"), call.param("volume_id"));
    Err(Error::not_found(format!("Instance {server} is not attached to volume {volume}")))
}

/// `POST …/os-volume_attachments`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let read = move |db: &Connection| asked.open_for(db, &states::ATTACH_VOLUME);
    call.platform.store.read(read).await?;
    Err(unknown(volume(&call)))
}

/// `PUT …/os-volume_attachments/{volume_id}`, until 2.84: another volume in its place.
pub(crate) async fn swap(call: Call) -> Result<Reply> {
    open(&call, Asked::new(&call)?).await?;
    Err(unknown(call.param("volume_id")))
}

/// The same since 2.85: another volume, or other properties of the attachment.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let (mut asked, id) = (Asked::new(&call)?, call.param("volume_id"));
    if volume(&call) != id {
        asked.rule = &policy::VOLUME_ATTACHMENTS_SWAP;
    }
    open(&call, asked).await?;
    Err(Error::not_found(format!("No volume Block Device Mapping with id {id}.")))
}

/// `DELETE …/os-volume_attachments/{volume_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    open(&call, Asked::new(&call)?).await?;
    Err(unknown(call.param("volume_id")))
}

async fn open(call: &Call, asked: Asked) -> Result<()> {
    call.platform.store.read(move |db: &Connection| asked.open(db).map(drop)).await
}

fn volume(call: &Call) -> &str {
    call.wrapped_text("volumeAttachment", "volumeId").unwrap_or_default()
}
