//! One interface less. Where the guest keeps it, so does the server, with the fault.

use kit::error::{Error, Result};
use kit::step;
use kit::workflow::{Context, Workflow, record_nothing};
use rusqlite::Connection;

use super::plug::{Params, nic, plug, release, unplug};
use crate::servers::actions::DEADLINE_SECONDS;
use crate::servers::steps::give_up;

pub(crate) static DETACH: Workflow = Workflow {
    kind: "server.detach_interface",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("find", record: find),
        step!("unplug", act: unplug, record: release, undo: (plug, record_nothing)),
    ],
    on_failed: give_up,
};

/// Nova tells of a port that is not the server's only when it works on it.
fn find(context: &Context, connection: &Connection) -> Result<()> {
    if nic(context, connection)?.is_some() {
        return Ok(());
    }
    let Params { port } = context.params()?;
    Err(Error::not_found(format!("Port {port} is not attached")))
}
