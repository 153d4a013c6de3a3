//! A server goes: `DELETE /servers/{server_id}` and its workflow, which goes before whatever else
//! is being done to the server.

use kit::error::Result;
use kit::step;
use kit::workflow::{Context, Failure, Workflow, submit_pre_empting};
use rusqlite::Connection;
use serde_json::Value;

use super::actions::rescue::remove_rescue;
use super::boot::remove_container;
use super::logic::Asked;
use super::model::{PowerState, VmState};
use super::snapshot::clear_shelf;
use super::states::Action;
use super::steps::{become_error, read_server, server, server_id};
use super::store;
use crate::server_migrations;

pub(crate) static DELETE: Workflow = Workflow {
    kind: "server.delete",
    deadline_seconds: 1800,
    steps: &[
        step!("rescue", act: remove_any_rescue),
        step!("guest", act: remove_container, record: become_deleted),
    ],
    // As in Nova; deleting the server again tries again.
    on_failed: become_error,
};

/// Promises the end of a server. A server that is going already keeps the promise it has.
pub(crate) fn delete(
    asked: &Asked,
    connection: &Connection,
    action: &'static Action,
) -> Result<()> {
    let mut server = asked.open_for(connection, action)?;
    if server.task_state == action.task {
        return Ok(());
    }
    server.task_state = action.task;
    server.progress = 0;
    store::save(connection, &mut server, asked.now)?;
    let operation = asked.operation(&server, action.label, &DELETE, Value::Null);
    submit_pre_empting(connection, asked.now, operation)?;
    Ok(())
}

/// Most servers were never rescued: their delete asks the engine nothing more.
async fn remove_any_rescue(context: Context) -> Result<Value, Failure> {
    if read_server(&context).await?.has_rescue {
        remove_rescue(context).await
    } else {
        Ok(Value::Null)
    }
}

fn become_deleted(context: &Context, connection: &Connection) -> Result<()> {
    let now = context.now();
    network::facade::release(connection, now, &server_id(context))?;
    server_migrations::store::conclude(connection, &server_id(context), now)?;
    let mut server = server(context, connection)?;
    clear_shelf(context, connection, &mut server)?;
    server.vm_state = VmState::Deleted;
    server.task_state = None;
    server.power_state = PowerState::NoState;
    server.terminated_at = Some(now);
    server.deleted_at = Some(now);
    store::save(connection, &mut server, now)
}
