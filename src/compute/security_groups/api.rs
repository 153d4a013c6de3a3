//! `/os-security-groups`, below 2.36.

use kit::error::Result;
use kit::http::{Call, Page, Reply};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::{logic, view};
use crate::network_proxy::Proxy;

/// `GET /os-security-groups`. The first look makes the project's default group.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let proxy = Proxy::authorized(&call)?;
    network::facade::ensure_default_group(&call).await?;
    let all = call.query("all_tenants").is_some();
    let max = call.platform.settings.compute.max_limit;
    // Nova: a limit of 0 is none.
    let limit = match Page::from(&call, max)?.limit {
        0 => max,
        limit => limit,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let offset = call.query("offset").and_then(|text| text.parse().ok()).unwrap_or(0);
    let read = move |db: &Connection| logic::list(proxy.network(db), all, offset, limit);
    let (groups, sources) = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"security_groups": view::groups(&groups, &sources)})))
}

/// `GET /os-security-groups/{security_group_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (proxy, id) = (Proxy::authorized(&call)?, id_of(&call));
    let read = move |db: &Connection| logic::get(proxy.network(db), &id);
    let (group, sources) = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"security_group": view::group(&group, &sources)})))
}

/// `POST /os-security-groups`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let (proxy, given) = (Proxy::authorized(&call)?, given(&call));
    let write = move |db: &Connection| logic::create(proxy.network(db), given);
    let (group, sources) = call.platform.store.write("security-groups:create", write).await?;
    Ok(Reply::json(json!({"security_group": view::group(&group, &sources)})))
}

/// `PUT /os-security-groups/{security_group_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let (proxy, id, given) = (Proxy::authorized(&call)?, id_of(&call), given(&call));
    let write = move |db: &Connection| logic::update(proxy.network(db), &id, given);
    let (group, sources) = call.platform.store.write("security-groups:update", write).await?;
    Ok(Reply::json(json!({"security_group": view::group(&group, &sources)})))
}

/// `DELETE /os-security-groups/{security_group_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (proxy, id) = (Proxy::authorized(&call)?, id_of(&call));
    let write = move |db: &Connection| logic::delete(proxy.network(db), &id);
    call.platform.store.write("security-groups:delete", write).await?;
    Ok(Reply::empty())
}

fn id_of(call: &Call) -> String {
    call.param("security_group_id").to_owned()
}

/// Name and description; Nova passes nothing else on.
fn given(call: &Call) -> Map<String, Value> {
    let body = call.wrapped("security_group");
    let member = |key: &str| Some((key.to_owned(), body.get(key)?.clone()));
    ["name", "description"].into_iter().filter_map(member).collect()
}
