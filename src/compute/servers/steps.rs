//! What the steps of all workflows on servers share: which server it is, how its guest is looked
//! at, what becomes of the row when an action is done or given up.
//!
//! Only workflows call it. It never decides what an action does.

use std::collections::BTreeMap;

use kit::Platform;
use kit::engine::{Attachment, Power};
use kit::error::Result;
use kit::ids::ServerId;
use kit::workflow::{Context, Failure};
use network::facade::Nic;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::Value;

use super::model::{PowerState, Server, TaskState, VmState, engine_name};
use super::{faults, logic, neighbours, states, store};
use crate::guest_filters;

/// The id of the server that an operation works on, or on whose finer target it does.
pub(crate) fn server_id(context: &Context) -> ServerId {
    let target = &context.operation.target;
    let id = target.strip_prefix("server:").unwrap_or(target);
    ServerId::from(id.split_once('/').map_or(id, |(id, _)| id))
}

/// The server that an operation works on, inside.
pub(crate) fn server(context: &Context, connection: &Connection) -> Result<Server> {
    let id = server_id(context);
    store::get_for_system(connection, &id)?.ok_or_else(|| logic::not_found(id.as_str()))
}

/// The same, from an act.
pub(crate) async fn read_server(context: &Context) -> Result<Server, Failure> {
    let within = context.clone();
    Ok(context.platform.store.read(move |db| server(&within, db)).await?)
}

/// Starts the guest, whole: running already is success, and what a start leaves out is added: addresses
/// beyond the first of each IP version, cables that are out, and interfaces, when it was cut off. The answer is the MAC of each interface, by its network.
pub(crate) async fn start(context: Context) -> Result<Value, Failure> {
    let name = engine_name(&server_id(&context));
    start_named(context, &name).await
}

/// The same of the server's guest of this name.
pub(crate) async fn start_named(context: Context, name: &str) -> Result<Value, Failure> {
    let (platform, id) = (&context.platform, server_id(&context));
    platform.engine.start(name).await?;
    guest_filters::apply(platform, &id, name).await?;
    let nics = platform.store.read(move |db| network::facade::nics_of(db, &id)).await?;
    let seen = interfaces(platform, name).await?;
    let is_missing = |nic: &Nic| {
        nic.is_special() || !seen.iter().any(|there| there.network == nic.engine_network)
    };
    let missing: Vec<Nic> = nics.into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(serde_json::to_value(macs(seen))?);
    }
    for attachment in network::facade::ensure_engine_networks(platform, &missing).await? {
        platform.engine.attach(name, &attachment).await?;
    }
    guest_filters::apply(platform, &server_id(&context), name).await?;
    Ok(serde_json::to_value(macs_of(platform, name).await?)?)
}

/// The MAC of each interface that has one, by its network.
pub(crate) async fn macs_of(
    platform: &Platform,
    name: &str,
) -> Result<BTreeMap<String, String>, Failure> {
    Ok(macs(interfaces(platform, name).await?))
}

fn macs(seen: Vec<Attachment>) -> BTreeMap<String, String> {
    let macs = seen.into_iter().filter(|there| !there.mac.is_empty());
    macs.map(|there| (there.network, there.mac)).collect()
}

async fn interfaces(platform: &Platform, name: &str) -> Result<Vec<Attachment>, Failure> {
    let seen = platform.engine.inspect(name).await?;
    Ok(seen.map(|guest| guest.attachments).unwrap_or_default())
}

/// Notes the MACs that [`start`] saw; the record of its step.
pub(crate) fn adopt_macs(context: &Context, connection: &Connection) -> Result<()> {
    adopt_macs_of(context, connection, "start")
}

/// The same of another step that saw them.
pub(crate) fn adopt_macs_of(context: &Context, connection: &Connection, step: &str) -> Result<()> {
    let given = context.output(step).unwrap_or(&Value::Null);
    let given = Option::<BTreeMap<String, String>>::deserialize(given)?.unwrap_or_default();
    network::facade::adopt_macs(connection, context.now(), &server_id(context), &given)
}

/// Freezes the guest; frozen already is success.
pub(crate) async fn freeze(context: Context) -> Result<Value, Failure> {
    context.platform.engine.pause(&engine_name(&server_id(&context))).await?;
    Ok(Value::Null)
}

/// Thaws the guest; running already is success.
pub(crate) async fn thaw(context: Context) -> Result<Value, Failure> {
    context.platform.engine.unpause(&engine_name(&server_id(&context))).await?;
    Ok(Value::Null)
}

/// Runs the guest as the server's state says, that of a server whose guest was stopped on the way to
/// something that did not come about.
pub(crate) async fn run_as_before(context: Context) -> Result<Value, Failure> {
    let state = read_server(&context).await?.vm_state;
    let freezes = matches!(state, VmState::Paused | VmState::Suspended);
    if state == VmState::Active || freezes {
        thaw_if_frozen(context.clone()).await?;
        start(context.clone()).await?;
    }
    if freezes { freeze_if_running(context).await } else { Ok(Value::Null) }
}

