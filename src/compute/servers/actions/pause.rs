//! `pause`: the guest is frozen.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow, record_nothing};
use rusqlite::Connection;

use super::{DEADLINE_SECONDS, begin};
use crate::servers::model::{PowerState, VmState};
use crate::servers::states;
use crate::servers::steps::{freeze, give_up, settle, thaw_if_frozen};

pub(crate) static PAUSE: Workflow = Workflow {
    kind: "server.pause",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("pause", act: freeze, record: become_paused, undo: (thaw_if_frozen, record_nothing)),
    ],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin(&call, &states::PAUSE, &PAUSE).await
}

fn become_paused(context: &Context, connection: &Connection) -> Result<()> {
    settle(context, connection, VmState::Paused, PowerState::Paused)
}
