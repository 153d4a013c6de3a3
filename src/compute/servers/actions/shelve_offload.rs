//! `shelveOffload`: the container of a shelved server goes; the server keeps its ports and
//! addresses, and is on no host.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::step;
use kit::workflow::{Context, Workflow};
use rusqlite::Connection;

use super::{DEADLINE_SECONDS, begin};
use crate::servers::boot::remove_container;
use crate::servers::model::{PowerState, VmState};
use crate::servers::steps::{give_up, server, set_task};
use crate::servers::{states, store};

pub(crate) static SHELVE_OFFLOAD: Workflow = Workflow {
    kind: "server.shelve_offload",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("offload", act: remove_container, record: become_offloaded)],
    on_failed: give_up,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    begin(&call, &states::SHELVE_OFFLOAD, &SHELVE_OFFLOAD).await
}

/// Nothing of it is on the engine any more, and its host is free.
pub(crate) fn become_offloaded(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.vm_state = VmState::ShelvedOffloaded;
    server.power_state = PowerState::Shutdown;
    server.host = None;
    set_task(context, connection, &mut server, None)?;
    network::facade::bind_host(connection, context.now(), &server.id, "")?;
    store::save(connection, &mut server, context.now())
}
