//! `lock`: owners and administrators keep others from changing a server.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::workflow::{Workflow, note, record_nothing};
use rusqlite::Connection;
use serde_json::Value;

use crate::servers::logic::{self, Asked};

/// What is done within a request; the journal only lists it.
pub(crate) static NOTED: Workflow =
    Workflow { kind: "server.noted", deadline_seconds: 0, steps: &[], on_failed: record_nothing };

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let reason = call.wrapped_text("lock", "locked_reason").map(str::to_owned);
    let write = move |db: &Connection| {
        let Some(server) = logic::lock(&asked, db, reason)? else { return Ok(()) };
        note(db, asked.now, asked.operation(&server, "lock", &NOTED, Value::Null))?;
        Ok(())
    };
    call.platform.store.write("servers:lock", write).await?;
    Ok(Reply::empty())
}
