//! More interfaces. Where the guest does not get them, their ports are given back; the server stays
//! as it was and keeps the fault.

use kit::error::Result;
use kit::step;
use kit::workflow::{Context, Failure, Workflow};
use rusqlite::Connection;
use serde_json::Value;

use super::plug::{self, Params};
use crate::servers::actions::DEADLINE_SECONDS;
use crate::servers::model::VmState;
use crate::servers::steps::{adopt_macs_of, give_up, server, set_ports};

pub(crate) static ATTACH: Workflow = Workflow {
    kind: "server.attach_interface",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("plug", act: join, record: carry, undo: (part, release))],
    on_failed: give_up,
};

pub(super) async fn join(context: Context) -> Result<Value, Failure> {
    let Params { come, .. } = context.params()?;
    plug::plug(&context, come).await
}

pub(super) async fn part(context: Context) -> Result<Value, Failure> {
    let Params { come, .. } = context.params()?;
    plug::unplug(&context, come).await
}

/// The ports carry traffic where the guest does.
pub(super) fn carry(context: &Context, connection: &Connection) -> Result<()> {
    adopt_macs_of(context, connection, "plug")?;
    let server = server(context, connection)?;
    set_ports(context, connection, &server, server.vm_state != VmState::Stopped)
}

pub(super) fn release(context: &Context, connection: &Connection) -> Result<()> {
    let Params { come, .. } = context.params()?;
    plug::release(context, connection, &come)
}