/// Whether the engine has the guest, running or not.
pub(crate) async fn is_there(context: &Context) -> Result<bool, Failure> {
    Ok(power(context).await?.is_some())
}

/// Ends a guest that was started for nothing; gone already is success.
pub(crate) async fn stop_quietly(context: Context) -> Result<Value, Failure> {
    if is_there(&context).await? {
        context.platform.engine.stop(&engine_name(&server_id(&context)), 0).await?;
    }
    Ok(Value::Null)
}

/// The undo of [`thaw`]. A guest that has ended meanwhile is left to the reconciler.
pub(crate) async fn freeze_if_running(context: Context) -> Result<Value, Failure> {
    match power(&context).await? {
        Some(Power::Running) => freeze(context).await,
        Some(Power::Created | Power::Paused | Power::Stopped | Power::Dead) | None => {
            Ok(Value::Null)
        }
    }
}

/// The undo of [`freeze`], and what goes before a stop: a frozen guest hears no signal.
pub(crate) async fn thaw_if_frozen(context: Context) -> Result<Value, Failure> {
    match power(&context).await? {
        Some(Power::Paused) => thaw(context).await,
        Some(Power::Created | Power::Running | Power::Stopped | Power::Dead) | None => {
            Ok(Value::Null)
        }
    }
}

async fn power(context: &Context) -> Result<Option<Power>, Failure> {
    power_of(context, &engine_name(&server_id(context))).await
}

async fn power_of(context: &Context, name: &str) -> Result<Option<Power>, Failure> {
    Ok(context.platform.engine.inspect(name).await?.map(|guest| guest.power))
}

/// Looks at the guest: its power, as Nova's number.
pub(crate) async fn observe(context: Context) -> Result<Value, Failure> {
    observe_named(&context, &engine_name(&server_id(&context))).await
}

/// The same of the server's guest of this name.
pub(crate) async fn observe_named(context: &Context, name: &str) -> Result<Value, Failure> {
    let seen = power_of(context, name).await?.map_or(PowerState::NoState, states::power_state);
    Ok(Value::from(seen.number()))
}

/// What [`observe`] saw.
pub(crate) fn observed(context: &Context, step: &str) -> PowerState {
    let number = context.output(step).and_then(Value::as_i64);
    PowerState::ALL
        .into_iter()
        .find(|state| Some(state.number()) == number)
        .unwrap_or(PowerState::NoState)
}

/// The end of whatever starts a guest: ACTIVE, or SHUTOFF where it has ended by itself meanwhile.
pub(crate) fn run_or_stop(
    context: &Context,
    connection: &Connection,
    server: &mut Server,
    power: PowerState,
) -> Result<()> {
    let runs = power == PowerState::Running;
    server.vm_state = if runs { VmState::Active } else { VmState::Stopped };
    server.power_state = power;
    set_task(context, connection, server, None)?;
    set_ports(context, connection, server, runs)?;
    neighbours::call(context, connection, server, runs)?;
    store::save(connection, server, context.now())
}

/// A server's ports carry traffic while it runs.
pub(crate) fn set_ports(
    context: &Context,
    connection: &Connection,
    server: &Server,
    running: bool,
) -> Result<()> {
    use network::ports::model::PortStatus;
    let status = if running { PortStatus::Active } else { PortStatus::Down };
    network::facade::set_port_status(connection, context.now(), &server.id, status)
}

/// The action is done: the server has this state, and nothing is being done to it.
pub(crate) fn settle(
    context: &Context,
    connection: &Connection,
    state: VmState,
    power: PowerState,
) -> Result<()> {
    let mut server = server(context, connection)?;
    server.vm_state = state;
    server.power_state = power;
    set_task(context, connection, &mut server, None)?;
    store::save(connection, &mut server, context.now())
}

/// The action is done, and the server is in the state that it was in.
pub(crate) fn end_task(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    set_task(context, connection, &mut server, None)?;
    store::save(connection, &mut server, context.now())
}

/// The action failed: the task ends, the state stays.
pub(crate) fn give_up(context: &Context, connection: &Connection) -> Result<()> {
    let state = server(context, connection)?.vm_state;
    fail(context, connection, state)
}

/// It failed, and what is there now may be anything: the server is in ERROR.
pub(crate) fn become_error(context: &Context, connection: &Connection) -> Result<()> {
    fail(context, connection, VmState::Error)
}

/// Leaves the server in this state, with the fault. What was pre-empted has not failed, and all
/// that is said of the server is its successor's.
fn fail(context: &Context, connection: &Connection, state: VmState) -> Result<()> {
    if context.is_pre_empted(connection)? {
        return Ok(());
    }
    let mut server = server(context, connection)?;
    server.vm_state = state;
    server.task_state = None;
    faults::note(context, connection, &server)?;
    store::save(connection, &mut server, context.now())
}

/// Says what is being done to the server, unless something waits that goes before it and has
/// said so already.
pub(crate) fn set_task(
    context: &Context,
    connection: &Connection,
    server: &mut Server,
    task: Option<TaskState>,
) -> Result<()> {
    if !context.is_pre_empted(connection)? {
        server.task_state = task;
    }
    Ok(())
}
