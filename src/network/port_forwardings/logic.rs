//! The rules of port forwardings.

use std::net::{IpAddr, Ipv4Addr};

use kit::Result;
use kit::http::pyrepr::Str;
use kit::ids::{PortForwardingId, SubnetId};
use rusqlite::Connection;

use super::errors::{bad, collision, has_floating_ip};
use super::model::{Inside, NewPortForwarding, PortForwarding, PortForwardingChange};
use super::store;
use crate::floating_ips::model::FloatingIp;
use crate::ports::model::{FixedIp, Port};
use crate::resource::Actor;
use crate::routers;
use crate::routers::errors::already_associated;

/// Leads ports of a floating IP, which leads nowhere as a whole, to ports of a guest.
pub(super) fn create(
    actor: &Actor,
    connection: &Connection,
    floating: &FloatingIp,
    new: NewPortForwarding,
) -> Result<PortForwarding> {
    let (Some(external), Some(ports)) = (new.ports.external(), new.ports.internal()) else {
        return Err(bad("an external and an internal port must be specified"));
    };
    let inside = Inside {
        port: new.internal_port_id,
        address: new.internal_ip_address,
        protocol: new.protocol,
        ports,
    };
    let row = PortForwarding {
        id: PortForwardingId::random(),
        floating_ip: floating.id.clone(),
        description: new.description,
        inside,
        external,
        revision: 0,
    };
    refuse_collisions(connection, &row)?;
    refuse_bound(connection, &row.inside)?;
    if floating.association.is_some() {
        let (own, inside) = ((floating.address, &floating.id), &row.inside);
        let fixed = inside.address.into();
        return Err(already_associated(own, &inside.port, fixed, &floating.network));
    }
    let (port, _) = actor.see::<Port>(connection, row.inside.port.as_str())?;
    let subnet = subnet_of(&port, row.inside.address)?;
    lead_through(actor, connection, floating, (&port, &subnet))?;
    store::insert(connection, &row)?;
    Ok(row)
}

/// Leads ports of a floating IP elsewhere, or others there, or describes them anew.
pub(super) fn update(
    actor: &Actor,
    connection: &Connection,
    row: PortForwarding,
    change: PortForwardingChange,
) -> Result<()> {
    let (floating, _) = actor.see::<FloatingIp>(connection, row.floating_ip.as_str())?;
    let (external, ports) = (change.ports.external(), change.ports.internal());
    let port_id = change.internal_port_id.as_ref().unwrap_or(&row.inside.port);
    let (port, _) = actor.see::<Port>(connection, port_id.as_str())?;
    let moved = port.id != row.inside.port;
    let address = match change.internal_ip_address {
        Some(address) => address,
        None if moved => first_address(&port)?,
        None => row.inside.address,
    };
    let inside = Inside {
        port: port.id.clone(),
        address,
        protocol: change.protocol.unwrap_or(row.inside.protocol),
        ports: ports.unwrap_or(row.inside.ports),
    };
    let changed = PortForwarding {
        description: change.description.unwrap_or(row.description),
        inside,
        external: external.unwrap_or(row.external),
        ..row
    };
    if change.internal_port_id.is_some() {
        refuse_bound(connection, &changed.inside)?;
    }
    if moved {
        let subnet = subnet_of(&port, address)?;
        lead_through(actor, connection, &floating, (&port, &subnet))?;
    } else if on(&port, address).is_none() {
        return Err(bad(format!(
            "The internal IP does not correspond to an address on the internal port, which has \
             fixed_ips {}",
            shown(&port)?
        )));
    }
    refuse_twin(connection, &floating, &changed)?;
    refuse_collisions(connection, &changed)?;
    store::update(connection, &changed)
}

/// The subnet of an address of the port.
fn subnet_of(port: &Port, address: Ipv4Addr) -> Result<SubnetId> {
    first_address(port)?;
    let Some(fixed) = on(port, address) else {
        return Err(bad(format!(
            "Requested internal IP address {address} is not suitable for internal neutron port {}, \
             as its fixed_ips are {}",
            port.id,
            shown(port)?
        )));
    };
    Ok(fixed.subnet_id.clone())
}

