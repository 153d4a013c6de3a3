//! Running a deployment in its guest: the durable operation `deployment.run`.
//!
//! It waits for the guest, runs the config there, and says how it went as an agent in the guest
//! would have. A deployment that was removed or that somebody else has ended meanwhile is left
//! alone.

use bytes::Bytes;
use compute::facade::{Presence, engine_name, presence, server_target};
use kit::engine::{Exec, GuestFile};
use kit::error::{Error, Result};
use kit::ids::{ServerId, SoftwareDeploymentId};
use kit::step;
use kit::workflow::{Context, Failure, Wait, Workflow};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::model::{Deployment, FAILED, STATUS_CODE};
use super::{hooks, logic, store};
use crate::software_configs::model::SoftwareConfig;
use crate::software_configs::{logic as configs, store as config_store};

/// How long a deployment may take, its server's boot included.
const DEADLINE_SECONDS: i64 = 4 * 3600;
/// The largest file that is read of a run.
const LIMIT_BYTES: u64 = 1 << 20;

/// The workflow.
pub(crate) static RUN: Workflow = Workflow {
    kind: "deployment.run",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("deploy", wait: until_there, long_act: run, record: settle)],
    on_failed: give_up,
};

/// Which run of which deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Params {
    deployment: SoftwareDeploymentId,
    run: i64,
}

impl Params {
    pub(crate) fn of(deployment: &Deployment) -> Self {
        Self { deployment: deployment.id.clone(), run: deployment.run }
    }

    pub(crate) fn to_value(&self) -> Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}

/// The deployment, if this run still counts.
fn deployment(context: &Context, connection: &Connection) -> Result<Option<Deployment>> {
    let params: Params = context.params()?;
    let found = store::get_for_system(connection, &params.deployment)?;
    Ok(found.filter(|row| row.run == params.run))
}

/// Waits until the guest runs. One that is gone is not waited for.
fn until_there(context: &Context, connection: &Connection) -> Result<Wait> {
    let Some(row) = deployment(context, connection)? else { return Ok(Wait::Over) };
    let server = ServerId::from(row.server.as_str());
    match presence(connection, &row.project, &server)? {
        Presence::Running => Ok(Wait::Over),
        Presence::Waiting => {
            let until = context.operation.created_at.plus_seconds(DEADLINE_SECONDS);
            Ok(Wait::For { target: server_target(&server), until })
        }
        Presence::Absent => Err(Error::conflict("The server is gone.")),
        Presence::Broken => Err(Error::conflict("The server is in ERROR.")),
    }
}

async fn run(context: Context) -> Result<Value, Failure> {
    let within = context.clone();
    let read = move |connection: &Connection| {
        let Some(row) = deployment(&within, connection)? else { return Ok(None) };
        let config = config_store::get_for_system(connection, &row.config)?;
        Ok(config.map(|config| (row, config)))
    };
    let Some((row, config)) = context.platform.store.read(read).await? else {
        return Ok(Value::Null);
    };
    let name = format!("{}-{}", row.id, row.run);
    let plan = hooks::plan(&name, &config, &row.input_values);
    let plan = plan.map_err(|sentence| Failure::Fail(Error::conflict(sentence)))?;
    let guest = engine_name(&ServerId::from(row.server.as_str()));
    let engine = &context.platform.engine;
    engine.put_files(&guest, &files(&plan)).await?;
    let exec = Exec { command: plan.command.clone(), user: "0".to_owned(), ..Exec::default() };
    let code = engine.exec(&guest, &exec).await?.exit_code;
    said(&context, &guest, &plan, &config, code).await
}

fn files(plan: &hooks::Plan) -> Vec<GuestFile> {
    let file = |(path, content, mode): &hooks::File| GuestFile {
        path: path.clone(),
        content: Some(Bytes::from(content.clone())),
        mode: *mode,
        uid: 0,
        gid: 0,
    };
    plan.files.iter().map(file).collect()
}

/// What the run has left: the words of an agent's signal.
async fn said(
    context: &Context,
    guest: &str,
    plan: &hooks::Plan,
    config: &SoftwareConfig,
    code: i64,
) -> Result<Value, Failure> {
    let folder = &plan.folder;
    let mut said = Map::from_iter([(STATUS_CODE.to_owned(), Value::from(code))]);
    for (key, file) in [("deploy_stdout", "stdout"), ("deploy_stderr", "stderr")] {
        let text = text(context, guest, &format!("{folder}/{file}")).await?;
        said.insert(key.to_owned(), Value::String(text.unwrap_or_default()));
    }
    let names = config.outputs.iter().map(configs::name).filter(|name| !name.contains('/'));
    for name in names {
        if let Some(text) = text(context, guest, &format!("{folder}/output.{name}")).await? {
            said.insert(name.to_owned(), Value::String(text));
        }
    }
    Ok(Value::Object(said))
}

async fn text(context: &Context, guest: &str, path: &str) -> Result<Option<String>, Failure> {
    let found = context.platform.engine.read_file(guest, path, LIMIT_BYTES).await?;
    let bytes = found.and_then(|file| file.content);
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

fn settle(context: &Context, connection: &Connection) -> Result<()> {
    let Some(mut row) = deployment(context, connection)? else { return Ok(()) };
    let said = context.output("deploy").unwrap_or(&Value::Null);
    if row.is_in_progress() {
        logic::take(connection, context.now(), &mut row, said).map(drop)
    } else {
        logic::keep_outputs(connection, &mut row, said)
    }
}

fn give_up(context: &Context, connection: &Connection) -> Result<()> {
    let Some(mut row) = deployment(context, connection)? else { return Ok(()) };
    if !row.is_in_progress() {
        return Ok(());
    }
    let message = context.message().filter(|message| !message.is_empty());
    let reason = message.unwrap_or("The deployment was given up.").to_owned();
    logic::end(connection, context.now(), &mut row, FAILED, reason)
}
