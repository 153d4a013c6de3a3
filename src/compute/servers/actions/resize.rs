//! `resize`: the same guest under another flavor. Its limits change where it is, running or stopped;
//! the old flavor is kept until the server's owner confirms the new one or reverts it.
//!
//! ```text
//! ACTIVE  ─┐ resize                    confirmResize ┌─► ACTIVE   as the guest runs or not
//!          ├────────► VERIFY_RESIZE ─────────────────┤
//! SHUTOFF ─┘             (resized)     revertResize  └─► SHUTOFF
//! ```
//!
//! Nova moves the disk of a guest, too; a container's disk stays as large as it was made.

use kit::engine::EngineError;
use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::FlavorId;
use kit::step;
use kit::workflow::{Context, Failure, Workflow, record_nothing};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::DEADLINE_SECONDS;
use super::confirm_resize::CONFIRM;
use crate::server_migrations::model::{Kind, Migration, Status};
use crate::server_migrations::{self as migrations};
use crate::servers::boot::limits;
use crate::servers::create::{self, Origin};
use crate::servers::logic::Asked;
use crate::servers::model::{FlavorCopy, PowerState, Server, TaskState, VmState, engine_name};
use crate::servers::steps::{give_up, observe, observed, server, server_id, set_ports, set_task};
use crate::servers::{disk_config, states, store, timers};
use crate::{hosts, loose, placement};

pub(crate) static RESIZE: Workflow = Workflow {
    kind: "server.resize",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[
        step!("place", record: find_room),
        step!("limits", act: set_new_limits, undo: (set_old_limits, record_nothing)),
        step!("settle", act: observe, record: become_resized),
    ],
    on_failed: stay,
};

/// Which migration it is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Params {
    pub(super) migration: i64,
    /// It is confirmed without being asked, by whoever is not there to.
    pub(super) confirm_at_once: bool,
}

/// What is asked for.
pub(crate) struct Resize {
    pub(crate) flavor: FlavorId,
    pub(crate) auto_disk_config: Option<bool>,
    pub(crate) confirm_at_once: bool,
}

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let body = call.wrapped("resize");
    let wanted = Resize {
        flavor: FlavorId::from(body.get("flavorRef").map(loose::text).unwrap_or_default()),
        auto_disk_config: disk_config::asked(body),
        confirm_at_once: false,
    };
    let write = move |db: &Connection| promise(&asked, db, &wanted);
    call.platform.store.write("servers:resize", write).await?;
    Ok(Reply::empty())
}

/// Enters the migration, and promises it.
pub(crate) fn promise(asked: &Asked, connection: &Connection, wanted: &Resize) -> Result<()> {
    let action = &states::RESIZE;
    let mut server = asked.open_for(connection, action)?;
    hosts::logic::require_up(connection, server.host.as_deref())?;
    if let Some(image) = &server.image_id {
        disk_config::check(wanted.auto_disk_config, &server.image_properties, image)?;
    }
    let flavor = check(asked, connection, &server, &wanted.flavor)?;
    let (kind, status) = (Kind::Resize, Status::PreMigrating);
    let migration = migrations::logic::enter(asked, connection, &server, kind, status, &flavor)?;
    server.auto_disk_config = wanted.auto_disk_config.unwrap_or(false);
    let params = Params { migration, confirm_at_once: wanted.confirm_at_once };
    let params = serde_json::to_value(params)?;
    asked.begin(connection, &mut server, action, &RESIZE, params)
}

/// Nova: `compute/api.py: resize`, in its order.
fn check(
    asked: &Asked,
    connection: &Connection,
    server: &Server,
    wanted: &FlavorId,
) -> Result<FlavorCopy> {
    let origin = Origin::from(asked);
    let flavor = create::copy(create::flavor(&origin, connection, wanted)?);
    if flavor.disk_gb == 0 && server.flavor.disk_gb != 0 && server.container.is_none() {
        return Err(Error::bad_request(
            "Server disk was unable to be resized because: Resize to zero disk flavor is not \
             allowed.",
        ));
    }
    if flavor.id == server.flavor.id {
        return Err(Error::bad_request("When resizing, instances must change flavor!"));
    }
    create::check_upsize(&asked.platform, connection, server, &flavor)?;
    let image = match &server.image_id {
        Some(id) => image::facade::get_for_system(connection, id)?,
        None => None,
    };
    if let Some(image) = image.filter(|_| server.container.is_none()) {
        create::check_memory(&flavor, &image)?;
        create::check_disk(&origin, &flavor, &image)?;
    }
    Ok(flavor)
}

