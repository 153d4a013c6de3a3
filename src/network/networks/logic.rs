//! The rules of networks.

use kit::Result;
use kit::clock::Time;
use kit::config;
use kit::ids::{NetworkId, ProjectId};
use rusqlite::Connection;

use super::model::{Network, NetworkChange, NewNetwork};
use super::store;
use crate::rbac_policies::model::{Action, ObjectType, Shares};
use crate::routers::errors::external_network_in_use;
use crate::standard::Standard;
use crate::{errors, floating_ips, ports, rbac_policies, routers, subnets};

/// The smallest packets that IPv4 and IPv6 get along with.
const IPV4_MIN_MTU: i64 = 68;
const IPV6_MIN_MTU: i64 = 1280;

/// Makes a network. Quotas are the caller's business.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    settings: &config::Network,
    project: &ProjectId,
    new: NewNetwork,
) -> Result<Network> {
    if let Some(zone) = new.availability_zone_hints.first() {
        return Err(errors::zone_not_found(zone));
    }
    let network = Network {
        id: new.id.unwrap_or_else(NetworkId::random),
        project: project.clone(),
        name: new.name,
        description: new.description,
        admin_state_up: new.admin_state_up.unwrap_or(true),
        shared: new.shared,
        external: new.external,
        port_security_enabled: new.port_security_enabled.unwrap_or(true),
        shares: Shares::everybody_if(new.shared),
        outside: Shares::everybody_if(new.external),
        mtu: largest_packet(settings, new.mtu)?,
        subnets: Vec::new(),
        ipv4_address_scope: None,
        ipv6_address_scope: None,
        standard: Standard { tags: new.tags, ..Standard::new(now, 1) },
    };
    store::insert(connection, &network)?;
    open(connection, &network, [false, false], [new.shared, new.external])?;
    Ok(network)
}

/// Changes a network; one that other projects use stays shared.
pub(crate) fn update(
    connection: &Connection,
    now: Time,
    settings: &config::Network,
    network: Network,
    change: NetworkChange,
) -> Result<()> {
    let unshared = network.shared && change.shared == Some(false);
    let what = (ObjectType::Network, network.id.as_str());
    if unshared && rbac_policies::logic::is_needed(connection, what, &network.project)? {
        return Err(errors::invalid_shared_setting(&network.name));
    }
    if network.external
        && change.external == Some(false)
        && routers::store::leads_out_by(connection, &network.id)?
    {
        return Err(external_network_in_use(&network.id));
    }
    let mtu = match change.mtu {
        Some(wanted) => change_mtu(connection, settings, &network, wanted)?,
        None => network.mtu,
    };
    let was = [network.shared, network.external];
    let is = [change.shared.unwrap_or(network.shared), change.external.unwrap_or(network.external)];
    open(connection, &network, was, is)?;
    let changed = Network {
        name: change.name.unwrap_or(network.name),
        description: change.description.unwrap_or(network.description),
        admin_state_up: change.admin_state_up.unwrap_or(network.admin_state_up),
        port_security_enabled: change
            .port_security_enabled
            .unwrap_or(network.port_security_enabled),
        mtu,
        ..network
    };
    store::update(connection, &changed, now)
}

/// The largest packet of a network for which this is wanted; 0 wants as much as the cloud carries.
fn largest_packet(settings: &config::Network, wanted: i64) -> Result<i64> {
    match wanted {
        0 => Ok(settings.mtu),
        wanted if wanted <= settings.mtu => Ok(wanted),
        _ => Err(errors::invalid_input(format!(
            "Requested MTU is too big, maximum is {}",
            settings.mtu
        ))),
    }
}

/// An engine's network keeps the size of packets that it was made with, so it changes only while no
/// port is there; the next guest finds a network that was made anew.
fn change_mtu(
    connection: &Connection,
    settings: &config::Network,
    network: &Network,
    wanted: i64,
) -> Result<i64> {
    let mtu = largest_packet(settings, wanted)?;
    if mtu == network.mtu {
        return Ok(mtu);
    }
    for subnet in subnets::store::of_network(connection, &network.id)? {
        check_mtu(&network.id, mtu, subnet.ip_version())?;
    }
    if ports::store::of_network(connection, &network.id)?.is_empty() {
        return Ok(mtu);
    }
    Err(errors::invalid_input(format!(
        "Network {} has ports, and the container engine cannot change its MTU",
        network.id
    )))
}

/// A subnet of an IP version needs packets of some size.
pub(crate) fn check_mtu(id: &NetworkId, mtu: i64, version: i64) -> Result<()> {
    // Neutron: what is too little for IPv4 is told so, whatever the subnet.
    let least = if version == 4 || mtu < IPV4_MIN_MTU { IPV4_MIN_MTU } else { IPV6_MIN_MTU };
    if mtu < least { Err(errors::mtu_conflict(id, least)) } else { Ok(()) }
}

/// What [`open`] opens a network for.
const FOR: [Action; 2] = [Action::Shared, Action::External];

/// Opens a network to everybody or closes it, where it is not so already: what one project may go
/// outside by is external, and stays for that project alone.
fn open(connection: &Connection, network: &Network, was: [bool; 2], is: [bool; 2]) -> Result<()> {
    let what = (ObjectType::Network, network.id.as_str());
    for (action, change) in FOR.into_iter().zip(was.into_iter().zip(is)) {
        let project = &network.project;
        match change {
            (false, true) => rbac_policies::store::share(connection, project, what, action)?,
            (true, false) => rbac_policies::store::unshare(connection, what.1, action)?,
            (false, false) | (true, true) => {}
        }
    }
    store::settle_sharing(connection, what.1)
}

/// Deletes a network that no port is on, with its subnets. Neutron: floating IPs that lead nowhere
/// do not keep it.
pub(crate) fn delete(connection: &Connection, network: &Network) -> Result<()> {
    floating_ips::logic::delete_idle(connection, &network.id)?;
    let ports = ports::store::of_network(connection, &network.id)?;
    if !ports.is_empty() {
        return Err(errors::network_in_use(&network.id, &ports));
    }
    rbac_policies::store::forget(connection, network.id.as_str())?;
    store::delete(connection, &network.id)
}
