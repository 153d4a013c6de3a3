//! `os-resetState`: administrators set a state by hand.
//!
//! The one exception from the rule that only its operation changes a busy server's states: it is
//! there for servers whose operation will never end.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::workflow::note;
use rusqlite::Connection;
use serde_json::Value;

use super::lock::NOTED;
use crate::servers::logic::Asked;
use crate::servers::model::VmState;
use crate::servers::store;

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let state = call.wrapped("os-resetState").get("state").and_then(Value::as_str);
    let state = if state == Some("active") { VmState::Active } else { VmState::Error };
    let write = move |db: &Connection| {
        let mut server = asked.open(db)?;
        server.vm_state = state;
        server.task_state = None;
        store::save(db, &mut server, asked.now)?;
        note(db, asked.now, asked.operation(&server, "resetState", &NOTED, Value::Null))?;
        Ok(())
    };
    call.platform.store.write("servers:reset_state", write).await?;
    Ok(Reply::empty())
}
