//! What compute, metadata and orchestration may ask of networks.
//!
//! Errors of [`validate_requests`], [`allocate`] and of what is about security groups carry Nova's
//! sentences, because Nova's users read them. Everything takes a connection and runs inside the
//! caller's own closure, so a server and its ports exist together or not at all; only
//! [`ensure_engine_networks`], [`look_at_enforcement`] and [`set_filters`] touch the engine.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use kit::clock::Time;
use kit::engine::{Attachment, beyond_first};
use kit::error::{Error, Result};
use kit::http::Call;
use kit::ids::{NetworkId, PortId, ProjectId, SecurityGroupId, ServerId, SubnetId};
use kit::platform::Platform;
use kit::policy::Caller;
use kit::workflow::Failure;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

pub use crate::delegate::{Delegate, Kind};
use crate::networks::model::Network;
pub use crate::ports::model::Place;
use crate::ports::model::{Port, PortStatus};
pub use crate::routers::model::WantedInterface;
use crate::security_groups::model::SecurityGroup;
use crate::subnets::model::Subnet;
use crate::{
    bootstrap, filters, floating_ips, networks, plan, ports, reconcile, security_groups, subnets,
};

/// What a request to make a server says about networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkRequest {
    /// Nothing, or `auto`: the house chooses.
    Auto,
    /// `none`: no network at all.
    None,
    /// These, in this order.
    List(Vec<RequestedNic>),
}

/// One interface that was asked for: by port, or by network and maybe address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedNic {
    /// The network.
    pub network: Option<NetworkId>,
    /// A port that is there already.
    pub port: Option<PortId>,
    /// This very address.
    pub fixed_ip: Option<IpAddr>,
    /// The server's name for the interface.
    pub tag: Option<String>,
}

/// The interfaces of a server, decided; can be kept in a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedNics(pub(crate) Vec<PlannedNic>);

/// One interface, decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlannedNic {
    pub(crate) network: NetworkId,
    pub(crate) port: Option<PortId>,
    pub(crate) fixed_ip: Option<IpAddr>,
    pub(crate) tag: Option<String>,
}

/// Whom ports are made or bound for.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The server's project.
    pub project: &'a ProjectId,
    /// The server.
    pub server: &'a ServerId,
    /// The host that runs it; may be empty while that is open.
    pub host: &'a str,
    /// The groups of new ports; none means the project's default group.
    pub security_groups: &'a [SecurityGroupId],
    /// Whether new ports are filtered; `None`: as their networks say.
    pub port_security: Option<bool>,
}

/// One interface of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nic {
    /// Its port.
    pub port: PortId,
    /// The port's name.
    pub port_name: String,
    /// Whether the port carries traffic.
    pub status: PortStatus,
    /// Its network.
    pub network: NetworkId,
    /// The network's name: the key in a server's `addresses`.
    pub network_name: String,
    /// Who owns the network.
    pub network_project: ProjectId,
    /// The network's name on the engine.
    pub engine_network: String,
    /// Its addresses.
    pub addresses: Vec<(IpAddr, SubnetId)>,
    /// The floating addresses that lead to them.
    pub floating_addresses: Vec<IpAddr>,
    /// The subnets of these addresses.
    pub subnets: Vec<Subnet>,
    /// Its MAC.
    pub mac: String,
    /// Whether its owner wants it to carry traffic.
    pub up: bool,
    /// The largest packet.
    pub mtu: i64,
    /// The server's name for the interface.
    pub tag: Option<String>,
    /// Whether the port goes with the server.
    pub created_by_compute: bool,
}

impl Nic {
    /// Whether it is more than an interface that comes with the guest: it has several addresses of
    /// one IP version, or its cable is out.
    pub fn is_special(&self) -> bool {
        !self.up || !beyond_first(self.addresses.iter().map(|(address, _)| *address)).is_empty()
    }

    /// What the guest is to be plugged into.
    pub fn attachment(&self) -> Attachment {
        Attachment {
            network: self.engine_network.clone(),
            addresses: self.addresses.iter().map(|(address, _)| *address).collect(),
            mac: self.mac.clone(),
            up: self.up,
        }
    }
}

/// Makes the networks of the first start for the administrators' project. Idempotent.
pub async fn bootstrap(platform: &Arc<Platform>, owner: &ProjectId) -> Result<()> {
    bootstrap::run(platform, owner).await
}

