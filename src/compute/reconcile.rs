//! Servers in step with their guests: what the engine shows decides, by Nova's table of power
//! states (`servers/states.rs::observe`).
//!
//! | seen | becomes |
//! |---|---|
//! | a running server's guest has ended | SHUTOFF, with an instance action `stop` |
//! | a stopped server's guest runs | the guest is stopped again |
//! | a guest is gone | its power is `NOSTATE`, the state stays: only its owner gives a server up |
//! | a guest of ours without a living server | it is removed |
//!
//! **Invariant:** a server that something is being done to is left alone; its operation will say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kit::Platform;
use kit::clock::Time;
use kit::engine::{EngineEvent, LABEL_KIND, Observed};
use kit::error::Result;
use kit::ids::{RequestId, ServerId};
use kit::workflow::{NewOperation, Reconciler, Workflow, note, submit};
use network::ports::model::PortStatus;
use rusqlite::Connection;
use serde_json::Value;

use crate::servers::actions::lock::NOTED;
use crate::servers::actions::stop::STOP;
use crate::servers::boot::KIND;
use crate::servers::model::{
    PowerState, Server, TaskState, VmState, engine_name, guest_name, rescue_name, server_of_guest,
};
use crate::servers::states::{self, Verdict, observe};
use crate::servers::store::{self, Living};

/// The reconciler of servers.
pub(crate) struct Servers;

#[async_trait]
impl Reconciler for Servers {
    fn name(&self) -> &'static str {
        "servers"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        // The engine first: a guest that it shows has had its row for long.
        let guests = platform.engine.list().await?;
        let living = platform.store.read(store::living).await?;
        let powers: BTreeMap<&str, PowerState> = guests
            .iter()
            .map(|guest| (guest.name.as_str(), states::power_state(guest.power)))
            .collect();
        for server in &living {
            let seen = powers.get(guest_name(&server.id, server.vm_state).as_str()).copied();
            if differs(server, seen) {
                apply(platform, &server.id, seen).await?;
            }
        }
        remove_orphans(platform, &guests, &living).await
    }

    async fn some(&self, platform: &Arc<Platform>, keys: &BTreeSet<String>) -> Result<()> {
        for id in keys.iter().filter_map(|name| server_of_guest(name)) {
            let own = id.clone();
            let read = move |db: &Connection| store::living_one(db, &own);
            let Some(server) = platform.store.read(read).await?.filter(|server| !server.busy)
            else {
                continue;
            };
            let seen = platform.engine.inspect(&guest_name(&id, server.vm_state)).await?;
            apply(platform, &id, seen.map(|guest| states::power_state(guest.power))).await?;
        }
        Ok(())
    }

    fn interested(&self, event: &EngineEvent) -> Option<String> {
        event.instance().map(str::to_owned)
    }
}

fn differs(server: &Living, seen: Option<PowerState>) -> bool {
    !server.busy && observe(server.vm_state, server.power_state, seen) != Verdict::Fine
}

async fn apply(platform: &Arc<Platform>, id: &ServerId, seen: Option<PowerState>) -> Result<()> {
    let (id, now) = (id.clone(), platform.clock.now());
    platform.store.write("servers:observe", move |db| record(db, now, &id, seen)).await
}

fn record(
    connection: &Connection,
    now: Time,
    id: &ServerId,
    seen: Option<PowerState>,
) -> Result<()> {
    let Some(mut server) = store::get_for_system(connection, id)? else { return Ok(()) };
    if server.task_state.is_some() {
        return Ok(());
    }
    let verdict = observe(server.vm_state, server.power_state, seen);
    server.power_state = seen.unwrap_or(PowerState::NoState);
    match verdict {
        Verdict::Fine => Ok(()),
        Verdict::NotePower => store::save_power_state(connection, &server),
        Verdict::Stop => {
            server.vm_state = VmState::Stopped;
            network::facade::set_port_status(connection, now, id, PortStatus::Down)?;
            store::save(connection, &mut server, now)?;
            note(connection, now, operation(&server, &NOTED))?;
            Ok(())
        }
        Verdict::StopGuest => {
            server.task_state = Some(TaskState::PoweringOff);
            store::save(connection, &mut server, now)?;
            submit(connection, now, operation(&server, &STOP))?;
            Ok(())
        }
    }
}

/// A stop that nobody asked for, as the owner's instance actions show it.
fn operation(server: &Server, workflow: &'static Workflow) -> NewOperation {
    NewOperation {
        workflow,
        target: server.target(),
        project: server.project_id.clone(),
        user: server.user_id.clone(),
        request_id: RequestId::random().to_string(),
        params: Value::Null,
        label: states::STOP.label,
    }
}

/// The guests that a server may have.
fn names(server: &Living) -> impl Iterator<Item = String> {
    let rescue = server.busy || server.vm_state == VmState::Rescued;
    std::iter::once(engine_name(&server.id)).chain(rescue.then(|| rescue_name(&server.id)))
}

async fn remove_orphans(
    platform: &Arc<Platform>,
    guests: &[Observed],
    living: &[Living],
) -> Result<()> {
    let known: BTreeSet<String> = living.iter().flat_map(names).collect();
    for guest in guests {
        let of_server = guest.labels.get(LABEL_KIND).is_some_and(|kind| kind == KIND);
        if of_server && !known.contains(&guest.name) {
            tracing::warn!(guest = %guest.name, "a guest without a server is removed");
            platform.engine.remove(&guest.name).await?;
        }
    }
    Ok(())
}
