//! `/os-security-group-rules`, below 2.36.

use kit::error::Result;
use kit::http::{Call, Reply};
use rusqlite::Connection;
use serde_json::json;

use super::logic;
use crate::network_proxy::Proxy;
use crate::security_groups::view;

/// `POST /os-security-group-rules`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let proxy = Proxy::authorized(&call)?;
    let body = call.wrapped("security_group_rule").clone();
    let write = move |db: &Connection| logic::create(&proxy, db, &body);
    let (rule, sources) = call.platform.store.write("security-group-rules:create", write).await?;
    Ok(Reply::json(json!({"security_group_rule": view::rule(&rule, &sources)})))
}

/// `DELETE /os-security-group-rules/{security_group_rule_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let proxy = Proxy::authorized(&call)?;
    let id = call.param("security_group_rule_id").to_owned();
    let write = move |db: &Connection| logic::delete(proxy.network(db), &id);
    call.platform.store.write("security-group-rules:delete", write).await?;
    Ok(Reply::empty())
}
