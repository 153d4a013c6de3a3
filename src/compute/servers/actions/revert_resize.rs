//! `revertResize`: the server is what it was before its resize.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow, record_nothing};
use rusqlite::Connection;

use super::DEADLINE_SECONDS;
use super::confirm_resize::waiting;
use super::resize::{Params, migration, note, set_new_limits, set_old_limits};
use crate::server_migrations::model::Status;
use crate::server_migrations::store as migrations;
use crate::servers::logic::Asked;
use crate::servers::steps::{give_up, observe, observed, run_or_stop, server};
use crate::servers::{create, states};

pub(crate) static REVERT: Workflow = Workflow {
    kind: "server.revert-resize",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("limits", act: set_old_limits, undo: (set_new_limits, record_nothing)),
        step!("settle", act: observe, record: become_reverted),
    ],
    on_failed: stay_resized,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let write = move |db: &Connection| promise(&asked, db);
    call.platform.store.write("servers:revert-resize", write).await?;
    Ok(Reply::empty())
}

/// Promises it. What was made smaller may go beyond the quota when it grows again.
pub(crate) fn promise(asked: &Asked, connection: &Connection) -> Result<()> {
    let action = &states::REVERT_RESIZE;
    let mut server = asked.open_for(connection, action)?;
    let migration = waiting(connection, &server)?;
    create::check_upsize(&asked.platform, connection, &server, &migration.old_flavor)?;
    migrations::set_status(connection, migration.number, Status::Reverting, asked.now)?;
    let params = Params { migration: migration.number, confirm_at_once: false };
    let params = serde_json::to_value(params)?;
    asked.begin(connection, &mut server, action, &REVERT, params)
}

fn become_reverted(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.flavor = migration(context, connection)?.old_flavor;
    note(context, connection, Status::Reverted)?;
    run_or_stop(context, connection, &mut server, observed(context, "settle"))
}

/// It failed, and may be asked for again.
fn stay_resized(context: &Context, connection: &Connection) -> Result<()> {
    note(context, connection, Status::Finished)?;
    give_up(context, connection)
}
