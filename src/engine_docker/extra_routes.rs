//! Extra routes of routers, as the host's policy routing: what comes from a network of ours for a
//! destination goes by a table of its own to the guest that is the next hop, unless the host knows
//! a nearer place: the networks that a router joins are in its main table, which stays as it is for
//! everybody. [`crate::routing`] says when.
//!
//! **Invariant:** a rule of ours has our protocol and comes from a bridge of ours; its table is
//! named after all that the route says and holds nothing else. So no other rule is touched, and one
//! that says something else is another rule. What is left of a bridge that has gone is anybody's.

use std::collections::BTreeSet;
use std::io;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use kit::engine::{EngineError, EngineResult, Route, Routing};

use crate::netlink::{self, Link};
use crate::routing::Bridges;

/// Marks our rules and routes; none of `rt_protos` has the number.
const OURS: u8 = 0x6e;
/// Of rules for one address; those for more come later, and all before the rule of the main table.
const PRIORITY: u32 = 32_000;
/// The main table of the host.
const MAIN: u32 = 254;

const NEW_ROUTE: u16 = 24;
const DELETE_ROUTE: u16 = 25;
const NEW_RULE: u16 = 32;
const DELETE_RULE: u16 = 33;
const GET_RULE: u16 = 34;
/// Request, acknowledge; request, acknowledge, create, replace or not.
const DELETE: u16 = 0x005;
const SET: u16 = 0x505;
const CREATE: u16 = 0x605;

/// A rule of the host: from where, for which destination, by which table. One by the main table
/// only counts where that knows a nearer place than the destination.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    from: String,
    destination: Ipv4Net,
    table: u32,
}

impl Rule {
    /// The rule that comes before, by the main table.
    fn nearer(&self) -> Self {
        Self { table: MAIN, ..self.clone() }
    }

    fn priority(&self) -> u32 {
        let wider = u32::from(32 - self.destination.prefix_len().min(32));
        PRIORITY + 2 * wider + u32::from(self.table != MAIN)
    }
}

/// A rule and where its table leads.
type Way = (Rule, String, Ipv4Addr);

/// Makes these the extra routes of networks with these bridges.
pub(crate) async fn lead(routing: &Routing, bridges: &Bridges) -> EngineResult<()> {
    let ways: Vec<Way> = routing.routes.iter().filter_map(|one| way(one, bridges)).collect();
    let ours: BTreeSet<String> = bridges.values().map(|bridge| bridge.name.clone()).collect();
    let done = tokio::task::spawn_blocking(move || change(&ways, &ours)).await;
    let failed = |error| EngineError::Other(format!("extra routes: {error}"));
    done.map_err(io::Error::other).and_then(|outcome| outcome).map_err(failed)
}

/// For what leaves the host: the next hop on a joined network sees who sends.
pub(crate) fn sources(routing: &Routing, bridges: &Bridges) -> Vec<String> {
    let rules = routing.routes.iter().filter_map(|one| {
        let (from, via) = (bridges.get(&one.from)?, bridges.get(&one.via)?);
        let pair = |a: &str, b: &str| routing.joined.contains(&(a.to_owned(), b.to_owned()));
        let joined = pair(&one.from, &one.via) || pair(&one.via, &one.from);
        let range = from.range.as_ref().filter(|_| joined)?;
        Some(format!("-s {range} -d {} -o {} -j ACCEPT", one.destination, via.name))
    });
    let rules: BTreeSet<String> = rules.collect();
    rules.into_iter().collect()
}

/// `None` while one of the networks is not there.
fn way(route: &Route, bridges: &Bridges) -> Option<Way> {
    let (from, via) = (bridges.get(&route.from)?, bridges.get(&route.via)?);
    let table = table(&format!("{} {} {}", route.destination, via.name, route.nexthop));
    let rule = Rule { from: from.name.clone(), destination: route.destination, table };
    Some((rule, via.name.clone(), route.nexthop))
}

/// The number of the table that a text names, far from those that people use (FNV-1a).
fn table(text: &str) -> u32 {
    let hash = text
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash | 0x4000_0000
}

fn change(ways: &[Way], ours: &BTreeSet<String>) -> io::Result<()> {
    let there = rules()?;
    if there.is_empty() && ways.is_empty() {
        return Ok(());
    }
    let wanted: BTreeSet<Rule> =
        ways.iter().flat_map(|(rule, ..)| [rule.nearer(), rule.clone()]).collect();
    let links = netlink::links()?;
    let index = |name: &str| links.iter().find(|link| link.name == name).map(|link| link.index);
    let is_stale = |rule: &&Rule| {
        let mine = ours.contains(&rule.from) || !is_there(&links, &rule.from);
        mine && !wanted.contains(rule)
    };
    for rule in there.iter().filter(is_stale) {
        tell(DELETE_RULE, DELETE, &rule_body(rule))?;
    }
    for (rule, via, nexthop) in ways {
        // A network that has gone since it was listed has no routes.
        let Some(via) = index(via) else { continue };
        tell(NEW_ROUTE, SET, &route_body(rule, Some((via, *nexthop))))?;
        tell(NEW_RULE, CREATE, &rule_body(&rule.nearer()))?;
        tell(NEW_RULE, CREATE, &rule_body(rule))?;
    }
    let mut left: BTreeSet<u32> = rules()?.into_iter().map(|rule| rule.table).collect();
    left.insert(MAIN);
    for rule in there.iter().filter(is_stale).filter(|rule| !left.contains(&rule.table)) {
        tell(DELETE_ROUTE, DELETE, &route_body(rule, None))?;
    }
    Ok(())
}

