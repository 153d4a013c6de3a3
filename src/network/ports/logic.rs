//! The rules of ports.

use std::collections::BTreeSet;
use std::net::IpAddr;

use kit::Result;
use kit::clock::Time;
use kit::error::Error;
use kit::ids::{PortId, ProjectId, SecurityGroupId};
use rusqlite::Connection;

use super::addresses;
use super::model::{
    AddressPair, FixedIp, NewPort, Place, Port, PortChange, PortStatus, WantedIp, WantedPair,
};
use super::store;
use crate::networks::model::Network;
use crate::resource::Actor;
use crate::security_groups::model::SecurityGroup;
use crate::standard::Standard;
use crate::{errors, mac, port_forwardings, security_groups, subnets};

/// How many MACs are rolled before the range counts as full.
const MAC_ROLLS: usize = 64;

/// Makes a port on a network that the caller may use. Quotas are the caller's business.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    base_mac: &str,
    project: &ProjectId,
    network: &Network,
    new: NewPort,
) -> Result<Port> {
    let mac = match new.mac {
        Some(mac) if store::has_mac(connection, &mac)? => {
            return Err(errors::mac_in_use(&network.id, &mac));
        }
        Some(mac) => mac,
        None => free_mac(connection, base_mac)?,
    };
    let fixed_ips = addresses::choose(connection, &network.id, new.fixed_ips.as_deref(), &[])?;
    let port_security_enabled = new.port_security_enabled.unwrap_or(network.port_security_enabled);
    let security_groups = match new.security_groups {
        Some(groups) => groups,
        None if port_security_enabled => {
            vec![security_groups::logic::ensure_default(connection, now, project)?]
        }
        None => Vec::new(),
    };
    let allowed_address_pairs = pairs(new.allowed_address_pairs, &mac)?;
    if !port_security_enabled {
        refuse_unfiltered(&allowed_address_pairs, &security_groups)?;
    }
    refuse_mixed(connection, &security_groups)?;
    let port = Port {
        allowed_address_pairs,
        port_security_enabled,
        id: PortId::random(),
        project: project.clone(),
        network: network.id.clone(),
        network_project: network.project.clone(),
        network_shared: network.shared,
        name: new.name,
        description: new.description,
        mac,
        admin_state_up: new.admin_state_up,
        status: PortStatus::Down,
        device_id: new.device_id,
        device_owner: new.device_owner,
        host: new.host,
        vnic_type: new.vnic_type,
        profile: new.profile,
        made_by_compute: new.for_server.made_by_compute,
        nic: new.for_server.nic,
        device_tag: new.for_server.device_tag,
        fixed_ips,
        security_groups,
        standard: Standard { tags: new.tags, ..Standard::new(now, 1) },
    };
    store::insert(connection, &port)?;
    Ok(port)
}

/// Makes a port of the house: in no security group, and at work at once.
pub(crate) fn create_for_house(
    actor: &Actor,
    connection: &Connection,
    project: &ProjectId,
    network: &Network,
    new: NewPort,
) -> Result<Port> {
    let base_mac = &actor.platform.settings.network.base_mac;
    let new = NewPort { security_groups: Some(Vec::new()), ..new };
    let port = create(connection, actor.now, base_mac, project, network, new)?;
    let port = Port { status: PortStatus::Active, ..port };
    store::update(connection, &port, actor.now)?;
    Ok(port)
}

fn free_mac(connection: &Connection, base: &str) -> Result<String> {
    for _ in 0..MAC_ROLLS {
        let mac = mac::random(base);
        if !store::has_mac(connection, &mac)? {
            return Ok(mac);
        }
    }
    Err(Error::unavailable("Unable to generate unique mac on network.")
        .tag("HostMacAddressGenerationFailure"))
}

/// Every group named is there, and the caller may see it.
pub(crate) fn check_groups(
    actor: &Actor,
    connection: &Connection,
    groups: Option<&[SecurityGroupId]>,
) -> Result<()> {
    for group in groups.unwrap_or_default() {
        actor.see::<SecurityGroup>(connection, group.as_str())?;
    }
    Ok(())
}

/// Changes a port. The addresses and the MAC of a server's interface are the engine's by now.
pub(crate) fn update(
    connection: &Connection,
    now: Time,
    port: Port,
    change: PortChange,
) -> Result<()> {
    let mac = change.mac.unwrap_or_else(|| port.mac.clone());
    if mac != port.mac {
        refuse_bound(&port, "mac address update")?;
        if store::has_mac(connection, &mac)? {
            return Err(errors::mac_in_use(&port.network, &mac));
        }
    }
    if let Some(wanted) = change.fixed_ips {
        let own = &port.fixed_ips;
        let chosen = addresses::choose(connection, &port.network, Some(&wanted), own)?;
        if chosen != port.fixed_ips {
            refuse_bound(&port, "fixed ips update")?;
            store::set_addresses(connection, &port.id, &chosen)?;
            port_forwardings::store::leave_addresses(connection, &port.id)?;
        }
    }
    let allowed_address_pairs = match change.allowed_address_pairs {
        Some(wanted) => pairs(wanted, &mac)?,
        None => port.allowed_address_pairs.clone(),
    };
    let port_security_enabled = change.port_security_enabled.unwrap_or(port.port_security_enabled);
    if !port_security_enabled {
        let named = change.security_groups.as_deref();
        refuse_unfiltered(&allowed_address_pairs, named.unwrap_or_default())?;
        if named.is_none() && !port.security_groups.is_empty() {
            return Err(errors::port_has_groups());
        }
    }
    if let Some(groups) = change.security_groups {
        refuse_mixed(connection, &groups)?;
        store::set_groups(connection, &port.id, &groups)?;
    }
    let changed = Port {
        allowed_address_pairs,
        port_security_enabled,
        name: change.name.unwrap_or(port.name),
        description: change.description.unwrap_or(port.description),
        mac,
        admin_state_up: change.admin_state_up.unwrap_or(port.admin_state_up),
        device_id: change.device_id.unwrap_or(port.device_id),
        device_owner: change.device_owner.unwrap_or(port.device_owner),
        host: change.host.unwrap_or(port.host),
        vnic_type: change.vnic_type.unwrap_or(port.vnic_type),
        profile: change.profile.unwrap_or(port.profile),
        ..port
    };
    store::update(connection, &changed, now)
}

