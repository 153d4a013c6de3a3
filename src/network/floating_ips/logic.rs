//! The rules of floating IPs.

use std::net::IpAddr;

use kit::Result;
use kit::ids::{FloatingIpId, NetworkId, PortId, ProjectId, SubnetId};
use rusqlite::Connection;

use super::model::{
    Association, FloatingIp, FloatingIpChange, FloatingIpStatus, HOLDER, NewFloatingIp, WantedPort,
    WantedTarget,
};
use super::store;
use crate::networks::model::Network;
use crate::ports::model::{NewPort, Port, WantedIp};
use crate::resource::Actor;
use crate::routers::errors::{already_associated, external_exhausted, not_reachable};
use crate::standard::Standard;
use crate::subnets::model::ip_version;
use crate::{errors, port_forwardings, ports, routers, subnets};

/// Takes an address of an external network, and leads it to a port if one is named. Quotas are
/// the caller's business.
pub(super) fn create(
    actor: &Actor,
    connection: &Connection,
    project: &ProjectId,
    new: NewFloatingIp,
) -> Result<FloatingIp> {
    let (network, _) = actor.see::<Network>(connection, new.floating_network_id.as_str())?;
    if !network.external {
        return refuse(format!("Network {} is not a valid external network", network.id));
    }
    let subnets = subnets::store::of_network(connection, &network.id)?;
    let Some(of_version_4) = subnets.iter().find(|subnet| ip_version(subnet.cidr) == 4) else {
        return refuse(format!("Network {} does not contain any IPv4 subnet", network.id));
    };
    let id = FloatingIpId::random();
    let anywhere = new.subnet_id.is_none() && new.floating_ip_address.is_none();
    let wish = WantedIp {
        subnet_id: if anywhere { Some(of_version_4.id.clone()) } else { new.subnet_id },
        ip_address: new.floating_ip_address,
    };
    let holder = NewPort {
        network_id: network.id.clone(),
        device_id: id.to_string(),
        device_owner: HOLDER.to_owned(),
        fixed_ips: Some(vec![wish]),
        ..NewPort::default()
    };
    let nobody = ProjectId::from("");
    let own = ports::logic::create_for_house(actor, connection, &nobody, &network, holder)?;
    let address = own.fixed_ips.first().map(|fixed| fixed.ip_address);
    let address = address.filter(IpAddr::is_ipv4).ok_or_else(|| external_exhausted(&network.id))?;
    let row = FloatingIp {
        id,
        project: project.clone(),
        description: new.description,
        network: network.id,
        own_port: own.id,
        address,
        association: None,
        forwards_by: None,
        forwardings: Vec::new(),
        status: FloatingIpStatus::Down,
        standard: Standard { tags: new.tags, ..Standard::new(actor.now, 1) },
    };
    let row = lead(actor, connection, row, new.target)?;
    store::insert(connection, &row)?;
    Ok(row)
}

/// Leads a floating IP elsewhere or nowhere, or describes it anew.
pub(super) fn update(
    actor: &Actor,
    connection: &Connection,
    row: FloatingIp,
    change: FloatingIpChange,
) -> Result<()> {
    let row = lead(actor, connection, row, change.target)?;
    let description = change.description.unwrap_or(row.description);
    store::update(connection, &FloatingIp { description, ..row }, actor.now)
}

/// Gives the address back.
pub(super) fn delete(connection: &Connection, row: &FloatingIp) -> Result<()> {
    refuse_forwarding(row)?;
    store::delete(connection, &row.id)?;
    ports::store::delete(connection, &row.own_port)
}

/// Gives back the addresses of an external network that lead nowhere, as the network is about to go.
pub(crate) fn delete_idle(connection: &Connection, network: &NetworkId) -> Result<()> {
    store::idle(connection, network)?.iter().try_for_each(|row| delete(connection, row))
}

