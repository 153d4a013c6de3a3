//! The interfaces of a router: ports on the subnets that it joins.

use ipnet::IpNet;
use kit::Result;
use kit::ids::{RouterId, SubnetId};
use rusqlite::Connection;

use super::errors::{
    interface_in_use, interface_in_use_by_route, interface_not_found, interface_not_found_on,
    port_in_use, subnet_mismatch,
};
use super::model::{GATEWAY, INTERFACE, Router, WantedInterface};
use super::{routes, store};
use crate::networks::model::Network;
use crate::ports::model::{FixedIp, NewPort, Port};
use crate::resource::Actor;
use crate::subnets::model::Subnet;
use crate::{errors, floating_ips, ipam, ports, subnets};

/// The ports of a router on its subnets.
pub(super) fn of(connection: &Connection, router: &RouterId) -> Result<Vec<Port>> {
    let mut ports = ports::store::of_owner(connection, router.as_str())?;
    ports.retain(|port| port.device_owner == INTERFACE);
    Ok(ports)
}

/// Joins a subnet to a router; the port that does it.
pub(crate) fn add(
    actor: &Actor,
    connection: &Connection,
    router: &Router,
    wanted: &WantedInterface,
) -> Result<Port> {
    let port = match (&wanted.port_id, &wanted.subnet_id) {
        (Some(_), Some(_)) => return refuse("Cannot specify both subnet-id and port-id"),
        (Some(port), None) => by_port(actor, connection, router, port.as_str())?,
        (None, Some(subnet)) => by_subnet(actor, connection, router, subnet)?,
        (None, None) => return refuse("Either subnet_id or port_id must be specified"),
    };
    store::update(connection, router, actor.now)?;
    Ok(port)
}

fn by_subnet(
    actor: &Actor,
    connection: &Connection,
    router: &Router,
    id: &SubnetId,
) -> Result<Port> {
    let (subnet, _) = actor.see::<Subnet>(connection, id.as_str())?;
    let Some(gateway) = subnet.gateway_ip else {
        return refuse("Subnet for router interface must have a gateway IP");
    };
    if actor.caller.project() != Some(&subnet.project) && !actor.is_admin() {
        return refuse(&format!(
            "Cannot add interface to router because subnet {id} is not owned by project making \
             the request"
        ));
    }
    refuse_overlap(connection, &router.id, std::slice::from_ref(&subnet))?;
    if subnets::store::taken(connection, id)?.contains(&gateway) {
        return Err(errors::address_allocated(gateway, id));
    }
    let (network, _) = actor.see::<Network>(connection, subnet.network.as_str())?;
    let new = NewPort {
        network_id: subnet.network.clone(),
        device_id: router.id.to_string(),
        device_owner: INTERFACE.to_owned(),
        fixed_ips: Some(Vec::new()),
        ..NewPort::default()
    };
    let port = ports::logic::create_for_house(actor, connection, &router.project, &network, new)?;
    // The one port that may have the gateway's address.
    let fixed_ips = vec![FixedIp { subnet_id: subnet.id, ip_address: gateway }];
    ports::store::set_addresses(connection, &port.id, &fixed_ips)?;
    Ok(Port { fixed_ips, ..port })
}

fn by_port(actor: &Actor, connection: &Connection, router: &Router, id: &str) -> Result<Port> {
    let (port, _) = actor.see::<Port>(connection, id)?;
    if !port.device_id.is_empty() {
        return Err(port_in_use(&port));
    }
    if port.fixed_ips.is_empty() {
        return refuse("Router port must have at least one fixed IP");
    }
    let joined = subnets_of(connection, &port)?;
    refuse_overlap(connection, &router.id, &joined)?;
    if joined.iter().filter(|subnet| subnet.ip_version() == 4).count() > 1 {
        return refuse("Cannot have multiple IPv4 subnets on router port");
    }
    let port =
        Port { device_id: router.id.to_string(), device_owner: INTERFACE.to_owned(), ..port };
    ports::store::update(connection, &port, actor.now)?;
    Ok(port)
}

/// Parts a subnet from a router; the port that joined them, gone by then.
pub(crate) fn remove(
    actor: &Actor,
    connection: &Connection,
    router: &Router,
    wanted: &WantedInterface,
) -> Result<Port> {
    let interfaces = of(connection, &router.id)?;
    let on = |port: &Port, subnet: &SubnetId| {
        port.fixed_ips.iter().any(|fixed| fixed.subnet_id == *subnet)
    };
    let found = match (&wanted.port_id, &wanted.subnet_id) {
        (Some(id), subnet) => {
            let port = interfaces.into_iter().find(|port| port.id == *id);
            let port = port.ok_or_else(|| interface_not_found(&router.id, id))?;
            if let Some(subnet) = subnet.as_ref().filter(|subnet| !on(&port, subnet)) {
                return Err(subnet_mismatch(&port.id, subnet));
            }
            port
        }
        (None, Some(subnet)) => {
            actor.see::<Subnet>(connection, subnet.as_str())?;
            let port = interfaces.into_iter().find(|port| on(port, subnet));
            port.ok_or_else(|| interface_not_found_on(&router.id, subnet))?
        }
        (None, None) => return refuse("Either subnet_id or port_id must be specified"),
    };
    for fixed in &found.fixed_ips {
        if floating_ips::store::lead_to_subnet(connection, &router.id, &fixed.subnet_id)? {
            return Err(interface_in_use(&router.id, &fixed.subnet_id));
        }
        let subnets = subnets::store::of_network(connection, &found.network)?;
        let subnet = subnets.into_iter().find(|subnet| subnet.id == fixed.subnet_id);
        if subnet.is_some_and(|subnet| routes::lead_into(router, &subnet.cidr)) {
            return Err(interface_in_use_by_route(&router.id, &fixed.subnet_id));
        }
    }
    ports::store::delete(connection, &found.id)?;
    store::update(connection, router, actor.now)?;
    Ok(found)
}

/// Neutron: a router is on a subnet once, and on none that overlaps another, those of its external
/// network included.
pub(super) fn refuse_overlap(
    connection: &Connection,
    router: &RouterId,
    new: &[Subnet],
) -> Result<()> {
    for port in ports::store::of_owner(connection, router.as_str())? {
        let twice = |subnet: &&Subnet| port.fixed_ips.iter().any(|ip| ip.subnet_id == subnet.id);
        if let Some(subnet) = new.iter().find(twice) {
            return refuse(&format!("Router already has a port on subnet {}", subnet.id));
        }
        let there = if port.device_owner == GATEWAY {
            subnets::store::of_network(connection, &port.network)?
        } else {
            subnets_of(connection, &port)?
        };
        for old in &there {
            if let Some(subnet) = new.iter().find(|subnet| ipam::overlap(old.cidr, subnet.cidr)) {
                return Err(overlap(subnet, old.cidr, &old.id));
            }
        }
    }
    Ok(())
}

fn overlap(new: &Subnet, cidr: IpNet, of: &SubnetId) -> kit::Error {
    let sentence =
        format!("Cidr {} of subnet {} overlaps with cidr {cidr} of subnet {of}", new.cidr, new.id);
    errors::bad_resource("router", sentence)
}

/// The subnets that a port has addresses of.
fn subnets_of(connection: &Connection, port: &Port) -> Result<Vec<Subnet>> {
    let mut subnets = subnets::store::of_network(connection, &port.network)?;
    subnets.retain(|subnet| port.fixed_ips.iter().any(|ip| ip.subnet_id == subnet.id));
    Ok(subnets)
}

fn refuse<T>(sentence: &str) -> Result<T> {
    Err(errors::bad_resource("router", sentence))
}
