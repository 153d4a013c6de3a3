//! The rules of subnets.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::Result;
use kit::clock::Time;
use kit::ids::{ProjectId, SubnetId};
use rusqlite::Connection;

use super::model::{NewSubnet, Subnet, SubnetChange, ip_version};
use super::range::Range;
use super::store;
use crate::networks::model::Network;
use crate::standard::Standard;
use crate::{errors, ipam, networks, ports};

/// Makes a subnet of a network that the caller may change. Quotas are the caller's business.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    project: &ProjectId,
    network: &Network,
    range: Range,
    new: NewSubnet,
) -> Result<Subnet> {
    let cidr = range.cidr;
    let enable_dhcp = new.enable_dhcp.unwrap_or(true);
    check_range(cidr, new.ip_version, enable_dhcp)?;
    check_modes(&new, enable_dhcp)?;
    let gateway_ip = new.gateway_ip.or(Some(ipam::default_gateway(cidr)));
    check_gateway(cidr, new.gateway_ip.or(None))?;
    check_room(connection, network, cidr)?;
    networks::logic::check_mtu(&network.id, network.mtu, ip_version(cidr))?;
    let allocation_pools = match new.allocation_pools {
        None => ipam::default_pools(cidr, gateway_ip),
        Some(pools) => {
            ipam::check_pools(cidr, &pools, gateway_ip)
                .map_err(|fault| errors::bad_pools(cidr, gateway_ip, fault))?;
            pools
        }
    };
    let subnet = Subnet {
        id: SubnetId::random(),
        project: project.clone(),
        network: network.id.clone(),
        network_project: network.project.clone(),
        network_shares: network.shares.clone(),
        network_outside: network.outside.clone(),
        network_external: network.external,
        name: new.name,
        description: new.description,
        cidr,
        pool: range.pool,
        gateway_ip,
        enable_dhcp,
        allocation_pools,
        dns_nameservers: new.dns_nameservers,
        host_routes: new.host_routes,
        ipv6_ra_mode: new.ipv6_ra_mode,
        ipv6_address_mode: new.ipv6_address_mode,
        standard: Standard { tags: new.tags, ..Standard::new(now, 0) },
    };
    store::insert(connection, &subnet)?;
    networks::store::touch(connection, &network.id, now)?;
    Ok(subnet)
}

/// What a range must be on its own (`_validate_subnet` of Neutron's database plug-in).
fn check_range(cidr: IpNet, version: i64, enable_dhcp: bool) -> Result<()> {
    if ip_version(cidr) != version {
        return Err(errors::invalid_input(format!(
            "cidr '{cidr}' does not match the ip_version '{version}'"
        )));
    }
    if cidr.prefix_len() == 0 {
        return Err(errors::invalid_input("0 is not allowed as CIDR prefix length"));
    }
    let address = cidr.network();
    if !enable_dhcp {
        return Ok(());
    }
    let unfit = if cidr.max_prefix_len() - cidr.prefix_len() < 2 {
        Some("Subnet has a prefix length that is incompatible with DHCP service enabled")
    } else if address.is_multicast() {
        Some("Multicast IP subnet is not supported if enable_dhcp is True")
    } else if address.is_loopback() {
        Some("Loopback IP subnet is not supported if enable_dhcp is True")
    } else if address.is_unspecified() {
        Some("First IP '0.0.0.0' of network is not supported if enable_dhcp is True")
    } else {
        None
    };
    unfit.map_or(Ok(()), |reason| Err(errors::invalid_input(reason)))
}

