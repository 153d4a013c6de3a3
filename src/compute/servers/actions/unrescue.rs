//! `unrescue`: the rescue guest goes, and the server's own runs again.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow};
use rusqlite::Connection;

use super::rescue::remove_rescue;
use super::{DEADLINE_SECONDS, begin};
use crate::servers::states;
use crate::servers::steps::{
    adopt_macs, become_error, observe, observed, run_or_stop, server, start,
};

pub(crate) static UNRESCUE: Workflow = Workflow {
    kind: "server.unrescue",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("remove", act: remove_rescue),
        step!("start", act: start, record: adopt_macs),
        step!("settle", act: observe, record: become_active),
    ],
    // As in Nova.
    on_failed: become_error,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin(&call, &states::UNRESCUE, &UNRESCUE).await
}

fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.has_rescue = false;
    run_or_stop(context, connection, &mut server, observed(context, "settle"))
}
