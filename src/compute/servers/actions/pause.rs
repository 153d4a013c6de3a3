//! `pause`: the guest is frozen.

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

pub(crate) static PAUSE: Workflow = Workflow {
    kind: "server.pause",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("pause", act: pause, record: become_paused)],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin(&call, &states::PAUSE, &PAUSE).await
}

async fn pause(context: Context) -> Result<Value, Failure> {
    context.platform.engine.pause(&engine_name(&server_id(&context))).await?;
    Ok(Value::Null)
}

fn become_paused(context: &Context, connection: &Connection) -> Result<()> {
    settle(context, connection, VmState::Paused, PowerState::Paused)
}
