//! `restore`: a server that was deleted, but is not yet gone, runs again.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow, record_nothing};
use rusqlite::Connection;
use serde_json::Value;

use super::DEADLINE_SECONDS;
use crate::servers::create::{Wish, admitted};
use crate::servers::logic::Asked;
use crate::servers::states;
use crate::servers::steps::{
    adopt_macs, give_up, observe, observed, run_or_stop, server, start, stop_quietly,
};

pub(crate) static RESTORE: Workflow = Workflow {
    kind: "server.restore",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("start", act: start, record: adopt_macs, undo: (stop_quietly, record_nothing)),
        step!("settle", act: observe, record: become_active),
    ],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let write = move |db: &Connection| promise(&asked, db);
    call.platform.store.write("servers:restore", write).await?;
    Ok(Reply::empty())
}

/// Promises the return of the server, which counts for the quota again.
pub(crate) fn promise(asked: &Asked, connection: &Connection) -> Result<()> {
    let action = &states::RESTORE;
    let mut server = asked.open_for(connection, action)?;
    let wish = Wish {
        project: &server.project_id,
        user: &server.user_id,
        flavor: &server.flavor,
        min_count: 1,
        max_count: 1,
    };
    admitted(&asked.platform, connection, &wish)?;
    asked.begin(connection, &mut server, action, &RESTORE, Value::Null)
}

fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.soft_deleted_at = None;
    run_or_stop(context, connection, &mut server, observed(context, "settle"))
}
