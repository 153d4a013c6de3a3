//! `/os-quota-sets/{project_id}`: calls become logic, rows become answers.

use std::sync::Arc;

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::ProjectId;
use kit::policy::Target;
use kit::quota;
use rusqlite::Connection;
use serde_json::Value;

use super::model::{Quota, Quotas, Update};
use super::{logic, view};
use crate::loose;

/// `GET /os-quota-sets/{project_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    read(call, logic::of_named_project, view::limit).await
}

/// `GET /os-quota-sets/{project_id}/detail`.
pub(crate) async fn detail(call: Call) -> Result<Reply> {
    read(call, logic::of_named_project, view::detail).await
}

/// `GET /os-quota-sets/{project_id}/defaults`.
pub(crate) async fn defaults(call: Call) -> Result<Reply> {
    read(call, logic::defaults, view::limit).await
}

/// `PUT /os-quota-sets/{project_id}`. Nova leaves the id out of this answer.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let project = authorized_project(&call)?;
    let update = from_body(call.wrapped("quota_set"))?;
    let platform = Arc::clone(&call.platform);
    let quotas = call
        .platform
        .store
        .write("quota-sets:update", move |tx| {
            logic::update(tx, &platform.quotas, &project, &update)
        })
        .await?;
    Ok(Reply::json(view::quota_set(None, &quotas, call.version, view::limit)))
}

/// `DELETE /os-quota-sets/{project_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let project = authorized_project(&call)?;
    let platform = Arc::clone(&call.platform);
    call.platform
        .store
        .write("quota-sets:delete", move |tx| logic::delete(tx, &platform.quotas, &project))
        .await?;
    Ok(Reply::empty())
}

type Source = fn(&Connection, &quota::Quotas, &ProjectId) -> Result<Quotas>;

async fn read(call: Call, source: Source, render: fn(&Quota) -> Value) -> Result<Reply> {
    let project = authorized_project(&call)?;
    let (platform, id) = (Arc::clone(&call.platform), project.clone());
    let quotas = call.platform.store.read(move |db| source(db, &platform.quotas, &id)).await?;
    let id = Some(project.as_str());
    Ok(Reply::json(view::quota_set(id, &quotas, call.version, render)))
}

/// The project of the path, once the caller may act on it.
fn authorized_project(call: &Call) -> Result<ProjectId> {
    let project = ProjectId::from(call.param("project_id"));
    call.authorize_on(&Target::project(&project))?;
    Ok(project)
}

fn from_body(body: &Value) -> Result<Update> {
    let force = body.get("force").map(loose::text).and_then(|text| loose::boolean(&text));
    let limits = body.as_object().into_iter().flatten().filter(|(key, _)| *key != "force");
    Ok(Update {
        limits: limits
            .map(|(key, value)| Ok((key.clone(), loose::integer(key, value)?)))
            .collect::<Result<_>>()?,
        force: force.unwrap_or(false),
    })
}
