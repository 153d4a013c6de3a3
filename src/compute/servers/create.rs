//! `POST /servers`: check, decide, write. All of it runs in one write closure, so what was
//! checked still holds when it is written, and each server exists together with the promise to
//! build it or not at all. How many the quota admits is in `quota`, what they are called in `names`.

mod names;
mod quota;

use image::facade::{BootImage, ImageStatus};
use kit::Platform;
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::{FlavorId, ProjectId, RequestId, SecurityGroupId, ServerGroupId, ServerId};
use kit::policy::{Caller, Rule, Target};
use kit::workflow::{NewOperation, submit};
use network::facade::{NetworkRequest, PlannedNics};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use self::names::{names, reservation_id};
pub(crate) use self::quota::{Wish, admitted, check_personality_quota, check_upsize};
use super::boot::BOOT;
use super::container::{self, Container};
use super::model::{FlavorCopy, KeyCopy, PowerState, Server, TaskState, VmState};
use super::request::{CreateServer, Personality};
use super::{disk_config, logic, store};
use crate::flavors;
use crate::flavors::model::Flavor;
use crate::{hosts, keypairs, policy, server_groups};

/// Who asks for servers, and when.
pub(crate) struct Origin<'a> {
    pub(crate) platform: &'a Platform,
    pub(crate) caller: &'a Caller,
    pub(crate) request_id: &'a RequestId,
    pub(crate) now: Time,
}

impl<'a> From<&'a logic::Asked> for Origin<'a> {
    fn from(asked: &'a logic::Asked) -> Self {
        Self {
            platform: &asked.platform,
            caller: &asked.caller,
            request_id: &asked.request_id,
            now: asked.now,
        }
    }
}

/// What the boot of a server needs and no row has.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct BootParams {
    /// Its interfaces, decided.
    pub(crate) nics: PlannedNics,
    /// The groups of its new ports.
    pub(crate) security_groups: Vec<SecurityGroupId>,
    /// Files for its first start.
    pub(crate) personality: Vec<Personality>,
    /// The host asked for.
    pub(crate) host: Option<String>,
}

/// What one request decided for all of its servers.
struct Decided {
    image: BootImage,
    flavor: FlavorCopy,
    key: Option<KeyCopy>,
    params: BootParams,
    group: Option<ServerGroupId>,
    reservation_id: String,
    count: i64,
}

/// Makes the servers of a request: `min_count` to `max_count` of them, as the quota allows.
pub(crate) fn create(
    origin: &Origin<'_>,
    connection: &Connection,
    asked: &CreateServer,
) -> Result<Vec<Server>> {
    authorize(origin, asked)?;
    check_zone(origin.platform, connection, asked)?;
    check_host(connection, asked)?;
    let decided = decide(origin, connection, asked)?;
    let params = serde_json::to_value(&decided.params)?;
    let servers = (0..decided.count)
        .map(|index| {
            let mut server = row(origin, asked, &decided, index)?;
            server.number = store::insert(connection, &server)?;
            submit(
                connection,
                origin.now,
                NewOperation {
                    workflow: &BOOT,
                    target: server.target(),
                    project: server.project_id.clone(),
                    user: server.user_id.clone(),
                    request_id: origin.request_id.to_string(),
                    params: params.clone(),
                    label: "create",
                },
            )?;
            Ok(server)
        })
        .collect::<Result<Vec<Server>>>()?;
    if let Some(group) = &decided.group {
        let ids: Vec<ServerId> = servers.iter().map(|server| server.id.clone()).collect();
        server_groups::logic::join(connection, &origin.platform.quotas, group, &ids)?;
    }
    Ok(servers)
}

fn authorize(origin: &Origin<'_>, asked: &CreateServer) -> Result<()> {
    let target = Target::own(origin.caller);
    let require = |needed: bool, rule: &'static Rule| {
        if needed { origin.platform.policy.authorize(rule, origin.caller, &target) } else { Ok(()) }
    };
    require(true, &policy::SERVERS_CREATE)?;
    require(asked.trusted_certificates, &policy::SERVERS_CREATE_CERTIFICATES)?;
    if let Some(container) = &asked.container {
        container::authorize(&origin.platform.policy, origin.caller, container)?;
    }
    require(asked.zone.host.is_some(), &policy::SERVERS_CREATE_FORCED_HOST)?;
    require(asked.requested_host.is_some(), &policy::SERVERS_CREATE_REQUESTED_HOST)?;
    if asked.zone.host.is_some() && asked.requested_host.is_some() {
        return Err(Error::bad_request(
            "One mechanism with host and/or hypervisor_hostname and another mechanism with \
             zone:host:node are mutually exclusive.",
        ));
    }
    require(asked.networks != NetworkRequest::None, &policy::SERVERS_CREATE_NETWORKS)
}

