//! Whether a guest is there to run something in. Only [`crate::facade`] names it.

use kit::error::Result;
use kit::ids::{ProjectId, ServerId};
use kit::workflow::running_on;
use rusqlite::Connection;

use crate::delegate::server_target;
use crate::servers::model::VmState;
use crate::servers::store;

/// How far a server is, for whoever wants to run something in its guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// There is no such server in the project, or none any more.
    Absent,
    /// It is broken.
    Broken,
    /// Its guest does not run now; the end of an operation on it may change that.
    Waiting,
    /// Its guest runs.
    Running,
}

/// How far a server of a project is.
pub fn presence(connection: &Connection, project: &ProjectId, id: &ServerId) -> Result<Presence> {
    let found = store::get_for_system(connection, id)?;
    let Some(server) = found.filter(|server| server.project_id == *project) else {
        return Ok(Presence::Absent);
    };
    if running_on(connection, &server_target(id))?.is_some() {
        return Ok(Presence::Waiting);
    }
    Ok(match server.vm_state {
        VmState::Active | VmState::Rescued | VmState::Resized => Presence::Running,
        VmState::Error => Presence::Broken,
        VmState::SoftDeleted | VmState::Deleted => Presence::Absent,
        VmState::Building
        | VmState::Paused
        | VmState::Suspended
        | VmState::Stopped
        | VmState::Shelved
        | VmState::ShelvedOffloaded => Presence::Waiting,
    })
}
