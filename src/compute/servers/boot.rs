//! A server comes to life: the workflow behind `POST /servers`.
//!
//! | step | outside | inside |
//! |---|---|---|
//! | place | | a host is chosen |
//! | ports | | ports are made and bound |
//! | image | the image is on the engine | a container's ports of the host are chosen |
//! | container | networks and the container are there | the server is spawning |
//! | inject | key and files are in it | |
//! | start | it runs, with all its interfaces | their MACs |
//! | drive | its config drive says the same | |
//! | `first_boot` | its user data runs | |
//! | settle | it is looked at | ACTIVE |
//!
//! Every act is idempotent: the container is named from the server's id. Unwinding removes the
//! container and gives ports and host back; then the server is in ERROR, unless it is being
//! deleted.

use std::path::PathBuf;

use kit::Platform;
use kit::engine::{
    Bind, ContainerSpec, EngineImage, Exec, InstanceSpec, LABEL_ID, LABEL_INSTALLATION, LABEL_KIND,
    LABEL_PROJECT, Labels, Limits,
};
use kit::error::{Error, Result};
use kit::ids::ServerId;
use kit::step;
use kit::workflow::{Context, Failure, Workflow, nothing, record_nothing};
use network::facade::{Binding, Nic};
use rand::RngExt;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::Value;

use super::container::{self, Container};
use super::create::BootParams;
use super::model::{FlavorCopy, Server, TaskState, engine_name};
use super::steps::{
    adopt_macs, become_error, observe, observed, read_server, run_or_stop, server, server_id,
    set_task, start,
};
use super::store;
use crate::guest::facts::GuestFacts;
use crate::guest::{config_drive, environment, first_boot, user_data};
use crate::{hosts, inject, placement, server_groups};

/// The label of the container's kind.
pub(crate) const KIND: &str = "server";

pub(crate) static BOOT: Workflow = Workflow {
    kind: "server.boot",
    deadline_seconds: 1800,
    steps: &[
        step!("place", record: claim_host, undo: (nothing, release_host)),
        step!("ports", record: bind_ports, undo: (nothing, unbind_ports)),
        step!("image", act: ensure_image, record: publish),
        step!("container", act: ensure_container, record: note_spawning, undo: (remove_container, record_nothing)),
        step!("inject", act: inject),
        step!("start", act: start, record: adopt_macs),
        step!("drive", act: renew_drive),
        step!("first_boot", act: run_user_data),
        step!("settle", act: observe, record: become_active),
    ],
    on_failed: become_error,
};

fn claim_host(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    let params: BootParams = context.params()?;
    place(context, connection, &mut server, params.host)?;
    set_task(context, connection, &mut server, Some(TaskState::Networking))?;
    store::save(connection, &mut server, context.now())
}

/// Chooses a host for the server: the one asked for, or one of the zone it is pinned to.
pub(crate) fn place(
    context: &Context,
    connection: &Connection,
    server: &mut Server,
    host: Option<String>,
) -> Result<()> {
    let mut request = placement::Request {
        vcpus: server.flavor.vcpus,
        ram_mb: server.flavor.ram_mb,
        disk_gb: server.flavor.disk_gb.saturating_add(server.flavor.ephemeral_gb),
        zone: server.pinned_zone.clone().filter(|_| host.is_none()),
        host,
        ..placement::Request::default()
    };
    server_groups::logic::constrain(connection, &server.id, &mut request)?;
    let hosts = hosts::logic::states(connection, &context.platform.settings)?;
    let chosen = placement::choose(&hosts, &request)
        .ok_or_else(|| Error::bad_request("No valid host was found. "))?;
    server.host = Some(chosen.name.clone());
    server.availability_zone = Some(chosen.zone.clone());
    Ok(())
}

fn release_host(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.host = None;
    server.availability_zone = None;
    store::save(connection, &mut server, context.now())
}