fn is_there(links: &[Link], name: &str) -> bool {
    links.iter().any(|link| link.name == name)
}

/// Tells the kernel; that it is so already is success.
fn tell(kind: u16, flags: u16, body: &[u8]) -> io::Result<()> {
    const EXISTS: i32 = -17;
    const NO_SUCH_RULE: i32 = -2;
    const NO_SUCH_ROUTE: i32 = -3;
    let fine = [EXISTS, NO_SUCH_RULE, NO_SUCH_ROUTE];
    netlink::tell(&netlink::request(kind, flags, body), &fine)
}

/// The attributes of rules (`linux/fib_rules.h`) and routes (`rtnetlink(7)`) that we use.
mod attribute {
    pub(super) const DESTINATION: u16 = 1;
    pub(super) const RULE_FROM: u16 = 3;
    pub(super) const RULE_PRIORITY: u16 = 6;
    pub(super) const RULE_NOT_WIDER: u16 = 14;
    pub(super) const RULE_TABLE: u16 = 15;
    pub(super) const RULE_PROTOCOL: u16 = 21;
    pub(super) const ROUTE_LINK: u16 = 4;
    pub(super) const ROUTE_GATEWAY: u16 = 5;
    pub(super) const ROUTE_TABLE: u16 = 15;
}

/// The length of `fib_rule_hdr` and of `rtmsg`.
const HEADER: usize = 12;

/// Our rules.
fn rules() -> io::Result<Vec<Rule>> {
    let body = [netlink::IPV4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let bodies = netlink::dump(GET_RULE, NEW_RULE, &body)?;
    Ok(bodies.iter().filter_map(|body| rule(body)).collect())
}

/// The rule, if it is one of ours.
fn rule(body: &[u8]) -> Option<Rule> {
    let attributes = netlink::attributes(body.get(HEADER..)?);
    let value = |kind| attributes.get(&kind).copied();
    if value(attribute::RULE_PROTOCOL)? != [OURS] {
        return None;
    }
    // Everywhere is not said.
    let octets: [u8; 4] = value(attribute::DESTINATION).unwrap_or(&[0; 4]).try_into().ok()?;
    let from = String::from_utf8_lossy(value(attribute::RULE_FROM)?);
    Some(Rule {
        from: from.trim_end_matches('\0').to_owned(),
        destination: Ipv4Net::new(octets.into(), *body.get(1)?).ok()?,
        table: u32::from_ne_bytes(value(attribute::RULE_TABLE)?.try_into().ok()?),
    })
}

fn rule_body(rule: &Rule) -> Vec<u8> {
    const TO_TABLE: u8 = 1;
    let length = rule.destination.prefix_len();
    let mut body = vec![netlink::IPV4, length, 0, 0, 0, 0, 0, TO_TABLE, 0, 0, 0, 0];
    let name = [rule.from.as_bytes(), &[0]].concat();
    body.extend(netlink::attribute(attribute::DESTINATION, &rule.destination.network().octets()));
    body.extend(netlink::attribute(attribute::RULE_FROM, &name));
    body.extend(netlink::attribute(attribute::RULE_PRIORITY, &rule.priority().to_ne_bytes()));
    if rule.table == MAIN {
        let width = u32::from(length).to_ne_bytes();
        body.extend(netlink::attribute(attribute::RULE_NOT_WIDER, &width));
    }
    body.extend(netlink::attribute(attribute::RULE_TABLE, &rule.table.to_ne_bytes()));
    body.extend(netlink::attribute(attribute::RULE_PROTOCOL, &[OURS]));
    body
}

/// The route of a rule's table, wherever it leads if that is not said.
fn route_body(rule: &Rule, to: Option<(u32, Ipv4Addr)>) -> Vec<u8> {
    const UNICAST: u8 = 1;
    let length = rule.destination.prefix_len();
    let mut body = vec![netlink::IPV4, length, 0, 0, 0, OURS, 0, UNICAST, 0, 0, 0, 0];
    body.extend(netlink::attribute(attribute::DESTINATION, &rule.destination.network().octets()));
    body.extend(netlink::attribute(attribute::ROUTE_TABLE, &rule.table.to_ne_bytes()));
    if let Some((link, nexthop)) = to {
        body.extend(netlink::attribute(attribute::ROUTE_LINK, &link.to_ne_bytes()));
        body.extend(netlink::attribute(attribute::ROUTE_GATEWAY, &nexthop.octets()));
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        let rule = Rule {
            from: "br-0123456789ab".to_owned(),
            destination: "198.18.7.0/24".parse().unwrap(),
            table: table("x"),
        };
        assert_eq!(super::rule(&rule_body(&rule)), Some(rule));
    }

    #[test]
    fn what_is_nearer_comes_first() {
        let rule = |destination: &str| Rule {
            from: "br-1".to_owned(),
            destination: destination.parse().unwrap(),
            table: table(destination),
        };
        let order =
            [rule("10.1.0.0/16").nearer(), rule("10.1.0.0/16"), rule("10.0.0.0/8").nearer()];
        assert!(order.is_sorted_by_key(Rule::priority));
        assert!(rule("0.0.0.0/0").priority() < 32_766, "before the main table");
    }

    #[test]
    fn another_next_hop_is_another_table() {
        assert_ne!(table("198.18.7.0/24 br-1 10.0.0.5"), table("198.18.7.0/24 br-1 10.0.0.6"));
    }
}