/// Whether `count` servers may have what is asked for, and what that is exactly.
pub fn validate_requests(
    platform: &Platform,
    connection: &Connection,
    caller: &Caller,
    request: &NetworkRequest,
    count: i64,
) -> Result<PlannedNics> {
    plan::decide(platform, connection, caller, request, count)
}

/// Makes and binds the ports of a server.
pub fn allocate(
    platform: &Platform,
    connection: &Connection,
    now: Time,
    binding: &Binding<'_>,
    planned: &PlannedNics,
) -> Result<Vec<Nic>> {
    plan::carry_out(platform, connection, now, binding, planned)?;
    nics_of(connection, binding.server)
}

/// Notes the host that the server's ports are bound to.
pub fn bind_host(connection: &Connection, now: Time, server: &ServerId, host: &str) -> Result<()> {
    for mut port in ports::store::of_device(connection, server)? {
        host.clone_into(&mut port.host);
        ports::store::update(connection, &port, now)?;
    }
    Ok(())
}

/// The interfaces of a server, in order.
pub fn nics_of(connection: &Connection, server: &ServerId) -> Result<Vec<Nic>> {
    let mut described = Described::default();
    let ports = ports::store::of_device(connection, server)?;
    ports.into_iter().map(|port| described.nic(connection, port)).collect()
}

/// The interfaces of several servers; a server without one is not in the map.
pub fn nics_of_many(
    connection: &Connection,
    servers: &[ServerId],
) -> Result<HashMap<ServerId, Vec<Nic>>> {
    let mut described = Described::default();
    let mut by_server: HashMap<ServerId, Vec<Nic>> = HashMap::new();
    for port in ports::store::of_devices(connection, servers)? {
        let server = ServerId::from(port.device_id.as_str());
        by_server.entry(server).or_default().push(described.nic(connection, port)?);
    }
    Ok(by_server)
}

/// Gives a server's interface on a network one more address: its port, and the address if there is one
/// left.
///
/// # Errors
/// Not found, if the server is not on the network.
pub fn add_fixed_ip(
    connection: &Connection,
    now: Time,
    server: &ServerId,
    network: &NetworkId,
) -> Result<(PortId, Option<IpAddr>)> {
    let ports = ports::store::of_device(connection, server)?;
    let port = ports.into_iter().find(|port| port.network == *network).ok_or_else(|| {
        Error::not_found(format!("Network could not be found for instance {server}."))
    })?;
    let given = ports::logic::add_address(connection, now, &port)?;
    Ok((port.id, given.map(|fixed| fixed.ip_address)))
}

/// Takes an address from a port; that it has not got it is success.
pub fn remove_fixed_ip(
    connection: &Connection,
    now: Time,
    port: &PortId,
    address: IpAddr,
) -> Result<()> {
    match ports::store::get_for_system(connection, port)? {
        Some(port) => ports::logic::take_address(connection, now, &port, address),
        None => Ok(()),
    }
}

/// The servers that have an interface that [is special](Nic::is_special).
pub fn special_interfaces(connection: &Connection) -> Result<BTreeSet<ServerId>> {
    ports::store::special(connection)
}

/// The servers of ports that were taken down or up, and the note to [`forget_due_cables`] once their
/// guests follow; `None` when there are none.
pub fn due_cables(connection: &Connection) -> Result<Option<(i64, BTreeSet<ServerId>)>> {
    ports::store::due_cables(connection)
}

/// Forgets the notes of due cables up to this one.
pub fn forget_due_cables(connection: &Connection, last: i64) -> Result<()> {
    ports::store::forget_due_cables(connection, last)
}

/// Gives the ports of a server back: those that compute made go, the others are free again.
pub fn release(connection: &Connection, now: Time, server: &ServerId) -> Result<()> {
    for port in ports::store::of_device(connection, server)? {
        ports::logic::unbind(connection, now, port)?;
    }
    Ok(())
}

/// Leaves a port to compute: it goes when it leaves its server.
pub fn leave_to_compute(connection: &Connection, port: &PortId) -> Result<()> {
    ports::store::leave_to_compute(connection, port)
}

/// Gives one port of a server back.
pub fn release_port(connection: &Connection, now: Time, port: &PortId) -> Result<()> {
    match ports::store::get_for_system(connection, port)? {
        Some(port) => ports::logic::unbind(connection, now, port),
        None => Ok(()),
    }
}