fn first_address(port: &Port) -> Result<Ipv4Addr> {
    let mut of_version_4 = port.fixed_ips.iter().filter_map(|fixed| match fixed.ip_address {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    });
    of_version_4.next().ok_or_else(|| {
        let sentence =
            format!("Requested internal port {} must allocate an IPv4 address at least.", port.id);
        bad(sentence)
    })
}

fn on(port: &Port, address: Ipv4Addr) -> Option<&FixedIp> {
    port.fixed_ips.iter().find(|fixed| fixed.ip_address == address)
}

/// The addresses of a port as Neutron's sentences have them.
fn shown(port: &Port) -> Result<String> {
    Ok(Str(&serde_json::to_value(&port.fixed_ips)?).to_string())
}

/// Notes the router between the floating IP and the port. All ports of a floating IP lead through
/// one.
fn lead_through(
    actor: &Actor,
    connection: &Connection,
    floating: &FloatingIp,
    (port, subnet): (&Port, &SubnetId),
) -> Result<()> {
    let router = routers::store::between(connection, subnet, &floating.network)?;
    let router = router.ok_or_else(|| {
        bad(format!(
            "External network {} is not reachable from subnet {subnet}. Cannot set Port forwarding \
             for port {} with Floating IP {}",
            floating.network, port.id, floating.id
        ))
    })?;
    match &floating.forwards_by {
        None => store::lead_through(connection, &floating.id, &router, actor.now),
        Some(there) if *there == router => Ok(()),
        Some(there) => Err(bad(format!(
            "The Floating IP {} had been set on router {there}, the internal Neutron port {} can \
             not reach it",
            floating.id, port.id
        ))),
    }
}

/// A port that a floating IP leads to as a whole needs no other.
fn refuse_bound(connection: &Connection, inside: &Inside) -> Result<()> {
    match store::bound_to(connection, &inside.port)? {
        Some((id, address)) => Err(has_floating_ip((address, &id), &inside.port, inside.address)),
        None => Ok(()),
    }
}

/// A port leads to one place, and is led to from one.
fn refuse_collisions(connection: &Connection, row: &PortForwarding) -> Result<()> {
    let inside = &row.inside;
    if inside.ports.span() > 0 && inside.ports.span() != row.external.span() {
        return Err(bad(
            "Invalid ranges of internal and/or external ports. The relation between internal and \
             external ports must be N-N or 1-N",
        ));
    }
    for other in others(store::of_port(connection, &inside.port)?, row) {
        if other.inside.address == inside.address && other.inside.ports.meets(inside.ports) {
            return Err(collision("internal_port_range", other.inside.ports, inside.ports));
        }
    }
    for other in others(store::of_floating_ip(connection, &row.floating_ip)?, row) {
        if other.external.meets(row.external) {
            return Err(collision("external_port_range", other.external, row.external));
        }
    }
    Ok(())
}

/// Neutron has another sentence for what becomes the same as another of its floating IP.
fn refuse_twin(connection: &Connection, floating: &FloatingIp, row: &PortForwarding) -> Result<()> {
    let twin = |values: String| {
        bad(format!(
            "Another port forwarding entry with the same attributes already exists, conflicting \
             values are {{{values}}}"
        ))
    };
    for other in others(store::of_floating_ip(connection, &floating.id)?, row) {
        if let (Some(port), true) = (other.external.only(), other.external == row.external) {
            return Err(twin(format!(
                "'floating_ip_address': '{}', 'external_port': {port}",
                floating.address
            )));
        }
        if let (Some(port), true) = (other.inside.ports.only(), other.inside == row.inside) {
            return Err(twin(format!(
                "'internal_port_id': '{}', 'internal_ip_address': '{}', 'internal_port': {port}",
                other.inside.port, other.inside.address
            )));
        }
    }
    Ok(())
}

/// Those that speak the same, but for the row itself.
fn others(rows: Vec<PortForwarding>, row: &PortForwarding) -> impl Iterator<Item = PortForwarding> {
    let same =
        |other: &PortForwarding| other.id != row.id && other.inside.protocol == row.inside.protocol;
    rows.into_iter().filter(same)
}
