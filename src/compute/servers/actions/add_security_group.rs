//! `addSecurityGroup`: puts a server into a security group.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::Value;

use crate::servers::logic::Asked;
use crate::servers::security_groups::logic;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let name = call.wrapped("addSecurityGroup").get("name").and_then(Value::as_str);
    let name = name.unwrap_or_default().to_owned();
    let write = move |db: &Connection| logic::add(&asked, db, &name);
    call.platform.store.write("servers:add-security-group", write).await?;
    Ok(Reply::empty())
}
