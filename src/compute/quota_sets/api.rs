//! `/os-quota-sets/{project_id}`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{ProjectId, UserId};
use kit::policy::Target;
use kit::quota;
use rusqlite::Connection;
use serde_json::Value;

use super::model::{Holder, Quota, Quotas, Update};
use super::{logic, view};
use crate::loose;

/// `GET /os-quota-sets/{project_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    read(call, logic::of_named, view::limit).await
}

/// `GET /os-quota-sets/{project_id}/detail`.
pub(crate) async fn detail(call: Call) -> Result<Reply> {
    read(call, logic::of_named, view::detail).await
}

/// `GET /os-quota-sets/{project_id}/defaults`.
pub(crate) async fn defaults(call: Call) -> Result<Reply> {
    read(call, logic::defaults, view::limit).await
}

/// `PUT /os-quota-sets/{project_id}`. Nova leaves the id out of this answer.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let holder = authorized_holder(&call)?;
    let update = from_body(call.wrapped("quota_set"))?;
    let platform = Arc::clone(&call.platform);
    let quotas = call
        .platform
        .store
        .write("quota-sets:update", move |tx| logic::update(tx, &platform.quotas, &holder, &update))
        .await?;
    Ok(Reply::json(view::quota_set(None, &quotas, call.version, view::limit)))
}

/// `DELETE /os-quota-sets/{project_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let holder = authorized_holder(&call)?;
    let platform = Arc::clone(&call.platform);
    call.platform
        .store
        .write("quota-sets:delete", move |tx| logic::delete(tx, &platform.quotas, &holder))
        .await?;
    Ok(Reply::empty())
}

type Source = fn(&Connection, &quota::Quotas, &Holder) -> Result<Quotas>;

async fn read(call: Call, source: Source, render: fn(&Quota) -> Value) -> Result<Reply> {
    let holder = authorized_holder(&call)?;
    let platform = Arc::clone(&call.platform);
    let quotas = call.platform.store.read(move |db| source(db, &platform.quotas, &holder)).await?;
    let id = Some(call.param("project_id"));
    Ok(Reply::json(view::quota_set(id, &quotas, call.version, render)))
}

/// The project of the path and the user of the query, once the caller may act on the project.
fn authorized_holder(call: &Call) -> Result<Holder> {
    let project = ProjectId::from(call.param("project_id"));
    call.authorize_on(&Target::project(&project))?;
    let user = call.query("user_id").filter(|id| !id.is_empty()).map(UserId::from);
    Ok(Holder { project, user })
}

/// The limits of a body's `quota_set`.
pub(crate) fn from_body(body: &Value) -> Result<Update> {
    let force = body.get("force").map(loose::text).and_then(|text| loose::boolean(&text));
    let limits = body.as_object().into_iter().flatten().filter(|(key, _)| *key != "force");
    Ok(Update {
        limits: limits
            .map(|(key, value)| Ok((key.clone(), loose::integer(key, value)?)))
            .collect::<Result<_>>()?,
        force: force.unwrap_or(false),
    })
}
