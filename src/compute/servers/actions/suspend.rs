//! `suspend`: the guest is frozen for longer. A container's memory stays where it is; there is no disk to write it to.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Failure, Workflow};
use rusqlite::Connection;
use serde_json::Value;

use super::{DEADLINE_SECONDS, begin};
use crate::servers::model::{PowerState, VmState, engine_name};
use crate::servers::states;
use crate::servers::steps::{give_up, server_id, settle};

pub(crate) static SUSPEND: Workflow = Workflow {
    kind: "server.suspend",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("suspend", act: suspend, record: become_suspended)],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin(&call, &states::SUSPEND, &SUSPEND).await
}

async fn suspend(context: Context) -> Result<Value, Failure> {
    context.platform.engine.pause(&engine_name(&server_id(&context))).await?;
    Ok(Value::Null)
}

fn become_suspended(context: &Context, connection: &Connection) -> Result<()> {
    settle(context, connection, VmState::Suspended, PowerState::Paused)
}