fn bind_ports(context: &Context, connection: &Connection) -> Result<()> {
    let server = server(context, connection)?;
    let params: BootParams = context.params()?;
    // A container of a template is reached by the ports that it publishes, as from Docker.
    let is_unfiltered = server.container.is_some() && params.security_groups.is_empty();
    let binding = Binding {
        project: &server.project_id,
        server: &server.id,
        host: server.host.as_deref().unwrap_or_default(),
        security_groups: &params.security_groups,
        port_security: is_unfiltered.then_some(false),
    };
    let platform = &context.platform;
    network::facade::allocate(platform, connection, context.now(), &binding, &params.nics)?;
    Ok(())
}

fn unbind_ports(context: &Context, connection: &Connection) -> Result<()> {
    network::facade::release(connection, context.now(), &server_id(context))
}

pub(crate) async fn ensure_image(context: Context) -> Result<Value, Failure> {
    let server = read_server(&context).await?;
    let Some(id) = &server.image_id else {
        return Err(Failure::Fail(Error::bad_request("The server has no image.")));
    };
    let image = image::facade::ensure_on_engine(&context.platform, id).await?;
    Ok(serde_json::to_value(&image)?)
}

/// The image that [`ensure_image`] found.
fn found_image(context: &Context) -> Result<EngineImage> {
    Ok(EngineImage::deserialize(context.output("image").unwrap_or(&Value::Null))?)
}

fn publish(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    let Some(container) = &mut server.container else { return Ok(()) };
    let exposed = found_image(context)?.exposed;
    let taken = store::host_ports(connection)?;
    container.spec.published = container::published(container, &exposed, &taken)?;
    store::save(connection, &mut server, context.now())
}

/// What the container is made of, read in one snapshot.
struct Parts {
    server: Server,
    nics: Vec<Nic>,
    command: Option<Vec<String>>,
    facts: GuestFacts,
    disk_limits: bool,
}

fn parts(context: &Context, connection: &Connection) -> Result<Parts> {
    let server = server(context, connection)?;
    let nics = network::facade::nics_of(connection, &server.id)?;
    let image = match &server.image_id {
        Some(id) => image::facade::get_for_system(connection, id)?,
        None => None,
    };
    let hosts = hosts::store::list(connection)?;
    let own = hosts.iter().find(|host| Some(&host.name) == server.host.as_ref());
    let facts = crate::facade::facts(connection, &server)?;
    Ok(Parts {
        nics,
        command: image.and_then(|image| image.command()),
        facts,
        disk_limits: own.is_some_and(|host| host.disk_limits),
        server,
    })
}

pub(crate) async fn ensure_container(context: Context) -> Result<Value, Failure> {
    let spec = instance_spec(&context).await?;
    Ok(Value::String(context.platform.engine.create(&spec).await?))
}

/// The server's container, made of what the step `image` found.
pub(crate) async fn instance_spec(context: &Context) -> Result<InstanceSpec, Failure> {
    let platform = &context.platform;
    let within = context.clone();
    let parts = platform.store.read(move |db| parts(&within, db)).await?;
    let attachments = network::facade::ensure_engine_networks(platform, &parts.nics).await?;
    let mut binds = if parts.server.config_drive {
        vec![lay_down_drive(platform, &parts).await?]
    } else {
        Vec::new()
    };
    let server = &parts.server;
    let own = server.container.as_ref();
    binds.extend(own.into_iter().flat_map(|own| own.binds.clone()));
    let mut environment = environment::variables(&server.metadata);
    environment.extend(own.into_iter().flat_map(|own| own.environment.clone()));
    Ok(InstanceSpec {
        name: server.engine_name(),
        labels: labels(platform, server),
        image: found_image(context)?.id,
        hostname: engine_hostname(&server.hostname),
        command: own.and_then(|own| own.command.clone()).or(parts.command),
        environment,
        limits: limits(&server.flavor, parts.disk_limits),
        attachments,
        binds,
        guarded: network::facade::filters_are_wished(platform),
        container: own.map(container_spec),
    })
}

fn container_spec(own: &Container) -> ContainerSpec {
    ContainerSpec {
        beside: own.beside.as_ref().map(engine_name),
        volumes_from: own.volumes_from.iter().map(engine_name).collect(),
        ..own.spec.clone()
    }
}

