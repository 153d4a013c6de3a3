//! Security groups and port security → what may pass at the interfaces of a guest.
//!
//! [`filter`] is pure: rows in, the engine's [`Filter`] out. Triggers note in the transaction that
//! changes a port, an address, a membership or a rule whose filter is out of date by it
//! (`migrations/0036_port_security.sql`), so no writer can forget. Compute asks by the facade and
//! hands the filters to the engine; nothing here touches it.

pub(crate) mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ipnet::IpNet;
use kit::Result;
use kit::engine::filter::{Admitted, Family, Filter, Guard, InterfaceFilter, Kind, Source, Way};
use kit::ids::{SecurityGroupId, ServerId};
use rusqlite::Connection;

use crate::networks::model::Network;
use crate::ports::model::{FixedIp, Port};
use crate::security_group_rules::logic::{ICMP, number};
use crate::security_group_rules::model::{Direction, Ethertype, Traffic};
use crate::security_groups::model::SecurityGroup;
use crate::{ports, security_groups};

/// The rows that filters are made of, each read once for however many guests.
#[derive(Default)]
struct Rows {
    groups: BTreeMap<SecurityGroupId, SecurityGroup>,
    /// The addresses of the members of the groups that rules name, by IP version.
    members: BTreeMap<(SecurityGroupId, Ethertype), Arc<[IpNet]>>,
}

/// What may pass at the guests of these servers; a server without a port is not in the answer.
pub(crate) fn of_servers(
    connection: &Connection,
    servers: &[ServerId],
) -> Result<BTreeMap<ServerId, Filter>> {
    let mut by_server: BTreeMap<ServerId, Vec<Port>> = BTreeMap::new();
    for port in ports::store::of_devices(connection, servers)? {
        by_server.entry(ServerId::from(port.device_id.as_str())).or_default().push(port);
    }
    let ports = by_server.values().flatten();
    let groups = ports.flat_map(|port| &port.security_groups).cloned().collect();
    let rows = read(connection, &groups)?;
    Ok(by_server.into_iter().map(|(server, ports)| (server, filter(&ports, &rows))).collect())
}

fn read(connection: &Connection, groups: &BTreeSet<SecurityGroupId>) -> Result<Rows> {
    let mut rows = Rows::default();
    for id in groups {
        let Some(group) = security_groups::store::get_for_system(connection, id)? else { continue };
        for named in group.rules.iter().filter_map(|rule| rule.traffic.remote_group.as_ref()) {
            if rows.members.contains_key(&(named.clone(), Ethertype::Ipv4)) {
                continue;
            }
            let (four, six): (Vec<_>, Vec<_>) = store::members(connection, named)?
                .into_iter()
                .partition(|range| range.addr().is_ipv4());
            for (version, ranges) in [(Ethertype::Ipv4, four), (Ethertype::Ipv6, six)] {
                let ranges = IpNet::aggregate(&ranges).into();
                rows.members.insert((named.clone(), version), ranges);
            }
        }
        rows.groups.insert(id.clone(), group);
    }
    Ok(rows)
}

/// What may pass at a guest with these ports.
fn filter(ports: &[Port], rows: &Rows) -> Filter {
    let interface = |port: &Port| InterfaceFilter {
        network: Network::engine_name(&port.network),
        guard: port.port_security_enabled.then(|| guard(port, rows)),
    };
    Filter { interfaces: ports.iter().map(interface).collect() }
}

fn guard(port: &Port, rows: &Rows) -> Guard {
    let groups = || port.security_groups.iter().filter_map(|id| rows.groups.get(id));
    let traffics = groups().flat_map(|group| &group.rules).map(|rule| &rule.traffic);
    Guard {
        stateful: groups().all(|group| group.stateful),
        sources: sources(port),
        admitted: traffics.map(|traffic| admitted(traffic, rows)).collect(),
    }
}

/// The port's addresses, and the pairs allowed beside them.
fn sources(port: &Port) -> Vec<Source> {
    let own = |fixed: &FixedIp| Source { mac: None, range: fixed.ip_address.into() };
    let mut sources: Vec<Source> = port.fixed_ips.iter().map(own).collect();
    for pair in &port.allowed_address_pairs {
        let mac = Some(pair.mac_address.clone()).filter(|mac| *mac != port.mac);
        sources.extend(pair.range().map(|range| Source { mac, range }));
    }
    sources
}

fn admitted(traffic: &Traffic, rows: &Rows) -> Admitted {
    // Neutron: number 0 is `ip`, and that is all of them.
    let protocol = number(traffic).filter(|number| *number != 0);
    Admitted {
        way: match traffic.direction {
            Direction::Ingress => Way::In,
            Direction::Egress => Way::Out,
        },
        family: match traffic.ethertype {
            Ethertype::Ipv4 => Family::V4,
            Ethertype::Ipv6 => Family::V6,
        },
        protocol,
        kind: kind(traffic, protocol),
        remote: remote(traffic, rows),
    }
}

fn kind(traffic: &Traffic, protocol: Option<u8>) -> Kind {
    let bounds = (traffic.port_range_min, traffic.port_range_max);
    if protocol.is_some_and(|number| ICMP.contains(&number)) {
        let small = |value: Option<i64>| value.and_then(|value| u8::try_from(value).ok());
        return small(bounds.0).map_or(Kind::Any, |kind| Kind::Icmp(kind, small(bounds.1)));
    }
    let port = |value: Option<i64>| value.and_then(|value| u16::try_from(value).ok());
    match (port(bounds.0), port(bounds.1)) {
        (Some(lowest), Some(highest)) => Kind::Ports(lowest..=highest),
        (_, _) => Kind::Any,
    }
}

fn remote(traffic: &Traffic, rows: &Rows) -> Option<Arc<[IpNet]>> {
    if let Some(prefix) = &traffic.remote_ip_prefix {
        // What can't be read lets nothing through.
        return Some(prefix.parse().into_iter().map(|range: IpNet| range.trunc()).collect());
    }
    let group = traffic.remote_group.clone()?;
    Some(rows.members.get(&(group, traffic.ethertype)).cloned().unwrap_or_default())
}
