//! `addFloatingIp`: leads a floating IP to a server, below 2.44.

use std::net::IpAddr;

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use rusqlite::Connection;

use crate::floating_ips::lead;
use crate::servers::logic::Asked;

/// The key of the body.
const KEY: &str = "addFloatingIp";

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let address = address(&call, KEY, "address")?
        .ok_or_else(|| Error::bad_request("'address' is a required property"))?;
    let fixed = self::address(&call, KEY, "fixed_address")?;
    let write = move |db: &Connection| lead::to_server(&asked, db, address, fixed);
    call.platform.store.write("servers:add-floating-ip", write).await?;
    Ok(Reply::empty())
}

/// An address of the body, if there is one; the contract has refused what is none.
pub(super) fn address(call: &Call, wrapper: &str, key: &str) -> Result<Option<IpAddr>> {
    let parsed = call.wrapped_text(wrapper, key).map(str::parse);
    parsed.transpose().map_err(|_| Error::bad_request(format!("'{key}' is not an address")))
}