fn check_zone(platform: &Platform, connection: &Connection, asked: &CreateServer) -> Result<()> {
    let Some(name) = asked.zone.name.as_deref().filter(|_| asked.zone.host.is_none()) else {
        return Ok(());
    };
    if hosts::logic::is_zone(connection, &platform.settings, name)? {
        return Ok(());
    }
    Err(Error::bad_request("The requested availability zone is not available"))
}

fn check_host(connection: &Connection, asked: &CreateServer) -> Result<()> {
    let Some(name) = &asked.requested_host else { return Ok(()) };
    if hosts::store::exists(connection, name)? {
        return Ok(());
    }
    Err(Error::bad_request(format!("Compute host {name} could not be found.")))
}

fn decide(origin: &Origin<'_>, connection: &Connection, asked: &CreateServer) -> Result<Decided> {
    let Origin { platform, caller, .. } = *origin;
    let project = caller.require_project()?;
    let flavor = copy(match &asked.container {
        Some(container) => container::flavor(container, origin.now),
        None => flavor(origin, connection, &asked.flavor)?,
    });
    let image = image::facade::get_visible(connection, &platform.policy, caller, &asked.image)?
        .ok_or_else(|| Error::bad_request("Can not find requested image"))?;
    if asked.trusted_certificates {
        return Err(no_certificates());
    }
    if asked.hostname.is_some() && asked.max_count > 1 {
        return Err(Error::bad_request(
            "Unable to allocate a single hostname to multiple instances",
        ));
    }
    let security_groups = network::facade::resolve_security_groups(
        connection,
        origin.now,
        caller,
        &asked.security_groups,
    )?;
    let nics = network::facade::validate_requests(
        platform,
        connection,
        caller,
        &asked.networks,
        asked.max_count,
    )?;
    let key =
        asked.key_name.as_deref().map(|name| key_pair(origin, connection, name)).transpose()?;
    logic::check_metadata_quota(platform, connection, project, asked.metadata.len())?;
    check_personality_quota(platform, connection, project, &asked.personality)?;
    check_fit(&flavor, &image)?;
    disk_config::check(asked.auto_disk_config, &image.properties, &image.id)?;
    match &asked.container {
        Some(container) => check_neighbours(origin, connection, container)?,
        None => check_disk(origin, &flavor, &image)?,
    }
    let group = group(connection, project, asked)?;
    let wish = Wish {
        project,
        user: &origin.caller.user_id,
        flavor: &flavor,
        min_count: asked.min_count,
        max_count: asked.max_count,
    };
    let count = admitted(origin.platform, connection, &wish)?;
    let host = asked.zone.host.clone().or_else(|| asked.requested_host.clone());
    let personality = asked.personality.clone();
    Ok(Decided {
        image,
        flavor,
        key,
        params: BootParams { nics, security_groups, personality, host },
        group,
        reservation_id: reservation_id(),
        count,
    })
}

/// Only administrators see the private flavors of others; a flavor that is not offered any more
/// is not found.
pub(crate) fn flavor(
    origin: &Origin<'_>,
    connection: &Connection,
    id: &FlavorId,
) -> Result<Flavor> {
    let missing = || Error::bad_request(format!("Flavor {id} could not be found."));
    let visible_to = policy::visible_to(&origin.platform.policy, origin.caller);
    let flavor = flavors::store::get_visible(connection, id, visible_to.as_ref())?;
    flavor.filter(|flavor| !flavor.disabled).ok_or_else(missing)
}

/// There is no key manager to ask (Nova: `CertificateValidationFailed`).
pub(crate) fn no_certificates() -> Error {
    Error::bad_request(
        "Image signature certificate validation failed for certificate: . Image certificate \
         validation is not supported by this deployment",
    )
}

/// The caller's key pair of that name.
pub(crate) fn key_pair(
    origin: &Origin<'_>,
    connection: &Connection,
    name: &str,
) -> Result<KeyCopy> {
    let found = keypairs::store::get_for_system(connection, &origin.caller.user_id, name)?;
    let key = found.ok_or_else(|| Error::bad_request("Invalid key_name provided."))?;
    let kind = key.key_type.as_str().to_owned();
    Ok(KeyCopy { name: key.name, kind, public_key: key.public_key })
}

/// Nova: `_validate_flavor_image`.
pub(crate) fn check_fit(flavor: &FlavorCopy, image: &BootImage) -> Result<()> {
    if image.status != ImageStatus::Active {
        return Err(Error::bad_request(format!("Image {} is not active.", image.id)));
    }
    check_memory(flavor, image)
}

