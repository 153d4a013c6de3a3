//! `/servers/{server_id}/shares`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::json;

use crate::servers::logic::Asked;
use crate::servers::states::{self, Action};

/// `GET …/shares`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    call.platform.store.read(move |db: &Connection| asked.open(db)).await?;
    Ok(Reply::json(json!({"shares": []})))
}

/// `GET …/shares/{share_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    call.platform.store.read(move |db: &Connection| asked.open(db)).await?;
    Err(unknown(call.param("share_id")))
}

/// `POST …/shares`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    check(&call, &states::CREATE_SHARE).await?;
    Err(unknown(call.wrapped_text("share", "share_id").unwrap_or_default()))
}

/// `DELETE …/shares/{share_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    check(&call, &states::DELETE_SHARE).await?;
    Err(unknown(call.param("share_id")))
}

async fn check(call: &Call, action: &'static Action) -> Result<()> {
    let asked = Asked::new(call)?;
    let read = move |db: &Connection| asked.open_for(db, action).map(drop);
    call.platform.store.read(read).await
}

fn unknown(share: &str) -> Error {
    Error::not_found(format!("Share {share} could not be found."))
}
