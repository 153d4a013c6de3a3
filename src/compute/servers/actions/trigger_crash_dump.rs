//! `trigger_crash_dump`: a container has no kernel of its own that could crash. It is taken and
//! then fails, as with a driver of Nova that cannot: the instance action says so.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow};
use rusqlite::Connection;
use serde_json::Value;

use super::DEADLINE_SECONDS;
use crate::servers::logic::{Asked, not_ready};
use crate::servers::states;
use crate::servers::steps::give_up;

pub(crate) static TRIGGER_CRASH_DUMP: Workflow = Workflow {
    kind: "server.trigger_crash_dump",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("trigger", record: refuse)],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let write = move |db: &Connection| promise(&asked, db);
    call.platform.store.write("servers:trigger_crash_dump", write).await?;
    Ok(Reply::empty())
}

/// Promises the attempt.
pub(crate) fn promise(asked: &Asked, connection: &Connection) -> Result<()> {
    let action = &states::TRIGGER_CRASH_DUMP;
    let mut server = asked.open_for(connection, action)?;
    if server.host.is_none() {
        return Err(not_ready(&server.id));
    }
    asked.begin(connection, &mut server, action, &TRIGGER_CRASH_DUMP, Value::Null)
}

fn refuse(_: &Context, _: &Connection) -> Result<()> {
    Err(Error::not_implemented("A container has no kernel of its own to be dumped."))
}
