//! `resume`: a suspended guest goes on.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow, record_nothing};
use rusqlite::Connection;

use super::{DEADLINE_SECONDS, begin};
use crate::servers::model::{PowerState, VmState};
use crate::servers::states;
use crate::servers::steps::{freeze_if_running, give_up, settle, thaw};

pub(crate) static RESUME: Workflow = Workflow {
    kind: "server.resume",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("resume", act: thaw, record: become_active, undo: (freeze_if_running, record_nothing)),
    ],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin(&call, &states::RESUME, &RESUME).await
}

fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    settle(context, connection, VmState::Active, PowerState::Running)
}