/// The half of it that a server keeps to later, too.
pub(crate) fn check_memory(flavor: &FlavorCopy, image: &BootImage) -> Result<()> {
    if flavor.ram_mb < image.min_ram_mb {
        return Err(Error::bad_request("Flavor's memory is too small for requested image."));
    }
    Ok(())
}

/// What a container refers to must be the project's own.
fn check_neighbours(
    origin: &Origin<'_>,
    connection: &Connection,
    container: &Container,
) -> Result<()> {
    let project = origin.caller.require_project()?;
    for id in container.beside.iter().chain(&container.volumes_from) {
        let server = store::get_for_system(connection, id)?;
        if server.is_none_or(|server| server.project_id != *project) {
            return Err(logic::not_found(id.as_str()));
        }
    }
    Ok(())
}

/// The other half of it; a container takes what disk its image needs.
pub(crate) fn check_disk(
    origin: &Origin<'_>,
    flavor: &FlavorCopy,
    image: &BootImage,
) -> Result<()> {
    const GIB: i64 = 1 << 30;
    let disk = flavor.disk_gb.saturating_mul(GIB);
    if disk == 0 {
        let rule = &policy::SERVERS_CREATE_ZERO_DISK;
        let target = Target::own(origin.caller);
        if !origin.platform.policy.allows(rule, origin.caller, &target) {
            return Err(Error::forbidden(
                "Only volume-backed servers are allowed for flavors with zero disk.",
            ));
        }
        return Ok(());
    }
    let size = image.size_bytes.unwrap_or(0);
    if size > disk {
        return Err(Error::bad_request(format!(
            "Flavor's disk is too small for requested image. Flavor disk is {disk} bytes, image \
             is {size} bytes."
        )));
    }
    let least = image.min_disk_gb.saturating_mul(GIB);
    if least > disk {
        return Err(Error::bad_request(format!(
            "Flavor's disk is smaller than the minimum size specified in image metadata. Flavor \
             disk is {disk} bytes, minimum size is {least} bytes."
        )));
    }
    Ok(())
}

/// The server group of the hint `group`; it must be the project's own.
fn group(
    connection: &Connection,
    project: &ProjectId,
    asked: &CreateServer,
) -> Result<Option<ServerGroupId>> {
    let hint = asked.hints.get("group").and_then(serde_json::Value::as_str);
    let Some(id) = hint.map(ServerGroupId::from) else { return Ok(None) };
    match server_groups::store::get_for_system(connection, &id)? {
        Some(group) if group.project == *project => Ok(Some(id)),
        Some(_) | None => {
            Err(Error::bad_request(format!("Instance group {id} could not be found.")))
        }
    }
}

fn row(origin: &Origin<'_>, asked: &CreateServer, decided: &Decided, index: i64) -> Result<Server> {
    let id = ServerId::random();
    let (name, hostname) = names(asked, &id, index);
    Ok(Server {
        number: 0,
        project_id: origin.caller.require_project()?.clone(),
        user_id: origin.caller.user_id.clone(),
        name,
        hostname,
        description: asked.description.clone(),
        image_id: Some(decided.image.id.clone()),
        image_properties: decided.image.properties.clone(),
        flavor: decided.flavor.clone(),
        vm_state: VmState::Building,
        task_state: Some(TaskState::Scheduling),
        power_state: PowerState::NoState,
        progress: 0,
        host: None,
        availability_zone: None,
        pinned_zone: asked.zone.name.clone(),
        key_name: asked.key_name.clone(),
        key_pair: decided.key.clone(),
        user_data: asked.user_data.clone(),
        config_drive: asked.config_drive,
        access_ipv4: asked.access_ipv4.clone(),
        access_ipv6: asked.access_ipv6.clone(),
        auto_disk_config: disk_config::inherited(asked.auto_disk_config, &decided.image.properties),
        locked_by: None,
        locked_reason: None,
        reservation_id: decided.reservation_id.clone(),
        launch_index: index,
        scheduler_hints: asked.hints.clone(),
        container: asked.container.clone(),
        shelved: None,
        has_rescue: false,
        soft_deleted_at: None,
        metadata: asked.metadata.clone(),
        tags: asked.tags.clone(),
        created_at: origin.now,
        updated_at: origin.now,
        launched_at: None,
        terminated_at: None,
        deleted_at: None,
        id,
    })
}

/// The flavor as a server keeps it.
pub(crate) fn copy(flavor: Flavor) -> FlavorCopy {
    FlavorCopy {
        id: flavor.id,
        name: flavor.name,
        vcpus: flavor.vcpus,
        ram_mb: flavor.ram_mb,
        disk_gb: flavor.disk_gb,
        ephemeral_gb: flavor.ephemeral_gb,
        swap_mb: flavor.swap_mb,
        extra_specs: flavor.extra_specs,
    }
}
