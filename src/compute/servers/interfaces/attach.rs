//! One more interface. Where the guest does not get it, its port is given back; the server stays
//! as it was and keeps the fault.

use kit::error::Result;
use kit::step;
use kit::workflow::{Context, Workflow};
use rusqlite::Connection;

use super::plug::{plug, release, unplug};
use crate::servers::actions::DEADLINE_SECONDS;
use crate::servers::model::VmState;
use crate::servers::steps::{adopt_macs_of, give_up, server, set_ports};

pub(crate) static ATTACH: Workflow = Workflow {
    kind: "server.attach_interface",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("plug", act: plug, record: carry, undo: (unplug, release))],
    on_failed: give_up,
};

/// The port carries traffic where the guest does.
fn carry(context: &Context, connection: &Connection) -> Result<()> {
    adopt_macs_of(context, connection, "plug")?;
    let server = server(context, connection)?;
    set_ports(context, connection, &server, server.vm_state != VmState::Stopped)
}
