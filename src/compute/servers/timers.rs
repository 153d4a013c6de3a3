//! What becomes of a server by itself when its time has come. Nova looks at all of its servers
//! every minute for these; here each waits for its own time in the journal.
//!
//! A timer is an operation on a finer target of its server, so that it is in nobody's way, and
//! without a label, so that the server's instance actions do not list it. When it is due it
//! begins what the row of [`DUE`] says, as the API would. It holds only as long as the server is
//! as it was when it was set: whoever brings the server out of that state need not know of it.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::RequestId;
use kit::step;
use kit::workflow::{Context, NewOperation, Wait, Workflow, record_nothing, running_on, submit};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::actions::confirm_resize::CONFIRM;
use super::actions::shelve_offload::SHELVE_OFFLOAD;
use super::delete::DELETE;
use super::model::{Server, VmState};
use super::states::{self, Action};
use super::steps::server_id;
use super::store;
use crate::server_migrations::store as migrations;

pub(crate) static TIMER: Workflow = Workflow {
    kind: "server.timer",
    deadline_seconds: 600,
    steps: &[step!("due", wait: until_due, record: begin)],
    on_failed: record_nothing,
};

/// How long a timer that is due waits at a time for what is being done to its server.
const PATIENCE_SECONDS: i64 = 86_400;

/// One thing that becomes of servers.
struct Due {
    action: &'static Action,
    workflow: &'static Workflow,
    /// Since when the server has been waiting for it; `None`: it is not.
    since: fn(&Connection, &Server) -> Result<Option<Time>>,
}

static DUE: &[Due] = &[
    Due {
        action: &states::SHELVE_OFFLOAD,
        workflow: &SHELVE_OFFLOAD,
        since: |_, server| {
            Ok(server.shelved.as_ref().filter(|_| server.host.is_some()).map(|it| it.at))
        },
    },
    Due {
        action: &states::DELETE,
        workflow: &DELETE,
        since: |_, server| Ok(server.soft_deleted_at),
    },
    Due {
        action: &states::CONFIRM_RESIZE,
        workflow: &CONFIRM,
        since: |connection, server| {
            let resized = migrations::finished(connection, &server.id)?;
            Ok(resized.filter(|_| server.vm_state == VmState::Resized).map(|it| it.created_at))
        },
    },
];

#[derive(Debug, Serialize, Deserialize)]
struct Params {
    /// The kind of the workflow that it begins.
    begins: String,
    since: Time,
    due: Time,
}

/// Lets the workflow begin on the server in `seconds`, if it is then as it is now.
pub(crate) fn set(
    connection: &Connection,
    now: Time,
    server: &Server,
    workflow: &'static Workflow,
    seconds: i64,
) -> Result<()> {
    let row = row(workflow.kind)?;
    let Some(since) = (row.since)(connection, server)? else { return Ok(()) };
    let begins = workflow.kind.to_owned();
    start(connection, now, server, &Params { begins, since, due: now.plus_seconds(seconds) })
}

fn start(connection: &Connection, now: Time, server: &Server, params: &Params) -> Result<()> {
    let own = RequestId::random();
    let operation = NewOperation {
        target: format!("{}/timer:{own}", server.target()),
        params: serde_json::to_value(params)?,
        ..operation(server, &TIMER, "")
    };
    submit(connection, now, operation)?;
    Ok(())
}

fn operation(server: &Server, workflow: &'static Workflow, label: &'static str) -> NewOperation {
    NewOperation {
        workflow,
        target: server.target(),
        project: server.project_id.clone(),
        user: server.user_id.clone(),
        request_id: RequestId::random().to_string(),
        params: serde_json::Value::Null,
        label,
    }
}

fn row(kind: &str) -> Result<&'static Due> {
    let found = DUE.iter().find(|row| row.workflow.kind == kind);
    found.ok_or_else(|| Error::internal(format!("no timer begins {kind}")))
}

/// The server, while the timer holds.
fn waiting(context: &Context, connection: &Connection, params: &Params) -> Result<Option<Server>> {
    let found = store::get_for_system(connection, &server_id(context))?;
    let Some(server) = found else { return Ok(None) };
    let since = (row(&params.begins)?.since)(connection, &server)?;
    Ok((since == Some(params.since)).then_some(server))
}

fn until_due(context: &Context, connection: &Connection) -> Result<Wait> {
    let params: Params = context.params()?;
    let Some(server) = waiting(context, connection, &params)? else { return Ok(Wait::Over) };
    let target = server.target();
    if context.now() < params.due {
        return Ok(Wait::For { target: context.operation.target.clone(), until: params.due });
    }
    if running_on(connection, &target)?.is_some() {
        return Ok(Wait::For { target, until: context.now().plus_seconds(PATIENCE_SECONDS) });
    }
    Ok(Wait::Over)
}

fn begin(context: &Context, connection: &Connection) -> Result<()> {
    let params: Params = context.params()?;
    let Some(mut server) = waiting(context, connection, &params)? else { return Ok(()) };
    let now = context.now();
    // Something was begun between the last look and this one.
    if running_on(connection, &server.target())?.is_some() {
        return start(connection, now, &server, &params);
    }
    let Due { action, workflow, .. } = row(&params.begins)?;
    server.task_state = action.task;
    store::save(connection, &mut server, now)?;
    submit(connection, now, operation(&server, workflow, action.label))?;
    Ok(())
}
