//! `/servers/{server_id}/os-security-groups`.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::json;

use super::view;
use crate::servers::logic::Asked;

/// `GET …/os-security-groups`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let read = move |db: &Connection| {
        let server = asked.open(db)?;
        network::facade::security_groups_of(db, &server.id)
    };
    let groups = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"security_groups": view::groups(&groups)})))
}
