//! Whether a guest is there to run something in, and whether servers are as their owners left them.
//! Only [`crate::facade`] names it.

use std::collections::HashMap;

use kit::error::Result;
use kit::ids::{ProjectId, ServerId};
use kit::workflow::running_on;
use rusqlite::Connection;

use crate::delegate::server_target;
use crate::servers::model::{PowerState, VmState};
use crate::servers::store::{self, Living};

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
        VmState::Active | VmState::Resized => Presence::Running,
        VmState::Error => Presence::Broken,
        VmState::SoftDeleted | VmState::Deleted => Presence::Absent,
        VmState::Building
        | VmState::Paused
        | VmState::Suspended
        | VmState::Stopped
        // What runs then is another guest.
        | VmState::Rescued
        | VmState::Shelved
        | VmState::ShelvedOffloaded => Presence::Waiting,
    })
}

/// How a server is that nobody does anything to, for whoever shows it as a part of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// As its owner left it, asleep maybe.
    Well,
    /// Something is being done to it, or will be: look again when that has ended.
    Unsettled,
    /// Its guest has ended.
    Stopped,
    /// It runs as far as anybody knows, but the engine has no guest of it.
    WithoutGuest,
    /// It is in ERROR.
    Broken,
}

/// The health of every living server.
pub fn health(connection: &Connection) -> Result<HashMap<ServerId, Health>> {
    let living = store::living(connection)?.into_iter();
    Ok(living.map(|server| (server.id.clone(), judge(&server))).collect())
}

/// That of one; `None` when it does not live.
pub fn health_of(connection: &Connection, id: &ServerId) -> Result<Option<Health>> {
    Ok(store::living_one(connection, id)?.as_ref().map(judge))
}

fn judge(server: &Living) -> Health {
    match (server.vm_state, server.power_state) {
        _ if server.busy => Health::Unsettled,
        (VmState::Active, PowerState::NoState) => Health::WithoutGuest,
        (VmState::Active, PowerState::Shutdown | PowerState::Crashed) | (VmState::Building, _) => {
            Health::Unsettled
        }
        (VmState::Stopped, _) => Health::Stopped,
        (VmState::Error, _) => Health::Broken,
        (
            VmState::Active
            | VmState::Paused
            | VmState::Suspended
            | VmState::Rescued
            | VmState::Resized
            | VmState::SoftDeleted
            | VmState::Deleted
            | VmState::Shelved
            | VmState::ShelvedOffloaded,
            _,
        ) => Health::Well,
    }
}
