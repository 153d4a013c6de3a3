//! `/os-floating-ips`, below 2.36.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{logic, view};
use crate::network_proxy::Proxy;

/// `GET /os-floating-ips`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let proxy = Proxy::authorized(&call)?;
    let read = move |db: &Connection| logic::list(proxy.network(db));
    let found = call.platform.store.read(read).await?;
    let shown: Vec<Value> = found.iter().map(view::floating_ip).collect();
    Ok(Reply::json(json!({"floating_ips": shown})))
}

/// `GET /os-floating-ips/{floating_ip_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (proxy, id) = (Proxy::authorized(&call)?, id_of(&call));
    let read = move |db: &Connection| logic::get(proxy.network(db), &id);
    let found = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"floating_ip": view::floating_ip(&found)})))
}

/// `POST /os-floating-ips`. Without a pool it is `public`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let proxy = Proxy::authorized(&call)?;
    let pool = call.body.get("pool").and_then(Value::as_str).map(str::to_owned);
    let write = move |db: &Connection| logic::create(proxy.network(db), pool.as_deref());
    let made = call.platform.store.write("floating-ips:create", write).await?;
    Ok(Reply::json(json!({"floating_ip": view::floating_ip(&made)})))
}

/// `DELETE /os-floating-ips/{floating_ip_id}`: also one that leads somewhere.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (proxy, id) = (Proxy::authorized(&call)?, id_of(&call));
    let write = move |db: &Connection| logic::delete(proxy.network(db), &id);
    call.platform.store.write("floating-ips:delete", write).await?;
    Ok(Reply::empty())
}

fn id_of(call: &Call) -> String {
    call.param("floating_ip_id").to_owned()
}