/// The row, leading where it is wanted; active it becomes when the guest has the address.
fn lead(
    actor: &Actor,
    connection: &Connection,
    row: FloatingIp,
    wanted: WantedTarget,
) -> Result<FloatingIp> {
    let port = match wanted.port_id {
        WantedPort::This(port) => Some(port),
        // Neutron: to name another address of the same port is to associate anew.
        WantedPort::Unsaid if wanted.fixed_ip_address.is_none() => return Ok(row),
        WantedPort::Unsaid => row.association.as_ref().map(|to| to.port.clone()),
        WantedPort::Absent => None,
    };
    let association = match (port, wanted.fixed_ip_address) {
        (Some(port), fixed) => Some(associate(actor, connection, &row, &port, fixed)?),
        (None, Some(_)) => {
            return refuse("fixed_ip_address cannot be specified without a port_id".to_owned());
        }
        (None, None) => None,
    };
    if association == row.association {
        return Ok(row);
    }
    Ok(FloatingIp { association, status: FloatingIpStatus::Down, ..row })
}

fn associate(
    actor: &Actor,
    connection: &Connection,
    row: &FloatingIp,
    port: &PortId,
    fixed: Option<IpAddr>,
) -> Result<Association> {
    refuse_forwarding(row)?;
    let (port, _) = actor.see::<Port>(connection, port.as_str())?;
    if port.project != row.project && !actor.is_admin() {
        return refuse(format!(
            "Cannot process floating IP association with Port {}, since that port is owned by a \
             different project",
            port.id
        ));
    }
    if port.device_owner.starts_with("network:") {
        return refuse(format!("Port {} is unable to be assigned a floating IP", port.id));
    }
    let (fixed, subnet) = target(&port, fixed)?;
    let router = routers::store::between(connection, &subnet, &row.network)?
        .ok_or_else(|| not_reachable(&row.network, &subnet, &port.id))?;
    if store::has_another(connection, row, &port.id, fixed)? {
        return Err(already_associated((row.address, &row.id), &port.id, fixed, &row.network));
    }
    refuse_second(connection, row, &port)?;
    Ok(Association { port: port.id, fixed_address: fixed, router })
}

/// The address of a port that is meant, and its subnet.
fn target(port: &Port, fixed: Option<IpAddr>) -> Result<(IpAddr, SubnetId)> {
    if let Some(address) = fixed {
        if !address.is_ipv4() {
            return refuse(format!(
                "Cannot process floating IP association with {address}, since that is not an IPv4 \
                 address"
            ));
        }
        let found = port.fixed_ips.iter().find(|fixed| fixed.ip_address == address);
        return match found {
            Some(fixed) => Ok((address, fixed.subnet_id.clone())),
            None => refuse(format!("Port {} does not have fixed ip {address}", port.id)),
        };
    }
    let mut of_version_4 = port.fixed_ips.iter().filter(|fixed| fixed.ip_address.is_ipv4());
    match (of_version_4.next(), of_version_4.next()) {
        (Some(only), None) => Ok((only.ip_address, only.subnet_id.clone())),
        (None, _) => refuse(format!(
            "Cannot add floating IP to port {} that has no fixed IPv4 addresses",
            port.id
        )),
        (Some(_), Some(_)) => refuse(format!(
            "Port {} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when \
             assigning a floating IP",
            port.id
        )),
    }
}

/// The guest gets the address as its interface on the external network, and an engine gives it one
/// there.
fn refuse_second(connection: &Connection, row: &FloatingIp, port: &Port) -> Result<()> {
    let device = &port.device_id;
    if device.is_empty() || !store::device_is_on(connection, device, &row.network, &row.id)? {
        return Ok(());
    }
    refuse(format!(
        "Port {} belongs to a server that has an address of network {} already, and the container \
         engine holds one of each",
        port.id, row.network
    ))
}

/// One of which some ports lead somewhere leads nowhere as a whole.
fn refuse_forwarding(row: &FloatingIp) -> Result<()> {
    if row.forwardings.is_empty() { Ok(()) } else { Err(port_forwardings::in_use(&row.id)) }
}

fn refuse<T>(sentence: String) -> Result<T> {
    Err(errors::bad_resource("floatingip", sentence))
}
