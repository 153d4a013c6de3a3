//! `unshelve`: a shelved server runs again, with its id, ports and addresses. Where its container
//! is still there that is started; else another one is made of the image that the shelf kept, on a
//! host that is chosen anew. The image goes when the server runs.

use kit::error::{Error, Result};
use kit::http::{Call, Reply, since};
use kit::policy::Target;
use kit::step;
use kit::workflow::{Context, Failure, Workflow, record_nothing};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::DEADLINE_SECONDS;
use crate::microversions::{UNSHELVE_HOST, UNSHELVE_ZONE};
use crate::servers::boot::{ensure_container, note_spawning, place, remove_container, renew_drive};
use crate::servers::logic::{Asked, Change};
use crate::servers::model::{Server, TaskState, VmState};
use crate::servers::steps::{
    adopt_macs, become_error, give_up, observe, observed, read_server, run_or_stop, server,
    set_task, start, stop_quietly,
};
use crate::servers::{snapshot, states, store};
use crate::{hosts, policy};

/// Of a server whose container is there.
pub(crate) static UNSHELVE_KEPT: Workflow = Workflow {
    kind: "server.unshelve_kept",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("start", act: start, record: note_starting, undo: (stop_quietly, record_nothing)),
        step!("settle", act: observe, record: become_active),
    ],
    on_failed: give_up,
};

/// Of a server that is nowhere.
pub(crate) static UNSHELVE: Workflow = Workflow {
    kind: "server.unshelve",
    deadline_seconds: 1800,
    steps: &[
        step!("image", act: ensure_image),
        step!("place", record: claim_host, undo: (kit::workflow::nothing, release_host)),
        step!("container", act: ensure_container, record: note_spawning, undo: (remove_container, record_nothing)),
        step!("start", act: start, record: adopt_macs),
        step!("drive", act: renew_drive),
        step!("settle", act: observe, record: become_active),
    ],
    on_failed: fail,
};

/// What is asked for.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) zone: Change,
    pub(crate) host: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Params {
    host: Option<String>,
}

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let wanted = read(&call);
    let write = move |db: &Connection| promise(&asked, db, wanted);
    call.platform.store.write("servers:unshelve", write).await?;
    Ok(Reply::empty())
}

/// Before these versions the body says nothing.
fn read(call: &Call) -> Wanted {
    let body = call.wrapped("unshelve");
    let has = |version| since(version).contains(call.version);
    let host = body.get("host").and_then(Value::as_str).filter(|_| has(UNSHELVE_HOST));
    Wanted {
        zone: if has(UNSHELVE_ZONE) { Change::of(body, "availability_zone") } else { Change::Keep },
        host: host.map(str::to_owned),
    }
}

/// Checks what is asked for, pins the server to the zone, and promises its return.
pub(crate) fn promise(asked: &Asked, connection: &Connection, wanted: Wanted) -> Result<()> {
    let action = &states::UNSHELVE;
    let mut server = asked.open_for(connection, action)?;
    check(asked, connection, &server, &wanted)?;
    let Wanted { zone, host } = wanted;
    zone.apply(&mut server.pinned_zone);
    let is_kept = server.vm_state == VmState::Shelved;
    let workflow = if is_kept { &UNSHELVE_KEPT } else { &UNSHELVE };
    asked.begin(connection, &mut server, action, workflow, serde_json::to_value(Params { host })?)
}

/// In the order of Nova's `unshelve`.
fn check(asked: &Asked, connection: &Connection, server: &Server, wanted: &Wanted) -> Result<()> {
    let settings = &asked.platform.settings;
    let (zone_given, zone) = match &wanted.zone {
        Change::Keep => (false, server.pinned_zone.as_deref()),
        Change::To(zone) => (true, zone.as_deref()),
    };
    let asks = zone_given || wanted.host.is_some();
    if asks && server.vm_state != VmState::ShelvedOffloaded {
        return Err(Error::conflict(format!(
            "Specifying an availability zone or a host when unshelving server \"{}\" with status \
             \"{}\" is not supported. The server status must be SHELVED_OFFLOADED.",
            server.id, server.vm_state,
        )));
    }
    let hosts = hosts::logic::states(connection, settings)?;
    if let Some(zone) = zone.filter(|_| zone_given)
        && !hosts.iter().any(|host| host.available && host.zone == zone)
    {
        let sentence = "The requested availability zone is not available";
        return Err(Error::bad_request(sentence));
    }
    let Some(name) = &wanted.host else { return Ok(()) };
    let target = Target::project(&server.project_id).with("user_id", &server.user_id);
    let rule = &policy::SERVERS_UNSHELVE_TO_HOST;
    asked.platform.policy.authorize(rule, &asked.caller, &target)?;
    let host = hosts
        .iter()
        .find(|host| host.name == *name)
        .ok_or_else(|| Error::bad_request(format!("Compute host {name} could not be found.")))?;
    match zone {
        Some(zone) if host.zone != zone => Err(Error::conflict(format!(
            "Host \"{name}\" is not in the availability zone \"{zone}\"."
        ))),
        Some(_) | None => Ok(()),
    }
}

/// The image that the shelf kept is on the engine.
async fn ensure_image(context: Context) -> Result<Value, Failure> {
    let server = read_server(&context).await?;
    let Some(shelved) = &server.shelved else { return Err(missing("").into()) };
    let id = shelved.image.clone();
    let is_there = context
        .platform
        .store
        .read(move |db| Ok(image::facade::get_for_system(db, &id)?.is_some()))
        .await?;
    if !is_there {
        return Err(missing(shelved.image.as_str()).into());
    }
    let image = image::facade::ensure_on_engine(&context.platform, &shelved.image).await?;
    Ok(serde_json::to_value(&image)?)
}

fn missing(image: &str) -> Error {
    Error::not_found(format!("Unshelve attempted but the image {image} cannot be found."))
}

fn claim_host(context: &Context, connection: &Connection) -> Result<()> {
    let Params { host } = context.params()?;
    let mut server = server(context, connection)?;
    place(context, connection, &mut server, host)?;
    let host = server.host.as_deref().unwrap_or_default();
    network::facade::bind_host(connection, context.now(), &server.id, host)?;
    store::save(connection, &mut server, context.now())
}

fn release_host(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.host = None;
    network::facade::bind_host(connection, context.now(), &server.id, "")?;
    store::save(connection, &mut server, context.now())
}

fn note_starting(context: &Context, connection: &Connection) -> Result<()> {
    adopt_macs(context, connection)?;
    let mut server = server(context, connection)?;
    set_task(context, connection, &mut server, Some(TaskState::PoweringOn))?;
    store::save(connection, &mut server, context.now())
}

fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    snapshot::clear_shelf(context, connection, &mut server)?;
    run_or_stop(context, connection, &mut server, observed(context, "settle"))
}

/// Without its image a server cannot come back (Nova: ERROR); any other failure leaves it on the
/// shelf.
fn fail(context: &Context, connection: &Connection) -> Result<()> {
    let shelved = server(context, connection)?.shelved;
    let image = match &shelved {
        Some(shelved) => image::facade::get_for_system(connection, &shelved.image)?,
        None => None,
    };
    if image.is_some() { give_up(context, connection) } else { become_error(context, connection) }
}