/// The migration that an operation works on.
pub(super) fn migration(context: &Context, connection: &Connection) -> Result<Migration> {
    let number = context.params::<Params>()?.migration;
    migrations::store::get(connection, number)?
        .ok_or_else(|| Error::internal(format!("there is no migration {number}")))
}

/// Notes how far it came.
pub(super) fn note(context: &Context, connection: &Connection, status: Status) -> Result<()> {
    let number = context.params::<Params>()?.migration;
    migrations::store::set_status(connection, number, status, context.now())
}

/// Nova checks both on the hosts, after it has answered: a disk that would have to shrink, and a
/// host that cannot take the new flavor beside the old.
fn find_room(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    let new = migration(context, connection)?.new_flavor;
    let old = &server.flavor;
    if new.disk_gb < old.disk_gb || new.ephemeral_gb < old.ephemeral_gb {
        return Err(Error::bad_request("Resize error: Unable to resize disk down."));
    }
    let request = placement::Request {
        vcpus: new.vcpus,
        ram_mb: new.ram_mb,
        disk_gb: new.disk_gb.saturating_add(new.ephemeral_gb),
        host: server.host.clone(),
        ..placement::Request::default()
    };
    let hosts = hosts::logic::states(connection, &context.platform.settings)?;
    if placement::choose(&hosts, &request).is_none() {
        let sentence = "No valid host was found. No valid host found for resize";
        return Err(Error::bad_request(sentence));
    }
    note(context, connection, Status::Migrating)?;
    set_task(context, connection, &mut server, Some(TaskState::ResizeMigrating))?;
    store::save(connection, &mut server, context.now())
}

pub(super) async fn set_new_limits(context: Context) -> Result<Value, Failure> {
    let migration = read_migration(&context).await?;
    set_limits(&context, &migration.new_flavor).await
}

pub(super) async fn set_old_limits(context: Context) -> Result<Value, Failure> {
    let migration = read_migration(&context).await?;
    set_limits(&context, &migration.old_flavor).await
}

async fn read_migration(context: &Context) -> Result<Migration, Failure> {
    let within = context.clone();
    Ok(context.platform.store.read(move |db| migration(&within, db)).await?)
}

/// A guest that is gone is made with the limits of its flavor, if it is made again.
async fn set_limits(context: &Context, flavor: &FlavorCopy) -> Result<Value, Failure> {
    let name = engine_name(&server_id(context));
    match context.platform.engine.set_limits(&name, &limits(flavor, false)).await {
        Ok(()) | Err(EngineError::NotFound(_)) => Ok(Value::Null),
        Err(error) => Err(error.into()),
    }
}

fn become_resized(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    let migration = migration(context, connection)?;
    server.flavor = migration.new_flavor;
    server.vm_state = VmState::Resized;
    server.power_state = observed(context, "settle");
    set_task(context, connection, &mut server, None)?;
    set_ports(context, connection, &server, server.power_state == PowerState::Running)?;
    store::save(connection, &mut server, context.now())?;
    note(context, connection, Status::Finished)?;
    confirm_later(context, connection, &server)
}

/// Nobody asks for the confirmation of what is to be confirmed at once, nor of what is to be when
/// the operator's window is over (Nova: `_poll_unconfirmed_resizes`).
fn confirm_later(context: &Context, connection: &Connection, server: &Server) -> Result<()> {
    let at_once = context.params::<Params>()?.confirm_at_once;
    let window = context.platform.settings.compute.resize_confirm_window;
    if !at_once && window <= 0 {
        return Ok(());
    }
    let seconds = if at_once { 0 } else { window };
    timers::set(connection, context.now(), server, &CONFIRM, seconds)
}

/// It failed, and its limits are the old ones again.
fn stay(context: &Context, connection: &Connection) -> Result<()> {
    note(context, connection, Status::Error)?;
    give_up(context, connection)
}
