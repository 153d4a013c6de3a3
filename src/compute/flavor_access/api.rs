//! `/flavors/{flavor_id}/os-flavor-access` and the two actions: calls become logic, rows become
//! answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{FlavorId, ProjectId};
use serde_json::{Value, json};

use super::logic;
use crate::microversions::PUBLIC_FLAVOR_ACCESS;

/// `GET /flavors/{flavor_id}/os-flavor-access`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = flavor_id(&call);
    let projects = call.platform.store.read(move |db| logic::list(db, &id)).await?;
    Ok(reply(&call, &projects))
}

/// `POST /flavors/{flavor_id}/action` (addTenantAccess).
pub(crate) async fn add(call: Call) -> Result<Reply> {
    call.authorize()?;
    let (id, project) = (flavor_id(&call), project(&call, "addTenantAccess"));
    let only_private = call.version >= PUBLIC_FLAVOR_ACCESS;
    let projects = call
        .platform
        .store
        .write("flavor-access:add", move |tx| logic::add(tx, &id, &project, only_private))
        .await?;
    Ok(reply(&call, &projects))
}

/// `POST /flavors/{flavor_id}/action` (removeTenantAccess).
pub(crate) async fn remove(call: Call) -> Result<Reply> {
    call.authorize()?;
    let (id, project) = (flavor_id(&call), project(&call, "removeTenantAccess"));
    let projects = call
        .platform
        .store
        .write("flavor-access:remove", move |tx| logic::remove(tx, &id, &project))
        .await?;
    Ok(reply(&call, &projects))
}

fn flavor_id(call: &Call) -> FlavorId {
    FlavorId::from(call.param("flavor_id"))
}

fn project(call: &Call, action: &str) -> ProjectId {
    let project = call.wrapped(action).get("tenant").and_then(Value::as_str);
    ProjectId::from(project.unwrap_or_default())
}

fn reply(call: &Call, projects: &[ProjectId]) -> Reply {
    let row = |project| json!({"flavor_id": call.param("flavor_id"), "tenant_id": project});
    Reply::json(json!({"flavor_access": projects.iter().map(row).collect::<Vec<_>>()}))
}
