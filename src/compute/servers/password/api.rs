//! `/servers/{server_id}/os-server-password`.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::json;

use super::store;
use crate::servers::logic::Asked;

/// `GET …/os-server-password`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let read = move |db: &Connection| store::get(db, &asked.open(db)?.id);
    let password = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"password": password})))
}

/// `DELETE …/os-server-password`: the guest's own password stays as it is.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let write = move |db: &Connection| store::clear(db, &asked.open(db)?.id);
    call.platform.store.write("server-password:delete", write).await?;
    Ok(Reply::empty())
}
