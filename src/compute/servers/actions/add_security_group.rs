//! `addSecurityGroup`: puts a server into a security group.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;

use crate::servers::logic::Asked;
use crate::servers::security_groups::logic;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let name = call.wrapped_text("addSecurityGroup", "name").unwrap_or_default().to_owned();
    let write = move |db: &Connection| logic::add(&asked, db, &name);
    call.platform.store.write("servers:add-security-group", write).await?;
    Ok(Reply::empty())
}
