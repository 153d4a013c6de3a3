//! `/quotas`: the limits of projects.

use kit::Platform;
use std::sync::Arc;

use kit::Result;
use kit::error::Error;
use kit::http::pyrepr::Str;
use kit::http::{Call, Reply};
use kit::ids::{ProjectId, UserId};
use kit::policy::Target;
use kit::quota::{forget_limits, projects_with_limits, set_limit};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::names;
use crate::errors;
use crate::resource::{is_admin, one};

/// The largest limit that a database of Neutron holds.
const MAX_LIMIT: i64 = 2_147_483_647;

/// `GET /quotas`: projects whose limits somebody set.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let platform = Arc::clone(&call.platform);
    let read = move |connection: &Connection| {
        let projects = projects_with_limits(connection, &names())?;
        projects
            .into_iter()
            .map(|project| {
                let mut quota = limits(&platform, connection, &project)?;
                quota.insert("project_id".to_owned(), json!(project));
                quota.insert("tenant_id".to_owned(), json!(project));
                Ok(Value::Object(quota))
            })
            .collect::<Result<Vec<Value>>>()
    };
    Ok(Reply::json(json!({"quotas": call.platform.store.read(read).await?})))
}

/// `GET /quotas/{project_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    respond(call, limits).await
}

/// `GET /quotas/{project_id}/default`.
pub(crate) async fn default(call: Call) -> Result<Reply> {
    respond(call, |platform, connection, _| {
        let limit = |name| Ok(json!(platform.quotas.default_limit(connection, name)?));
        each(limit)
    })
    .await
}

/// `GET /quotas/{project_id}/details`. Neutron asks no rule about those of others
/// (`extensions/quotasv2_detail.py`).
pub(crate) async fn details(call: Call) -> Result<Reply> {
    if is_of_others(&call)? && !is_admin(&call.platform, call.caller()?) {
        return Err(errors::admin_required(
            "Only admin is authorized to access quotas for another project",
        ));
    }
    respond(call, |platform, connection, project| {
        let detail = |name| {
            let limit = platform.quotas.limit(connection, project, name)?;
            let used = platform.quotas.usage(connection, project, &UserId::from(""), name)?;
            Ok(json!({"limit": limit, "used": used, "reserved": 0}))
        };
        each(detail)
    })
    .await
}

/// `GET /quotas/project`: whose limits the token is about.
pub(crate) async fn project(call: Call) -> Result<Reply> {
    let project = call.caller()?.project().ok_or_else(|| {
        Error::bad_request("Tenant-id was missing from quota request.").tag("QuotaMissingTenant")
    })?;
    Ok(Reply::json(json!({"project": {"project_id": project}})))
}

/// `PUT /quotas/{project_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    call.authorize()?;
    let given = one(&call.body, "quota")?;
    let platform = Arc::clone(&call.platform);
    let project = ProjectId::from(call.param("project_id"));
    let write = move |connection: &Connection| {
        set(&platform, connection, &project, given)?;
        limits(&platform, connection, &project)
    };
    let quota = call.platform.store.write("quotas:update", write).await?;
    Ok(Reply::json(json!({"quota": quota})))
}

/// Sets the limits of a body's `quota`, all of them or none.
pub(crate) fn set(
    platform: &Platform,
    connection: &Connection,
    project: &ProjectId,
    mut given: Map<String, Value>,
) -> Result<()> {
    let force = given.remove("force").is_some_and(|force| force == true);
    given.remove("check_limit");
    let wanted =
        given.iter().map(|(name, value)| limit(name, value)).collect::<Result<Vec<_>>>()?;
    for (name, limit) in wanted {
        let used = platform.quotas.usage(connection, project, &UserId::from(""), name)?;
        if !force && limit >= 0 && used > limit {
            return Err(Error::bad_request(format!(
                "Quota limit {limit} for {name} must be greater than or equal to already used {used}"
            )));
        }
        set_limit(connection, project, name, limit)?;
    }
    Ok(())
}

/// `DELETE /quotas/{project_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    call.authorize()?;
    let project = ProjectId::from(call.param("project_id"));
    let write = move |connection: &Connection| forget_limits(connection, &project, &names());
    call.platform.store.write("quotas:delete", write).await?;
    Ok(Reply::empty())
}

type Describe = fn(&Platform, &Connection, &ProjectId) -> Result<Map<String, Value>>;

/// Neutron: a project sees its own limits without further ado, others' by the rule.
async fn respond(call: Call, describe: Describe) -> Result<Reply> {
    let project = ProjectId::from(call.param("project_id"));
    if is_of_others(&call)? {
        call.authorize_on(&Target::own(call.caller()?))?;
    }
    let platform = Arc::clone(&call.platform);
    let read = move |connection: &Connection| describe(&platform, connection, &project);
    Ok(Reply::json(json!({"quota": call.platform.store.read(read).await?})))
}

fn is_of_others(call: &Call) -> Result<bool> {
    Ok(call.caller()?.project().map(ProjectId::as_str) != Some(call.param("project_id")))
}

/// The limits of a project.
pub(crate) fn limits(
    platform: &Platform,
    connection: &Connection,
    project: &ProjectId,
) -> Result<Map<String, Value>> {
    each(|name| Ok(json!(platform.quotas.limit(connection, project, name)?)))
}

fn each(describe: impl Fn(&'static str) -> Result<Value>) -> Result<Map<String, Value>> {
    names().into_iter().map(|name| Ok((name.to_owned(), describe(name)?))).collect()
}

fn limit(name: &str, value: &Value) -> Result<(&'static str, i64)> {
    let unknown = || Error::bad_request(format!("Unrecognized attribute(s) '{name}'"));
    let name = names().into_iter().find(|known| *known == name).ok_or_else(unknown)?;
    let number: i64 = Str(value)
        .to_string()
        .parse()
        .map_err(|_| errors::invalid_input(format!("'{}' is not an integer", Str(value))))?;
    let reason = if number < -1 {
        format!("'{number}' is too small - must be at least '-1'")
    } else if number > MAX_LIMIT {
        format!("'{number}' is too large - must be no larger than '{MAX_LIMIT}'")
    } else {
        return Ok((name, number));
    };
    Err(Error::bad_request(format!("Invalid input for {name}. Reason: {reason}.")))
}
