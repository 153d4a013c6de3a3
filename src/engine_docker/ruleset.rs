//! A guest's filter → the program that nftables is given inside its network namespace. Pure.
//!
//! Two tables, replaced in one transaction. `inet` decides what comes and goes, in the hooks nearest
//! to the wire, so what the guest forwards is held to the rules too. `netdev` decides what the
//! guest may send as: its hook is behind every socket, raw ones included, which containers may open.
//! What passes beside the rules is what Neutron's firewall drivers let pass.

use std::fmt::Write;

use ipnet::IpNet;
use kit::engine::filter::{
    Admitted, Family, Filter, Guard, Kind, METADATA_ADDRESS, METADATA_PORT, Way,
};

/// An interface of the guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interface {
    /// Its name in the guest.
    pub(crate) name: String,
    /// Its network's name on the engine.
    pub(crate) network: String,
    /// Its MAC.
    pub(crate) mac: String,
}

/// The program that makes the filter hold for a guest with these interfaces.
pub(crate) fn ruleset(filter: &Filter, interfaces: &[Interface]) -> String {
    let (mut to, mut from) = (String::new(), String::new());
    let (mut chains, mut origins) = (String::new(), String::new());
    for Interface { name, network, mac } in interfaces {
        let Some(wanted) = filter.interfaces.iter().find(|one| one.network == *network) else {
            continue;
        };
        let Some(guard) = &wanted.guard else {
            line(&mut to, format_args!("iifname \"{name}\" accept"));
            line(&mut from, format_args!("oifname \"{name}\" accept"));
            continue;
        };
        line(&mut to, format_args!("iifname \"{name}\" goto in_{name}"));
        line(&mut from, format_args!("oifname \"{name}\" goto out_{name}"));
        chain(&mut chains, &format!("in_{name}"), "", &incoming(guard));
        chain(&mut chains, &format!("out_{name}"), "", &outgoing(guard));
        let hook = format!("type filter hook egress device \"{name}\" priority 0; policy drop;");
        chain(&mut origins, name, &hook, &sources(guard, mac));
    }
    let hook =
        |name, priority| format!("type filter hook {name} priority {priority}; policy drop;");
    chain(&mut chains, "to_guest", &hook("prerouting", -150), &to);
    chain(&mut chains, "from_guest", &hook("postrouting", 150), &from);
    format!("{}{}", table("inet", &chains), table("netdev", &origins))
}

/// A table in place of whatever one there was.
fn table(family: &str, chains: &str) -> String {
    format!(
        "add table {family} novadock\ndelete table {family} novadock\n\
         table {family} novadock {{\n{chains}}}\n"
    )
}

fn chain(all: &mut String, name: &str, hook: &str, rules: &str) {
    let lo = match name {
        "to_guest" => "iifname \"lo\" accept\n",
        "from_guest" => "oifname \"lo\" accept\n",
        _ => "",
    };
    line(all, format_args!("chain {name} {{\n{hook}\n{lo}{rules}}}"));
}

fn line(all: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    writeln!(all, "{text}").ok();
}

/// Neighbour discovery, multicast listening, the answers of DHCP and metadata; then the rules.
fn incoming(guard: &Guard) -> String {
    let mut rules = String::from("icmpv6 type { 130, 131, 132, 134, 135, 136 } accept\n");
    rules.push_str("udp sport 67 udp dport 68 accept\nudp sport 547 udp dport 546 accept\n");
    let answers = format_args!("ip saddr {METADATA_ADDRESS} tcp sport {METADATA_PORT} accept");
    line(&mut rules, answers);
    admit(&mut rules, guard, Way::In);
    rules
}

/// What a guest may not be (a DHCP server, a router that advertises), what it always may; then the
/// rules.
fn outgoing(guard: &Guard) -> String {
    let mut rules =
        String::from("udp sport 67 udp dport 68 drop\nudp sport 547 udp dport 546 drop\n");
    rules.push_str(
        "icmpv6 type 134 drop\nicmpv6 type { 130, 131, 132, 133, 135, 136, 143 } accept\n",
    );
    rules.push_str("udp sport 68 udp dport 67 accept\nudp sport 546 udp dport 547 accept\n");
    let asks = format_args!("ip daddr {METADATA_ADDRESS} tcp dport {METADATA_PORT} accept");
    line(&mut rules, asks);
    admit(&mut rules, guard, Way::Out);
    rules
}

fn admit(rules: &mut String, guard: &Guard, way: Way) {
    if guard.stateful {
        rules.push_str("ct state established,related accept\nct state invalid drop\n");
    }
    let lines = guard.admitted.iter().filter(|one| one.way == way).filter_map(admitted);
    lines.for_each(|text| line(rules, format_args!("{text}")));
    rules.push_str("drop\n");
}

