//! What is known of the hosts: noted from the engine's answers, put together for readers.

use kit::clock::Time;
use kit::config::Settings;
use kit::engine::HostInfo;
use kit::error::{Error, Result};
use rusqlite::Connection;

use super::model::{Binary, Host, Hypervisor};
use super::store;
use crate::placement::HostState;
use crate::servers::store::host_usage;

/// Notes what the engine says of its machine. A host that it no longer names is down.
pub(crate) fn note_answer(connection: &Connection, info: &HostInfo, now: Time) -> Result<()> {
    let host = Host::new(info);
    store::put(connection, &host)?;
    for binary in Binary::ALL.iter().copied() {
        store::note_answer(connection, &host.name, binary, now)?;
        store::note_silence(connection, binary, &host.name)?;
    }
    Ok(())
}

/// Notes that the engine does not answer.
pub(crate) fn note_silence(connection: &Connection) -> Result<()> {
    store::note_silence(connection, Binary::Compute, "")
}

/// Every host that has a service, with what its servers take.
pub(crate) fn hypervisors(connection: &Connection) -> Result<Vec<Hypervisor>> {
    let mut hypervisors = Vec::new();
    for host in store::list(connection)? {
        let service = store::get_service(connection, &host.name, Binary::Compute.as_str())?;
        let usage = host_usage(connection, &host.name)?;
        hypervisors.extend(service.map(|service| Hypervisor { host, service, usage }));
    }
    Ok(hypervisors)
}

/// Where what is done to servers is decided.
pub(crate) fn conductor(connection: &Connection) -> Result<String> {
    let mut services = store::list_services(connection)?.into_iter();
    let found = services.find(|service| service.binary == Binary::Conductor);
    Ok(found.map_or_else(String::new, |service| service.host))
}

/// Whether a host is in this availability zone.
pub(crate) fn is_zone(connection: &Connection, settings: &Settings, name: &str) -> Result<bool> {
    let default = &settings.compute.availability_zone;
    let services = store::list_services(connection)?;
    let mut of_hosts = services.iter().filter(|service| service.binary == Binary::Compute);
    Ok(of_hosts.any(|service| service.zone(default) == name))
}

/// Whether a host's servers are looked after.
pub(crate) fn is_up(connection: &Connection, host: &str) -> Result<bool> {
    let service = store::get_service(connection, host, Binary::Compute.as_str())?;
    Ok(service.is_some_and(|service| service.is_up()))
}

/// Refuses what needs the host of a server while that is down (Nova: `check_instance_host`).
pub(crate) fn require_up(connection: &Connection, host: Option<&str>) -> Result<()> {
    if is_up(connection, host.unwrap_or_default())? {
        return Ok(());
    }
    Err(Error::conflict("Service is unavailable at this time."))
}

/// The hosts as the scheduler sees them.
pub(crate) fn states(connection: &Connection, settings: &Settings) -> Result<Vec<HostState>> {
    let compute = &settings.compute;
    let state = |Hypervisor { host, service, usage }| HostState {
        available: service.is_up() && !service.disabled,
        zone: service.zone(&compute.availability_zone).to_owned(),
        vcpus: host.vcpus,
        vcpus_capacity: host.vcpus.saturating_mul(compute.cpu_allocation_ratio),
        vcpus_used: usage.vcpus,
        ram_mb: host.ram_mb,
        ram_mb_capacity: host.ram_mb.saturating_mul(compute.ram_allocation_ratio),
        ram_mb_used: usage.ram_mb,
        disk_gb_capacity: disk_capacity(&host, compute.disk_allocation_ratio),
        disk_gb_used: usage.disk_gb,
        name: host.name,
    };
    Ok(hypervisors(connection)?.into_iter().map(state).collect())
}

/// An engine that does not tell its disk's size (0) is not held to it.
fn disk_capacity(host: &Host, ratio: i64) -> i64 {
    if host.disk_gb == 0 { i64::MAX } else { host.disk_gb.saturating_mul(ratio) }
}