/// Takes addresses and MAC from a port, for another that takes its place; `None` if there is none.
pub fn vacate_port(
    platform: &Platform,
    connection: &Connection,
    now: Time,
    port: &PortId,
) -> Result<Option<Place>> {
    let Some(port) = ports::store::get_for_system(connection, port)? else { return Ok(None) };
    let base_mac = &platform.settings.network.base_mac;
    ports::logic::vacate(connection, now, base_mac, port).map(Some)
}

/// Gives them back to a port, if it is there.
pub fn occupy_port(connection: &Connection, now: Time, port: &PortId, place: Place) -> Result<()> {
    match ports::store::get_for_system(connection, port)? {
        Some(port) => ports::logic::occupy(connection, now, port, place),
        None => Ok(()),
    }
}

/// Makes sure that the networks are there on the engine; what to plug the guest into. For acts.
pub async fn ensure_engine_networks(
    platform: &Arc<Platform>,
    nics: &[Nic],
) -> Result<Vec<Attachment>, Failure> {
    let mut attachments = Vec::new();
    for nic in nics {
        reconcile::ensure(platform, &nic.network).await?;
        attachments.push(nic.attachment());
    }
    Ok(attachments)
}

/// Notes the MACs that the engine gave a server's interfaces, by the network's name on the engine.
/// Engines before Docker's API 1.44 take a MAC for the first interface only: a port then gets that
/// of its interface, so that the guest and the API say the same.
///
/// The guest has just been started, with the filter that the rows asked for then: it is looked at
/// once more.
pub fn adopt_macs(
    connection: &Connection,
    now: Time,
    server: &ServerId,
    given: &BTreeMap<String, String>,
) -> Result<()> {
    filters::store::note(connection, server)?;
    for mut port in ports::store::of_device(connection, server)? {
        let Some(mac) = given.get(&Network::engine_name(&port.network)) else { continue };
        if *mac != port.mac && !ports::store::has_mac(connection, mac)? {
            mac.clone_into(&mut port.mac);
            ports::store::update(connection, &port, now)?;
        }
    }
    Ok(())
}

/// Says whether a server's ports carry traffic.
pub fn set_port_status(
    connection: &Connection,
    now: Time,
    server: &ServerId,
    status: PortStatus,
) -> Result<()> {
    ports::store::set_status(connection, server, status, now)
}

/// Makes the default security group of the caller's project, if it has none yet.
pub async fn ensure_default_group(call: &Call) -> Result<()> {
    security_groups::api::ensure_default(call).await
}

/// The security groups that these names or ids mean to the caller's project.
pub fn resolve_security_groups(
    connection: &Connection,
    now: Time,
    caller: &Caller,
    names: &[String],
) -> Result<Vec<SecurityGroupId>> {
    plan::resolve_groups(connection, now, caller.require_project()?, names)
}

/// The names of the security groups of these servers' ports; a server without one is not in
/// the map.
pub fn security_groups_of_many(
    connection: &Connection,
    servers: &[ServerId],
) -> Result<HashMap<ServerId, Vec<String>>> {
    let mut by_server: HashMap<ServerId, Vec<String>> = HashMap::new();
    for (server, name) in security_groups::store::names_of_servers(connection, servers)? {
        by_server.entry(server).or_default().push(name);
    }
    Ok(by_server)
}

/// The security groups of a server's ports, with their rules.
pub fn security_groups_of(
    connection: &Connection,
    server: &ServerId,
) -> Result<Vec<SecurityGroup>> {
    let ports = ports::store::of_device(connection, server)?;
    let ids: BTreeSet<SecurityGroupId> =
        ports.into_iter().flat_map(|port| port.security_groups).collect();
    let mut groups = Vec::new();
    for id in &ids {
        groups.extend(security_groups::store::get_for_system(connection, id)?);
    }
    Ok(groups)
}

/// Puts every port of a server into a group that none of them is in.
pub fn add_security_group(
    connection: &Connection,
    now: Time,
    server: &ServerId,
    group: &SecurityGroupId,
) -> Result<()> {
    let ports = ports_of(connection, server)?;
    if ports.iter().any(|port| port.fixed_ips.is_empty()) {
        return Err(Error::bad_request(
            "Network requires port_security_enabled and subnet associated in order to apply \
             security groups.",
        ));
    }
    // Neutron: no group twice.
    if ports.iter().any(|port| port.security_groups.contains(group)) {
        return Err(Error::bad_request(format!(
            "Invalid input for security_groups. Reason: Duplicate items in the list: '{group}'."
        )));
    }
    for mut port in ports {
        port.security_groups.push(group.clone());
        ports::store::set_groups(connection, &port.id, &port.security_groups)?;
        ports::store::update(connection, &port, now)?;
    }
    Ok(())
}

