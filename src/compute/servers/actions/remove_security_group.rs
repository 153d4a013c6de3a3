//! `removeSecurityGroup`: takes a server out of a security group.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;

use crate::servers::logic::Asked;
use crate::servers::security_groups::logic;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let name = call.wrapped_text("removeSecurityGroup", "name").unwrap_or_default().to_owned();
    let write = move |db: &Connection| logic::remove(&asked, db, &name);
    call.platform.store.write("servers:remove-security-group", write).await?;
    Ok(Reply::empty())
}
