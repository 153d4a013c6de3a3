//! `resume`: a suspended guest goes on.

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

pub(crate) static RESUME: Workflow = Workflow {
    kind: "server.resume",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("resume", act: resume, record: become_active)],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin(&call, &states::RESUME, &RESUME).await
}

async fn resume(context: Context) -> Result<Value, Failure> {
    context.platform.engine.unpause(&engine_name(&server_id(&context))).await?;
    Ok(Value::Null)
}

fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    settle(context, connection, VmState::Active, PowerState::Running)
}
