//! `/os-floating-ip-pools`, below 2.36.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::floating_ips::logic;
use crate::network_proxy::Proxy;

/// `GET /os-floating-ip-pools`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let proxy = Proxy::authorized(&call)?;
    let read = move |db: &Connection| logic::pools(proxy.network(db));
    let pools = call.platform.store.read(read).await?;
    let shown: Vec<Value> =
        pools.iter().map(|pool| json!({"name": logic::name_of(pool)})).collect();
    Ok(Reply::json(json!({"floating_ip_pools": shown})))
}