/// The rule; `None` where it lets nothing through.
fn admitted(one: &Admitted) -> Option<String> {
    let (family, address) = match one.family {
        Family::V4 => ("ipv4", "ip"),
        Family::V6 => ("ipv6", "ip6"),
    };
    let mut rule = format!("meta nfproto {family} ");
    let ranges = one.remote.as_deref().unwrap_or_default();
    match (&one.remote, set(ranges)) {
        (None, _) => {}
        (Some(_), None) => return None,
        (Some(_), Some(ranges)) => {
            let end = if one.way == Way::In { "saddr" } else { "daddr" };
            write!(rule, "{address} {end} {ranges} ").ok()?;
        }
    }
    if let Some(protocol) = one.protocol {
        write!(rule, "meta l4proto {protocol} ").ok()?;
    }
    match &one.kind {
        Kind::Any => {}
        Kind::Ports(range) => write!(rule, "th dport {}-{} ", range.start(), range.end()).ok()?,
        Kind::Icmp(kind, code) => {
            let name = if one.family == Family::V4 { "icmp" } else { "icmpv6" };
            write!(rule, "{name} type {kind} ").ok()?;
            if let Some(code) = code {
                write!(rule, "{name} code {code} ").ok()?;
            }
        }
    }
    Some(rule + "accept")
}

fn set(ranges: &[IpNet]) -> Option<String> {
    let texts: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| format!("{{ {} }}", texts.join(", ")))
}

/// What is sent as somebody whom the guest is: ARP and IP alike. Before it has an address, it may
/// ask for one and whether it is free.
fn sources(guard: &Guard, own_mac: &str) -> String {
    let mut rules = format!(
        "ether saddr {own_mac} arp saddr ip 0.0.0.0 accept\n\
         ether saddr {own_mac} ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept\n\
         ether saddr {own_mac} ip6 saddr fe80::/10 accept\n\
         ether saddr {own_mac} ip6 saddr :: icmpv6 type {{ 131, 132, 135, 143 }} accept\n"
    );
    for source in &guard.sources {
        let (mac, range) = (source.mac.as_deref().unwrap_or(own_mac), &source.range);
        match range {
            IpNet::V4(range) => {
                line(&mut rules, format_args!("ether saddr {mac} ip saddr {range} accept"));
                line(&mut rules, format_args!("ether saddr {mac} arp saddr ip {range} accept"));
            }
            IpNet::V6(range) => {
                line(&mut rules, format_args!("ether saddr {mac} ip6 saddr {range} accept"));
            }
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use kit::engine::filter::{InterfaceFilter, Source};

    use super::*;

    fn admitted_in(protocol: Option<u8>, kind: Kind, remote: Option<&[&str]>) -> Admitted {
        let ranges = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let remote = remote.map(ranges);
        Admitted { way: Way::In, family: Family::V4, protocol, kind, remote }
    }

    #[test]
    fn a_rule_says_what_it_lets_through() {
        let text = |one: Admitted| admitted(&one).unwrap();
        let remote = Some(&["10.0.0.0/24", "10.1.0.5/32"][..]);
        assert_eq!(
            text(admitted_in(Some(6), Kind::Ports(80..=90), remote)),
            "meta nfproto ipv4 ip saddr { 10.0.0.0/24, 10.1.0.5/32 } meta l4proto 6 th dport \
             80-90 accept"
        );
        assert_eq!(
            text(admitted_in(Some(1), Kind::Icmp(8, Some(0)), None)),
            "meta nfproto ipv4 meta l4proto 1 icmp type 8 icmp code 0 accept"
        );
        assert_eq!(text(admitted_in(None, Kind::Any, None)), "meta nfproto ipv4 accept");
    }

    #[test]
    fn a_group_without_members_lets_nothing_through() {
        assert_eq!(admitted(&admitted_in(None, Kind::Any, Some(&[]))), None);
    }

    #[test]
    fn only_interfaces_with_a_guard_are_held_to_their_origin() {
        let source = Source { mac: None, range: "10.0.0.5/32".parse().unwrap() };
        let guard = Guard { stateful: true, sources: vec![source], admitted: Vec::new() };
        let entry = |network: &str, guard| InterfaceFilter { network: network.into(), guard };
        let filter = Filter { interfaces: vec![entry("a", Some(guard)), entry("b", None)] };
        let interface = |name: &str, network: &str| Interface {
            name: name.into(),
            network: network.into(),
            mac: "fa:16:3e:00:00:01".into(),
        };
        let interfaces = [interface("eth0", "a"), interface("eth1", "b"), interface("eth2", "c")];
        let text = ruleset(&filter, &interfaces);
        assert!(text.contains("iifname \"eth0\" goto in_eth0\niifname \"eth1\" accept\n}"));
        assert!(text.contains("hook egress device \"eth0\""));
        assert!(!text.contains("device \"eth1\"") && !text.contains("eth2"));
        assert!(text.contains("ether saddr fa:16:3e:00:00:01 ip saddr 10.0.0.5/32 accept"));
    }
}
