//! `removeFixedIp`: an address of the server goes, below 2.44.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;

use super::add_floating_ip::address;
use crate::servers::interfaces::readdress;
use crate::servers::logic::Asked;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let address = address(&call, "removeFixedIp", "address")?
        .ok_or_else(|| Error::bad_request("'address' is a required property"))?;
    let write = move |db: &Connection| readdress::remove(&asked, db, address);
    call.platform.store.write("servers:remove-fixed-ip", write).await?;
    Ok(Reply::empty())
}