/// Takes every port of a server out of a group; whether one was in it.
pub fn remove_security_group(
    connection: &Connection,
    now: Time,
    server: &ServerId,
    group: &SecurityGroupId,
) -> Result<bool> {
    let mut ports = ports_of(connection, server)?;
    ports.retain(|port| port.security_groups.contains(group));
    for port in &mut ports {
        port.security_groups.retain(|other| other != group);
        ports::store::set_groups(connection, &port.id, &port.security_groups)?;
        ports::store::update(connection, port, now)?;
    }
    Ok(!ports.is_empty())
}

/// The ports of a server that has some.
fn ports_of(connection: &Connection, server: &ServerId) -> Result<Vec<Port>> {
    let ports = ports::store::of_device(connection, server)?;
    if ports.is_empty() {
        return Err(Error::not_found(format!(
            "instance_id {server} could not be found as device id on any ports"
        )));
    }
    Ok(ports)
}

/// Whether guests are to be filtered where the engine can.
pub fn filters_are_wished(platform: &Platform) -> bool {
    filters::enforcement::is_wished(platform)
}

/// Looks whether the engine can filter guests; the list of extensions tells.
pub async fn look_at_enforcement(platform: &Platform) -> Result<()> {
    filters::enforcement::look(platform).await
}

/// Sets the filters of these guests, named beside their servers, as the rows ask for them now; a
/// server without a port has none. For acts and reconcilers.
pub async fn set_filters(platform: &Platform, guests: &[(ServerId, String)]) -> Result<()> {
    filters::enforcement::set(platform, guests).await
}

/// The servers whose filters are out of date, and the note to [`forget_due_filters`] once their
/// guests have the new ones; `None` when there are none.
pub fn due_filters(connection: &Connection) -> Result<Option<(i64, Vec<ServerId>)>> {
    let last = filters::store::last_due(connection)?;
    last.map(|last| Ok((last, filters::store::due(connection, last)?))).transpose()
}

/// Forgets the notes of due filters up to this one.
pub fn forget_due_filters(connection: &Connection, last: i64) -> Result<()> {
    filters::store::forget(connection, last)
}

/// The server that has an address: who speaks to the metadata service.
pub fn server_of_address(
    connection: &Connection,
    address: IpAddr,
) -> Result<Option<(ServerId, ProjectId)>> {
    let holder = ports::store::holder_of(connection, &address.to_string())?;
    Ok(holder.map(|(server, project)| (ServerId::from(server), project)))
}

/// The servers with an address in which one of these texts is found (Nova's filters `ip`, `ip6`).
pub fn servers_with_address(connection: &Connection, needles: &[String]) -> Result<Vec<ServerId>> {
    ports::store::devices_with_address(connection, needles)
}

/// Networks and subnets that were read once for several ports.
#[derive(Default)]
struct Described(BTreeMap<NetworkId, (Option<Network>, Vec<Subnet>)>);

impl Described {
    fn nic(&mut self, connection: &Connection, port: Port) -> Result<Nic> {
        if !self.0.contains_key(&port.network) {
            let network = networks::store::get_for_system(connection, &port.network)?;
            let subnets = subnets::store::of_network(connection, &port.network)?;
            self.0.insert(port.network.clone(), (network, subnets));
        }
        let (network, subnets) = self.0.get(&port.network).cloned().unwrap_or_default();
        let (network_name, mtu) = network.map(|row| (row.name, row.mtu)).unwrap_or_default();
        let holds = |subnet: &Subnet| port.fixed_ips.iter().any(|ip| ip.subnet_id == subnet.id);
        Ok(Nic {
            engine_network: Network::engine_name(&port.network),
            status: port.shown_status(),
            floating_addresses: floating_ips::store::of_port(connection, &port.id)?,
            subnets: subnets.into_iter().filter(holds).collect(),
            addresses: port.fixed_ips.into_iter().map(|ip| (ip.ip_address, ip.subnet_id)).collect(),
            port: port.id,
            port_name: port.name,
            network: port.network,
            network_name,
            network_project: port.network_project,
            mac: port.mac,
            up: port.admin_state_up,
            mtu,
            tag: port.device_tag,
            created_by_compute: port.made_by_compute,
        })
    }
}