pub(crate) fn labels(platform: &Platform, server: &Server) -> Labels {
    [
        (LABEL_INSTALLATION, platform.installation.as_str()),
        (LABEL_KIND, KIND),
        (LABEL_ID, server.id.as_str()),
        (LABEL_PROJECT, server.project_id.as_str()),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into()
}

/// The kernel's host names have 64 bytes, and engines take no others than ASCII.
fn engine_hostname(hostname: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let name: String = hostname.chars().filter(plain).take(63).collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { KIND.to_owned() } else { name.to_owned() }
}

/// What the engine holds a guest of this flavor to.
pub(crate) fn limits(flavor: &FlavorCopy, disk_limits: bool) -> Limits {
    let bytes = |amount: i64, shift: u32| u64::try_from(amount).unwrap_or(0) << shift;
    Limits {
        vcpus: u32::try_from(flavor.vcpus).unwrap_or(0),
        memory_bytes: bytes(flavor.ram_mb, 20),
        disk_bytes: if disk_limits { bytes(flavor.disk_gb, 30) } else { 0 },
    }
}

fn drive_folder(platform: &Platform, id: &ServerId) -> PathBuf {
    platform.data_dir.join("config-drive").join(id.as_str())
}

async fn lay_down_drive(platform: &Platform, parts: &Parts) -> Result<Bind, Failure> {
    let folder = drive_folder(platform, &parts.server.id);
    let seed: [u8; 512] = rand::rng().random();
    for (path, content) in config_drive::files(&parts.facts, &seed) {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            tokio::fs::create_dir_all(parent).await.map_err(Error::from)?;
        }
        tokio::fs::write(&file, content).await.map_err(Error::from)?;
    }
    let source = std::path::absolute(&folder).map_err(Error::from)?;
    let source = source.to_string_lossy().into_owned();
    Ok(Bind { source, target: config_drive::TARGET.to_owned(), read_only: true })
}

pub(crate) fn note_spawning(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    set_task(context, connection, &mut server, Some(TaskState::Spawning))?;
    store::save(connection, &mut server, context.now())
}

/// Removes the container and what lies beside it; gone already is success.
pub(crate) async fn remove_container(context: Context) -> Result<Value, Failure> {
    let id = server_id(&context);
    let platform = &context.platform;
    platform.engine.remove(&engine_name(&id)).await?;
    match tokio::fs::remove_dir_all(drive_folder(platform, &id)).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::Fail(error.into()))
        }
        Ok(()) | Err(_) => Ok(Value::Null),
    }
}

pub(crate) async fn inject(context: Context) -> Result<Value, Failure> {
    let server = read_server(&context).await?;
    let params: BootParams = context.params()?;
    let own_cloud_init = inject::prepare(&context.platform, &server, &params.personality).await?;
    Ok(Value::Bool(own_cloud_init))
}

/// Which MACs later interfaces have is known only now, on some engines; the first always has that
/// of its port.
pub(crate) async fn renew_drive(context: Context) -> Result<Value, Failure> {
    let within = context.clone();
    let parts = context.platform.store.read(move |db| parts(&within, db)).await?;
    if parts.server.config_drive && parts.nics.len() > 1 {
        lay_down_drive(&context.platform, &parts).await?;
    }
    Ok(Value::Null)
}

/// Runs user data. A guest without a shell, or one that has ended already, runs none: that is the
/// guest's affair and no failure of the boot.
pub(crate) async fn run_user_data(context: Context) -> Result<Value, Failure> {
    let server = read_server(&context).await?;
    let own_cloud_init = context.output("inject").and_then(Value::as_bool).unwrap_or(false);
    let data = server.user_data.as_deref().map(user_data::decode).unwrap_or_default();
    if own_cloud_init || user_data::pieces(&data).is_empty() {
        return Ok(Value::Null);
    }
    let exec = Exec { command: first_boot::command(), user: "0".to_owned(), ..Exec::default() };
    match context.platform.engine.exec_detached(&server.engine_name(), &exec).await {
        Ok(()) => {}
        Err(error) if error.is_retryable() => return Err(error.into()),
        Err(error) => tracing::warn!(server = %server.id, %error, "user data was not run"),
    }
    Ok(Value::Null)
}

pub(crate) fn become_active(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    server.launched_at = Some(context.now());
    run_or_stop(context, connection, &mut server, observed(context, "settle"))
}
