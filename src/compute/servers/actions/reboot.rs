//! `reboot`: the guest ends and starts again, gently (SOFT) or at once (HARD).

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Failure, Workflow, submit_pre_empting};
use rusqlite::Connection;
use serde_json::Value;

use super::start::become_active;
use super::stop::grace_seconds;
use super::{DEADLINE_SECONDS, promise};
use crate::servers::logic::Asked;
use crate::servers::model::{TaskState, engine_name};
use crate::servers::steps::{
    adopt_macs, become_error, give_up, observe, read_server, server, server_id, set_task, start,
    thaw_if_frozen,
};
use crate::servers::{states, store};

pub(crate) static REBOOT_SOFT: Workflow = Workflow {
    kind: "server.reboot_soft",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("stop", act: end_gently, record: note_started_soft),
        step!("start", act: start, record: adopt_macs),
        step!("settle", act: observe, record: become_active),
    ],
    on_failed: give_up,
};

pub(crate) static REBOOT_HARD: Workflow = Workflow {
    kind: "server.reboot_hard",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("stop", act: end_at_once, record: note_started_hard),
        step!("start", act: start, record: adopt_macs),
        step!("settle", act: observe, record: become_active),
    ],
    // Nobody knows what state a guest is in that did not come back from the harder way.
    on_failed: become_error,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let kind = call.wrapped_text("reboot", "type").unwrap_or_default();
    let soft = kind.eq_ignore_ascii_case("soft");
    let write =
        move |db: &Connection| if soft { reboot_softly(&asked, db) } else { force(&asked, db) };
    call.platform.store.write("servers:reboot", write).await?;
    Ok(Reply::empty())
}

/// Promises a soft reboot.
pub(crate) fn reboot_softly(asked: &Asked, connection: &Connection) -> Result<()> {
    promise(asked, connection, &states::REBOOT_SOFT, &REBOOT_SOFT)
}

/// Promises a hard reboot, which goes before a softer action that hangs.
pub(crate) fn force(asked: &Asked, connection: &Connection) -> Result<()> {
    let action = &states::REBOOT_HARD;
    let mut server = asked.open_for(connection, action)?;
    server.task_state = action.task;
    store::save(connection, &mut server, asked.now)?;
    let operation = asked.operation(&server, action.label, &REBOOT_HARD, Value::Null);
    submit_pre_empting(connection, asked.now, operation)?;
    Ok(())
}

async fn end_gently(context: Context) -> Result<Value, Failure> {
    let server = read_server(&context).await?;
    let grace = grace_seconds(&server, context.platform.settings.compute.shutdown_timeout);
    context.platform.engine.stop(&server.engine_name(), grace).await?;
    Ok(Value::Null)
}

async fn end_at_once(context: Context) -> Result<Value, Failure> {
    thaw_if_frozen(context.clone()).await?;
    context.platform.engine.stop(&engine_name(&server_id(&context)), 0).await?;
    Ok(Value::Null)
}

fn note_started_soft(context: &Context, connection: &Connection) -> Result<()> {
    note_started(context, connection, TaskState::RebootStarted)
}

fn note_started_hard(context: &Context, connection: &Connection) -> Result<()> {
    note_started(context, connection, TaskState::RebootStartedHard)
}

fn note_started(context: &Context, connection: &Connection, task: TaskState) -> Result<()> {
    let mut server = server(context, connection)?;
    set_task(context, connection, &mut server, Some(task))?;
    store::save(connection, &mut server, context.now())
}
