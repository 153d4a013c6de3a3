//! `suspend`: the guest is frozen for longer. A container's memory stays where it is; there is no disk to write it to.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow, record_nothing};
use rusqlite::Connection;

use super::{DEADLINE_SECONDS, begin};
use crate::servers::model::{PowerState, VmState};
use crate::servers::states;
use crate::servers::steps::{freeze, give_up, settle, thaw_if_frozen};

pub(crate) static SUSPEND: Workflow = Workflow {
    kind: "server.suspend",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("suspend", act: freeze, record: become_suspended, undo: (thaw_if_frozen, record_nothing)),
    ],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin(&call, &states::SUSPEND, &SUSPEND).await
}

fn become_suspended(context: &Context, connection: &Connection) -> Result<()> {
    settle(context, connection, VmState::Suspended, PowerState::Paused)
}
