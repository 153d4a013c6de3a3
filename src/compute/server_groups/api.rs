//! `/os-server-groups`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Cx, Page, Reply};
use kit::ids::ServerGroupId;
use kit::policy::{Caller, Target};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::model::{GroupPolicy, Query, ServerGroup};
use super::{logic, store, view};
use crate::{loose, policy};

/// `GET /os-server-groups`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let query = query(&call)?;
    let groups = call.platform.store.read(move |db| store::list(db, &query)).await?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = groups.iter().map(|group| view::DETAIL.render(group, &cx)).collect();
    Ok(Reply::json(json!({"server_groups": rows})))
}

/// `GET /os-server-groups/{server_group_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let group = find(&call).await?;
    Ok(reply(&call, &group))
}

/// `POST /os-server-groups`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let group = from_body(call.wrapped("server_group"), call.caller()?)?;
    let (platform, written) = (Arc::clone(&call.platform), group.clone());
    call.platform
        .store
        .write("server-groups:create", move |tx| logic::create(tx, &platform.quotas, &written))
        .await?;
    Ok(reply(&call, &group))
}

/// `DELETE /os-server-groups/{server_group_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    call.platform.store.write("server-groups:delete", move |tx| logic::delete(tx, &id)).await?;
    Ok(Reply::empty())
}

/// The group of the path, opened with the operation's rule.
async fn find(call: &Call) -> Result<ServerGroup> {
    let id = ServerGroupId::from(call.param("server_group_id"));
    let visible_to = policy::visible_to(&call.platform.policy, call.caller()?);
    let wanted = id.clone();
    let read = move |db: &Connection| store::get(db, &wanted, visible_to.as_ref());
    let found = call.platform.store.read(read).await?;
    call.open(found.ok_or_else(|| logic::not_found(&id))?)
}

fn reply(call: &Call, group: &ServerGroup) -> Reply {
    Reply::json(json!({"server_group": view::DETAIL.render(group, &Cx::new(call))}))
}

/// Nova: `all_projects` is nothing to those who may not, not a refusal.
fn query(call: &Call) -> Result<Query> {
    let page = Page::from(call, call.platform.settings.compute.max_limit)?;
    let own = Target::own(call.caller()?);
    let all =
        call.query("all_projects").is_some() && call.allows(&policy::SERVER_GROUPS_INDEX_ALL, &own);
    let project = call.caller()?.require_project()?.clone();
    Ok(Query {
        project: if all { None } else { Some(project) },
        limit: page.limit,
        offset: call.query("offset").and_then(|text| text.parse().ok()).unwrap_or(0),
    })
}

/// The group of a body's `server_group`.
pub(crate) fn from_body(body: &Value, caller: &Caller) -> Result<ServerGroup> {
    // One policy in a list until 2.63, the policy itself since.
    let policy = body.get("policy").or_else(|| body.pointer("/policies/0"));
    let most = body.pointer("/rules/max_server_per_host");
    Ok(ServerGroup {
        id: ServerGroupId::random(),
        project: caller.require_project()?.clone(),
        user: caller.user_id.clone(),
        name: body.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        policy: policy
            .and_then(Value::as_str)
            .and_then(GroupPolicy::parse)
            .unwrap_or(GroupPolicy::AntiAffinity),
        max_server_per_host: most
            .map(|value| loose::integer("max_server_per_host", value))
            .transpose()?,
        members: Vec::new(),
    })
}
