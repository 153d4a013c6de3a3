//! `confirmResize`: the old flavor is thrown away, on request or when its time has come
//! ([`timers`](crate::servers::timers)).

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow};
use rusqlite::Connection;
use serde_json::Value;

use super::DEADLINE_SECONDS;
use crate::server_migrations::model::Migration;
use crate::server_migrations::store as migrations;
use crate::servers::logic::Asked;
use crate::servers::model::Server;
use crate::servers::states;
use crate::servers::steps::{give_up, observe, observed, run_or_stop, server};

pub(crate) static CONFIRM: Workflow = Workflow {
    kind: "server.confirm-resize",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("settle", act: observe, record: become_confirmed)],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let write = move |db: &Connection| promise(&asked, db);
    call.platform.store.write("servers:confirm-resize", write).await?;
    Ok(Reply::empty())
}

/// Promises it.
pub(crate) fn promise(asked: &Asked, connection: &Connection) -> Result<()> {
    let action = &states::CONFIRM_RESIZE;
    let mut server = asked.open_for(connection, action)?;
    waiting(connection, &server)?;
    asked.begin(connection, &mut server, action, &CONFIRM, Value::Null)
}

/// The migration that waits; an operator may have set the state that says there is one.
pub(super) fn waiting(connection: &Connection, server: &Server) -> Result<Migration> {
    migrations::finished(connection, &server.id)?
        .ok_or_else(|| Error::bad_request("Instance has not been resized."))
}

fn become_confirmed(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    migrations::conclude(connection, &server.id, context.now())?;
    run_or_stop(context, connection, &mut server, observed(context, "settle"))
}