/// Guests of an engine get their addresses from it, in IPv6 too; nobody announces routes.
fn check_modes(new: &NewSubnet, enable_dhcp: bool) -> Result<()> {
    let modes =
        [("ipv6_ra_mode", &new.ipv6_ra_mode), ("ipv6_address_mode", &new.ipv6_address_mode)];
    for (name, mode) in modes {
        let Some(mode) = mode.as_deref() else {
            continue;
        };
        if new.ip_version == 4 {
            let sentence = format!("{name} is not valid when ip_version is 4");
            return Err(errors::invalid_input(sentence));
        }
        if !enable_dhcp {
            return Err(errors::invalid_input(
                "ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False",
            ));
        }
        if mode != "dhcpv6-stateful" {
            let sentence = format!("{name} {mode} is not supported by the container engine");
            return Err(errors::invalid_input(sentence));
        }
    }
    Ok(())
}

/// The engine's bridge has the gateway's address, so it must be a host of the range.
fn check_gateway(cidr: IpNet, gateway: Option<IpAddr>) -> Result<()> {
    match gateway {
        Some(gateway) if !ipam::is_host(cidr, gateway) => {
            Err(errors::invalid_input("Gateway is not valid on subnet"))
        }
        Some(_) | None => Ok(()),
    }
}

/// What the engine can hold: no range twice, one range per IP version and network, and no new
/// range on a network with guests.
fn check_room(connection: &Connection, network: &Network, cidr: IpNet) -> Result<()> {
    if store::ranges(connection)?.into_iter().any(|other| ipam::overlap(other, cidr)) {
        return Err(errors::invalid_input(format!(
            "Requested subnet with cidr: {cidr} for network: {} overlaps with another subnet",
            network.id
        )));
    }
    let beside = store::of_network(connection, &network.id)?;
    if beside.iter().any(|other| ip_version(other.cidr) == ip_version(cidr)) {
        return Err(errors::invalid_input(format!(
            "Network {} has a subnet of this IP version, and the container engine holds one of \
             each",
            network.id
        )));
    }
    if !beside.is_empty() && !ports::store::of_network(connection, &network.id)?.is_empty() {
        return Err(errors::invalid_input(format!(
            "Network {} has ports, and the container engine cannot add a subnet to a network in \
             use",
            network.id
        )));
    }
    Ok(())
}

/// Changes a subnet. A gateway that guests use already stays: it is the engine's own address.
pub(crate) fn update(
    connection: &Connection,
    now: Time,
    subnet: Subnet,
    change: SubnetChange,
) -> Result<()> {
    let cidr = subnet.cidr;
    let gateway_ip = change.gateway_ip.or(subnet.gateway_ip);
    check_gateway(cidr, gateway_ip)?;
    if gateway_ip != subnet.gateway_ip && store::count_taken(connection, &subnet.id)? > 0 {
        return Err(errors::invalid_input(format!(
            "Subnet {} gives addresses to ports, and the container engine cannot move its gateway",
            subnet.id
        )));
    }
    let allocation_pools = change.allocation_pools.unwrap_or(subnet.allocation_pools);
    ipam::check_pools(cidr, &allocation_pools, gateway_ip)
        .map_err(|fault| errors::bad_pools(cidr, gateway_ip, fault))?;
    let changed = Subnet {
        name: change.name.unwrap_or(subnet.name),
        description: change.description.unwrap_or(subnet.description),
        gateway_ip,
        enable_dhcp: change.enable_dhcp.unwrap_or(subnet.enable_dhcp),
        allocation_pools,
        dns_nameservers: change.dns_nameservers.unwrap_or(subnet.dns_nameservers),
        host_routes: change.host_routes.unwrap_or(subnet.host_routes),
        ..subnet
    };
    store::update(connection, &changed, now)?;
    networks::store::touch(connection, &changed.network, now)
}

/// Deletes a subnet that no port has an address of.
pub(crate) fn delete(connection: &Connection, now: Time, subnet: &Subnet) -> Result<()> {
    if store::count_taken(connection, &subnet.id)? > 0 {
        return Err(errors::subnet_in_use(&subnet.id));
    }
    store::delete(connection, &subnet.id)?;
    networks::store::touch(connection, &subnet.network, now)
}
