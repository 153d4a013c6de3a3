//! With `[compute] reclaim_instance_interval` a server that is deleted is only stopped, and may be
//! restored until the interval has passed; then it goes for good ([`timers`]).
//!
//! Soft deletion is for who deletes by the API. A stack deletes for good: it removes what the server
//! stands on right after it.

use kit::error::Result;
use kit::step;
use kit::workflow::{Context, Failure, Workflow, record_nothing, submit_pre_empting};
use rusqlite::Connection;
use serde_json::Value;

use super::actions::stop::stop_even_frozen;
use super::delete::{DELETE, delete};
use super::logic::{Asked, is_going};
use super::model::{PowerState, Server, VmState};
use super::snapshot::clear_shelf;
use super::steps::{give_up, is_there, run_as_before, server, set_ports, set_task};
use super::{states, store, timers};

pub(crate) static SOFT_DELETE: Workflow = Workflow {
    kind: "server.soft_delete",
    deadline_seconds: 1800,
    steps: &[
        step!("stop", act: stop_if_there, record: become_soft_deleted, undo: (run_as_before, record_nothing)),
    ],
    on_failed: give_up,
};

/// Promises the end of a server, or first its soft deletion.
pub(crate) fn delete_as_set(asked: &Asked, connection: &Connection) -> Result<()> {
    let server = asked.open(connection)?;
    let interval = asked.platform.settings.compute.reclaim_instance_interval;
    if interval <= 0 || !may_come_back(&server) {
        return delete(asked, connection, &states::DELETE);
    }
    let action = &states::SOFT_DELETE;
    action.check(&server, asked.is_admin)?;
    if is_going(&server) {
        return Ok(());
    }
    delete_softly(asked, connection, server, interval)
}

/// Nova: what has never run has nothing to restore. Neither has what is on no host.
fn may_come_back(server: &Server) -> bool {
    server.launched_at.is_some() && server.host.is_some()
}

/// Promises the soft deletion, which lasts so many seconds; with 0 until somebody ends it.
pub(crate) fn delete_softly(
    asked: &Asked,
    connection: &Connection,
    mut server: Server,
    interval: i64,
) -> Result<()> {
    let action = &states::SOFT_DELETE;
    server.task_state = action.task;
    server.progress = 0;
    store::save(connection, &mut server, asked.now)?;
    let operation = asked.operation(&server, action.label, &SOFT_DELETE, Value::from(interval));
    submit_pre_empting(connection, asked.now, operation)?;
    Ok(())
}

async fn stop_if_there(context: Context) -> Result<Value, Failure> {
    if !is_there(&context).await? {
        return Ok(Value::Null);
    }
    stop_even_frozen(context).await
}

fn become_soft_deleted(context: &Context, connection: &Connection) -> Result<()> {
    let now = context.now();
    let mut server = server(context, connection)?;
    clear_shelf(context, connection, &mut server)?;
    server.vm_state = VmState::SoftDeleted;
    server.power_state = PowerState::Shutdown;
    server.soft_deleted_at = Some(now);
    set_task(context, connection, &mut server, None)?;
    set_ports(context, connection, &server, false)?;
    store::save(connection, &mut server, now)?;
    match context.params()? {
        0 => Ok(()),
        interval => timers::set(connection, now, &server, &DELETE, interval),
    }
}
