//! `os-start`: a stopped guest runs again.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow};
use rusqlite::Connection;

use super::{DEADLINE_SECONDS, begin_mapped};
use crate::servers::states;
use crate::servers::steps::{adopt_macs, give_up, observe, observed, run_or_stop, server, start};

pub(crate) static START: Workflow = Workflow {
    kind: "server.start",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("start", act: start, record: adopt_macs),
        step!("settle", act: observe, record: become_active),
    ],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin_mapped(&call, &states::START, &START).await
}

/// Notes whether it runs.
pub(crate) fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    run_or_stop(context, connection, &mut server, observed(context, "settle"))
}
