//! `shelve`: the guest ends and is kept as an image; its container goes at once, later or when
//! somebody says so (`[compute] shelved_offload_time`).
//!
//! | step | outside | inside |
//! |---|---|---|
//! | stop | the guest has ended | the image is about to be made |
//! | commit | the image is there | SHELVED, with the image |
//! | offload | the container is gone, if that is to be at once | `SHELVED_OFFLOADED` |
//!
//! Before the second record the way back is a guest that runs as before and no image; after it the
//! server is SHELVED, whatever becomes of the container.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::ImageId;
use kit::step;
use kit::workflow::{Context, Failure, Workflow, record_nothing};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shelve_offload::{SHELVE_OFFLOAD, become_offloaded};
use super::stop::stop_even_frozen;
use crate::servers::boot::remove_container;
use crate::servers::logic::Asked;
use crate::servers::model::{PowerState, Shelved, TaskState, VmState};
use crate::servers::snapshot::{self, Snapshot, commit};
use crate::servers::steps::{give_up, run_as_before, server, set_ports, set_task};
use crate::servers::{states, store, timers};

pub(crate) static SHELVE: Workflow = Workflow {
    kind: "server.shelve",
    deadline_seconds: 1800,
    steps: &[
        step!("stop", act: stop_even_frozen, record: note_image, undo: (run_as_before, record_nothing)),
        step!("commit", act: commit, record: become_shelved),
        step!("offload", act: offload, record: note_offloaded),
    ],
    on_failed: fail,
};

#[derive(Debug, Serialize, Deserialize)]
struct Params {
    image: ImageId,
    /// As it was set when the server was shelved; negative: never.
    offload_seconds: i64,
}

impl Params {
    fn offloads_at_once(&self) -> bool {
        self.offload_seconds == 0
    }
}

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let offload_seconds = call.platform.settings.compute.shelved_offload_time;
    let write = move |db: &Connection| promise(&asked, db, offload_seconds);
    call.platform.store.write("servers:shelve", write).await?;
    Ok(Reply::empty())
}

/// The image's row and the promise to fill it and to end the guest.
pub(crate) fn promise(asked: &Asked, connection: &Connection, offload_seconds: i64) -> Result<()> {
    let action = &states::SHELVE;
    let mut server = asked.open_for(connection, action)?;
    let name = format!("{}-shelved", server.name);
    let snapshot = Snapshot { name, ..Snapshot::default() };
    let params = Params {
        image: snapshot::begin(asked, connection, &server, "snapshot", snapshot)?,
        offload_seconds,
    };
    let params = serde_json::to_value(params)?;
    asked.begin(connection, &mut server, action, &SHELVE, params)
}

fn note_image(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    set_task(context, connection, &mut server, Some(TaskState::ShelvingImagePendingUpload))?;
    store::save(connection, &mut server, context.now())
}

fn become_shelved(context: &Context, connection: &Connection) -> Result<()> {
    snapshot::finish(context, connection)?;
    let (params, now): (Params, _) = (context.params()?, context.now());
    let next = params.offloads_at_once().then_some(TaskState::ShelvingOffloading);
    let mut server = server(context, connection)?;
    server.vm_state = VmState::Shelved;
    server.power_state = PowerState::Shutdown;
    server.shelved = Some(Shelved { image: params.image, at: now });
    set_task(context, connection, &mut server, next)?;
    set_ports(context, connection, &server, false)?;
    store::save(connection, &mut server, now)?;
    if params.offload_seconds > 0 {
        timers::set(connection, now, &server, &SHELVE_OFFLOAD, params.offload_seconds)?;
    }
    Ok(())
}

async fn offload(context: Context) -> Result<Value, Failure> {
    if context.params::<Params>()?.offloads_at_once() {
        remove_container(context).await
    } else {
        Ok(Value::Null)
    }
}

fn note_offloaded(context: &Context, connection: &Connection) -> Result<()> {
    if context.params::<Params>()?.offloads_at_once() {
        become_offloaded(context, connection)?;
    }
    Ok(())
}

fn fail(context: &Context, connection: &Connection) -> Result<()> {
    if server(context, connection)?.shelved.is_none() {
        snapshot::discard(context, connection)?;
    }
    give_up(context, connection)
}
