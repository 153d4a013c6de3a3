//! `/software_deployments`.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply};
use kit::ids::{SoftwareConfigId, SoftwareDeploymentId};
use kit::workflow::wake;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::model::Deployment;
use super::{logic, store, view};
use crate::software_configs;
use crate::stacks::lookup::Rights;
use crate::stacks::reach::Reach;
use crate::template::python::truth;

/// `GET /software_deployments`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let reach = Reach::of(&call)?;
    let server = call.query("server_id").map(str::to_owned);
    let read = move |connection: &Connection| store::list(connection, &reach, server.as_deref());
    let rows = call.platform.store.read(read).await?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = rows.iter().map(|row| view::render(row, &cx)).collect();
    Ok(Reply::json(json!({"software_deployments": rows})))
}

/// `GET /software_deployments/metadata/{server_id}`: the configs of a server, by name.
pub(crate) async fn metadata(call: Call) -> Result<Reply> {
    call.authorize()?;
    let reach = Reach::of(&call)?;
    let server = call.param("server_id").to_owned();
    let read = move |connection: &Connection| {
        logic::configs_of(connection, store::list(connection, &reach, Some(&server))?)
    };
    let configs = call.platform.store.read(read).await?;
    let shown: Vec<Value> = configs.iter().map(software_configs::view::detail).collect();
    Ok(Reply::json(json!({"metadata": shown})))
}

/// `POST /software_deployments`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let caller = call.caller()?;
    let required = |name: &str| {
        let text = text(&call, name);
        text.ok_or_else(|| Error::bad_request(format!("{name} must be specified")))
    };
    let object = || Value::Object(Map::new());
    let mut deployment = Deployment {
        id: SoftwareDeploymentId::random(),
        project: caller.require_project()?.clone(),
        user: caller.user_id.clone(),
        server: required("server_id")?,
        config: SoftwareConfigId::from(required("config_id")?),
        run: 0,
        input_values: call.body.get("input_values").cloned().unwrap_or_else(object),
        output_values: Value::Null,
        action: text(&call, "action"),
        status: text(&call, "status"),
        status_reason: text(&call, "status_reason"),
        created_at: call.platform.clock.now(),
        updated_at: None,
    };
    let (platform, request_id) = (Arc::clone(&call.platform), call.request_id.to_string());
    let reach = Reach::of(&call)?;
    let write = move |connection: &Connection| {
        check_config(connection, &reach, &deployment.config)?;
        logic::create(connection, platform.clock.now(), &request_id, &mut deployment)?;
        Ok(deployment)
    };
    let made = call.platform.store.write("software_deployments:create", write).await?;
    Ok(shown(&call, &made))
}

fn check_config(connection: &Connection, reach: &Reach, id: &SoftwareConfigId) -> Result<()> {
    let found = software_configs::store::get(connection, reach, id)?;
    found.map(|_| ()).ok_or_else(software_configs::logic::not_found)
}

fn text(call: &Call, name: &str) -> Option<String> {
    call.body.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// `GET /software_deployments/{deployment_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let read = move |connection: &Connection| asked.open(connection, &rights);
    let row = call.platform.store.read(read).await?;
    Ok(shown(&call, &row))
}

/// `PUT /software_deployments/{deployment_id}`: what is not named stays; another config is run.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let (platform, request_id) = (Arc::clone(&call.platform), call.request_id.to_string());
    let body = call.body.clone();
    let write = move |connection: &Connection| {
        let now = platform.clock.now();
        let mut row = asked.open(connection, &rights)?;
        let other_config = put(&mut row, &body);
        row.updated_at = Some(now);
        store::save(connection, &row)?;
        if other_config {
            check_config(connection, rights.reach(), &row.config)?;
            logic::set_in_motion(connection, now, &request_id, &mut row)?;
        }
        wake(connection, &row.target())?;
        Ok(row)
    };
    let row = call.platform.store.write("software_deployments:update", write).await?;
    Ok(shown(&call, &row))
}

/// Takes over what the body names; whether that is another config.
fn put(row: &mut Deployment, body: &Value) -> bool {
    let named = |name: &str| body.get(name).filter(|value| truth(value)).cloned();
    let text = |name: &str| named(name).and_then(|value| value.as_str().map(str::to_owned));
    row.action = text("action").or(row.action.take());
    row.status = text("status").or(row.status.take());
    row.status_reason = text("status_reason").or(row.status_reason.take());
    row.input_values = named("input_values").unwrap_or(row.input_values.take());
    row.output_values = named("output_values").unwrap_or(row.output_values.take());
    let Some(config) = text("config_id") else { return false };
    row.config = SoftwareConfigId::from(config);
    true
}

/// `DELETE /software_deployments/{deployment_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let write = move |connection: &Connection| {
        let row = asked.open(connection, &rights)?;
        store::delete(connection, &row.id)?;
        wake(connection, &row.target())
    };
    call.platform.store.write("software_deployments:delete", write).await?;
    Ok(Reply::empty())
}

fn shown(call: &Call, deployment: &Deployment) -> Reply {
    Reply::json(json!({"software_deployment": view::render(deployment, &Cx::new(call))}))
}

/// The deployment that a path names.
struct Asked {
    id: SoftwareDeploymentId,
}

impl Asked {
    fn of(call: &Call) -> Result<Self> {
        call.authorize()?;
        Ok(Self { id: SoftwareDeploymentId::from(call.param("deployment_id")) })
    }

    fn open(&self, connection: &Connection, rights: &Rights) -> Result<Deployment> {
        let found = store::get(connection, rights.reach(), &self.id)?;
        rights.open(found.ok_or_else(|| logic::not_found(&self.id))?)
    }
}