/// A port without port security has nothing that a filter would go by.
fn refuse_unfiltered(pairs: &[AddressPair], groups: &[SecurityGroupId]) -> Result<()> {
    if !pairs.is_empty() {
        return Err(errors::pairs_need_port_security());
    }
    if !groups.is_empty() {
        return Err(errors::groups_need_port_security());
    }
    Ok(())
}

/// Answers pass or they don't: the groups of a port are all of one mind.
fn refuse_mixed(connection: &Connection, groups: &[SecurityGroupId]) -> Result<()> {
    let mut kinds = BTreeSet::new();
    for id in groups {
        let group = security_groups::store::get_for_system(connection, id)?;
        kinds.extend(group.map(|group| group.stateful));
    }
    if kinds.len() > 1 { Err(errors::mixed_groups()) } else { Ok(()) }
}

/// Pairs with the port's MAC where none is named; Neutron refuses one that comes twice.
fn pairs(wanted: Vec<WantedPair>, own_mac: &str) -> Result<Vec<AddressPair>> {
    let mut pairs: Vec<AddressPair> = Vec::new();
    for WantedPair { mac_address, ip_address } in wanted {
        let mac_address = mac_address.unwrap_or_else(|| own_mac.to_owned());
        let pair = AddressPair { mac_address, ip_address };
        if pairs.contains(&pair) {
            return Err(errors::duplicate_pair(&pair.mac_address, &pair.ip_address));
        }
        pairs.push(pair);
    }
    Ok(pairs)
}

fn refuse_bound(port: &Port, operation: &str) -> Result<()> {
    if port.device_owner.starts_with("compute:") {
        return Err(errors::unsupported_owner(operation, &port.device_owner, &port.id));
    }
    Ok(())
}

/// Gives a port one more address, of the first of its network's subnets that has one; `None` if none has.
pub(crate) fn add_address(
    connection: &Connection,
    now: Time,
    port: &Port,
) -> Result<Option<FixedIp>> {
    for subnet in subnets::store::of_network(connection, &port.network)? {
        let wanted = WantedIp { subnet_id: Some(subnet.id), ip_address: None };
        let Ok(given) = addresses::choose(connection, &port.network, Some(&[wanted]), &[]) else {
            continue;
        };
        let all = [port.fixed_ips.clone(), given.clone()].concat();
        store::set_addresses(connection, &port.id, &all)?;
        store::update(connection, port, now)?;
        return Ok(given.into_iter().next());
    }
    Ok(None)
}

/// Takes an address from a port; that it has not got it is success.
pub(crate) fn take_address(
    connection: &Connection,
    now: Time,
    port: &Port,
    address: IpAddr,
) -> Result<()> {
    let mut left = port.fixed_ips.clone();
    left.retain(|fixed| fixed.ip_address != address);
    store::set_addresses(connection, &port.id, &left)?;
    store::update(connection, port, now)
}

/// Takes from a port what there is only one of: its addresses, and its MAC, for which it gets
/// another. The answer is what it had. A guest on it keeps both until it is parted from the port.
pub(crate) fn vacate(
    connection: &Connection,
    now: Time,
    base_mac: &str,
    port: Port,
) -> Result<Place> {
    store::set_addresses(connection, &port.id, &[])?;
    let place = Place { mac: port.mac.clone(), fixed_ips: port.fixed_ips.clone() };
    let mac = free_mac(connection, base_mac)?;
    store::update(connection, &Port { mac, ..port }, now)?;
    Ok(place)
}

/// Gives a port the place that it, or another, had.
pub(crate) fn occupy(connection: &Connection, now: Time, port: Port, place: Place) -> Result<()> {
    let wanted = |fixed: FixedIp| WantedIp {
        subnet_id: Some(fixed.subnet_id),
        ip_address: Some(fixed.ip_address),
    };
    let wanted: Vec<WantedIp> = place.fixed_ips.into_iter().map(wanted).collect();
    let chosen = addresses::choose(connection, &port.network, Some(&wanted), &port.fixed_ips)?;
    if place.mac != port.mac && store::has_mac(connection, &place.mac)? {
        return Err(errors::mac_in_use(&port.network, &place.mac));
    }
    store::set_addresses(connection, &port.id, &chosen)?;
    store::update(connection, &Port { mac: place.mac, ..port }, now)
}

/// Takes a port from its server: one that compute made goes, any other is free again.
pub(crate) fn unbind(connection: &Connection, now: Time, port: Port) -> Result<()> {
    if port.made_by_compute {
        return store::delete(connection, &port.id);
    }
    let free = Port {
        status: PortStatus::Down,
        device_id: String::new(),
        device_owner: String::new(),
        host: String::new(),
        nic: 0,
        device_tag: None,
        ..port
    };
    store::update(connection, &free, now)
}
