//! Security groups and port security → what may pass at the interfaces of a guest.
//!
//! [`filter`] is pure: rows in, the engine's [`Filter`] out. Triggers note in the transaction that
//! changes a port, an address, a membership or a rule whose filter is out of date by it
//! (`migrations/0036_port_security.sql`, `0046`), so no writer can forget. Only [`enforcement`] touches
//! the engine.

pub(crate) mod enforcement;
pub(crate) mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ipnet::IpNet;
use kit::Result;
use kit::engine::filter::{Admitted, Family, Filter, Guard, InterfaceFilter, Kind, Source, Way};
use kit::ids::{AddressGroupId, SecurityGroupId, ServerId};
use rusqlite::Connection;

use crate::floating_ips::store::Leading;
use crate::networks::model::Network;
use crate::ports::model::Port;
use crate::security_group_rules::logic::{ICMP, number};
use crate::security_group_rules::model::{Direction, Ethertype, Traffic};
use crate::security_groups::model::SecurityGroup;
use crate::{address_groups, floating_ips, ports, security_groups};

/// Whom a rule names who has many addresses, and not always the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Remote {
    Members(SecurityGroupId),
    Addresses(AddressGroupId),
}

impl Remote {
    fn of(traffic: &Traffic) -> Option<Self> {
        let members = traffic.remote_group.clone().map(Self::Members);
        members.or_else(|| traffic.remote_address_group.clone().map(Self::Addresses))
    }

    fn ranges(&self, connection: &Connection) -> Result<Vec<IpNet>> {
        match self {
            Self::Members(group) => store::members(connection, group),
            Self::Addresses(group) => {
                let group = address_groups::store::get_for_system(connection, group)?;
                Ok(group.into_iter().flat_map(|group| group.addresses).collect())
            }
        }
    }
}

/// The rows that filters are made of, each read once for however many guests.
#[derive(Default)]
struct Rows {
    groups: BTreeMap<SecurityGroupId, SecurityGroup>,
    /// The addresses of whom rules name, by IP version.
    remotes: BTreeMap<(Remote, Ethertype), Arc<[IpNet]>>,
}

/// What may pass at the guests of these servers, which is everything where nothing is enforced; a
/// server without a port is not in the answer.
pub(crate) fn of_servers(
    connection: &Connection,
    servers: &[ServerId],
    enforced: bool,
) -> Result<BTreeMap<ServerId, Filter>> {
    let mut by_server: BTreeMap<ServerId, Vec<Port>> = BTreeMap::new();
    for port in ports::store::of_devices(connection, servers)? {
        let port = Port { port_security_enabled: enforced && port.port_security_enabled, ..port };
        by_server.entry(ServerId::from(port.device_id.as_str())).or_default().push(port);
    }
    let ports = by_server.values().flatten().filter(|port| port.port_security_enabled);
    let groups = ports.flat_map(|port| &port.security_groups).cloned().collect();
    let rows = read(connection, &groups)?;
    let has_leading = floating_ips::store::any(connection)?;
    let mut filters = BTreeMap::new();
    for (server, ports) in by_server {
        let leading = if has_leading {
            floating_ips::store::of_device(connection, server.as_str())?
        } else {
            Vec::new()
        };
        filters.insert(server, filter(&ports, &leading, &rows));
    }
    Ok(filters)
}

fn read(connection: &Connection, groups: &BTreeSet<SecurityGroupId>) -> Result<Rows> {
    let mut rows = Rows::default();
    for id in groups {
        let Some(group) = security_groups::store::get_for_system(connection, id)? else { continue };
        for named in group.rules.iter().filter_map(|rule| Remote::of(&rule.traffic)) {
            if rows.remotes.contains_key(&(named.clone(), Ethertype::Ipv4)) {
                continue;
            }
            let (four, six): (Vec<_>, Vec<_>) =
                named.ranges(connection)?.into_iter().partition(|range| range.addr().is_ipv4());
            for (version, ranges) in [(Ethertype::Ipv4, four), (Ethertype::Ipv6, six)] {
                let ranges = IpNet::aggregate(&ranges).into();
                rows.remotes.insert((named.clone(), version), ranges);
            }
        }
        rows.groups.insert(id.clone(), group);
    }
    Ok(rows)
}

/// What may pass at a guest with these ports: at their own interfaces, and at those of the floating
/// IPs that lead to them.
fn filter(ports: &[Port], leading: &[Leading], rows: &Rows) -> Filter {
    let mut filter = Filter::default();
    for port in ports {
        let floating: Vec<_> = leading.iter().filter(|one| one.port == port.id).collect();
        let guard = port.port_security_enabled.then(|| guard(port, &floating, rows));
        let networks =
            std::iter::once(&port.network).chain(floating.iter().map(|one| &one.network));
        filter.interfaces.extend(networks.map(|network| InterfaceFilter {
            network: Network::engine_name(network),
            guard: guard.clone(),
        }));
    }
    filter
}

fn guard(port: &Port, floating: &[&Leading], rows: &Rows) -> Guard {
    let groups = || port.security_groups.iter().filter_map(|id| rows.groups.get(id));
    let traffics = groups().flat_map(|group| &group.rules).map(|rule| &rule.traffic);
    Guard {
        stateful: groups().all(|group| group.stateful),
        sources: sources(port, floating),
        admitted: traffics.map(|traffic| admitted(traffic, rows)).collect(),
    }
}

/// The port's addresses, those that lead to it, and the pairs allowed beside them. An answer from a
/// floating IP may leave by the port's own interface, which has the way out.
fn sources(port: &Port, floating: &[&Leading]) -> Vec<Source> {
    let fixed = port.fixed_ips.iter().map(|fixed| fixed.ip_address);
    let own = fixed.chain(floating.iter().map(|one| one.address));
    let mut sources: Vec<Source> =
        own.map(|address| Source { mac: None, range: address.into() }).collect();
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
    let named = Remote::of(traffic)?;
    Some(rows.remotes.get(&(named, traffic.ethertype)).cloned().unwrap_or_default())
}
