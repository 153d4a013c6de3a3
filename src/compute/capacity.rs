//! What hosts have, and what servers take of it, for Placement. Only [`crate::facade`] names it.

use kit::config::Settings;
use kit::error::Result;
use kit::ids::{AggregateId, HostId, ProjectId, ServerId, UserId};
use rusqlite::Connection;

use crate::aggregates;
use crate::hosts::model::Hypervisor;
use crate::hosts::{logic, store};

/// So much of something.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// What the machine has; 0 where its engine does not tell.
    pub total: i64,
    /// How often it is given away.
    pub ratio: i64,
    /// What servers have.
    pub used: i64,
}

/// A host.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// Its id.
    pub id: HostId,
    /// Its name.
    pub name: String,
    /// CPUs.
    pub vcpus: Amount,
    /// Memory, MiB.
    pub ram_mb: Amount,
    /// Disk, GiB.
    pub disk_gb: Amount,
    /// No new server comes here.
    pub disabled: bool,
    /// Grows with every server that it gets.
    pub generation: i64,
    /// The aggregates that it is in.
    pub aggregates: Vec<AggregateId>,
}

/// A server that is on a host.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its id.
    pub server: ServerId,
    /// Whose it is.
    pub project: ProjectId,
    /// Who made it.
    pub user: UserId,
    /// Where it is.
    pub host: HostId,
    /// CPUs.
    pub vcpus: i64,
    /// Memory, MiB.
    pub ram_mb: i64,
    /// Root and ephemeral disk, GiB.
    pub disk_gb: i64,
}

/// Whose servers are meant; each part that is given must hold.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Whose<'a> {
    pub(crate) host: Option<&'a HostId>,
    pub(crate) server: Option<&'a ServerId>,
    pub(crate) project: Option<&'a ProjectId>,
    pub(crate) user: Option<&'a UserId>,
}

/// Every host.
pub fn capacities(connection: &Connection, settings: &Settings) -> Result<Vec<Capacity>> {
    let compute = &settings.compute;
    let aggregates = aggregates::store::list(connection)?;
    let mut capacities = Vec::new();
    for Hypervisor { host, service, usage } in logic::hypervisors(connection)? {
        let own = aggregates.iter().filter(|aggregate| aggregate.hosts.contains(&host.name));
        let amount = |total, ratio, used| Amount { total, ratio, used };
        capacities.push(Capacity {
            vcpus: amount(host.vcpus, compute.cpu_allocation_ratio, usage.vcpus),
            ram_mb: amount(host.ram_mb, compute.ram_allocation_ratio, usage.ram_mb),
            disk_gb: amount(host.disk_gb, compute.disk_allocation_ratio, usage.disk_gb),
            disabled: service.disabled,
            generation: store::latest_guest(connection, &host.name)?,
            aggregates: own.map(|aggregate| aggregate.id.clone()).collect(),
            id: host.id,
            name: host.name,
        });
    }
    Ok(capacities)
}

/// The servers of a host.
pub fn consumers_on(connection: &Connection, host: &HostId) -> Result<Vec<Consumer>> {
    store::consumers(connection, Whose { host: Some(host), ..Whose::default() })
}

/// One server, if it is on a host.
pub fn consumer(connection: &Connection, server: &ServerId) -> Result<Option<Consumer>> {
    let whose = Whose { server: Some(server), ..Whose::default() };
    Ok(store::consumers(connection, whose)?.pop())
}

/// The servers of a project, or those of a user in it.
pub fn consumers_of_project(
    connection: &Connection,
    project: &ProjectId,
    user: Option<&UserId>,
) -> Result<Vec<Consumer>> {
    store::consumers(connection, Whose { project: Some(project), user, ..Whose::default() })
}
