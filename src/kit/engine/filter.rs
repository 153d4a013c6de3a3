//! What may pass at the interfaces of a guest: whole, and as data. Pure.
//!
//! The network service says it, an engine makes it so ([`super::Instances::set_filter`]). An engine
//! that has a kernel below it adds what every network needs to work at all (ARP, neighbour
//! discovery, DHCP from the guest, the answers to what was let through), as Neutron does.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::sync::Arc;

use ipnet::IpNet;

/// Where every guest finds its metadata and signals to: passes whatever the rules say.
pub const METADATA_ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// The port of it.
pub const METADATA_PORT: u16 = 80;
/// TCP's number.
pub const TCP: u8 = 6;

/// What may pass at each interface of a guest; nothing passes at one that is not named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// An entry per interface.
    pub interfaces: Vec<InterfaceFilter>,
}

/// What may pass at one interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceFilter {
    /// The interface, by the name of its network on the engine.
    pub network: String,
    /// `None`: everything passes.
    pub guard: Option<Guard>,
}

/// What is let through where not everything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Whether the answers to what was let through pass too.
    pub stateful: bool,
    /// What the guest may send from; anything else is forged.
    pub sources: Vec<Source>,
    /// What may pass; the rest may not.
    pub admitted: Vec<Admitted>,
}

/// An origin that is not forged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `None`: the MAC of the interface itself.
    pub mac: Option<String>,
    /// The addresses.
    pub range: IpNet,
}

/// Which way a packet goes, seen from the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the guest.
    In,
    /// From the guest.
    Out,
}

/// The IP version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Version 4.
    V4,
    /// Version 6.
    V6,
}

impl Family {
    /// That of an address.
    pub fn of(address: &IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }
}

/// A kind of traffic that is let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Which way.
    pub way: Way,
    /// Of this IP version.
    pub family: Family,
    /// The protocol's number; `None` is all of them.
    pub protocol: Option<u8>,
    /// Which of the protocol's packets.
    pub kind: Kind,
    /// The others' addresses; `None` is all of them. Shared, for members of a group are many.
    pub remote: Option<Arc<[IpNet]>>,
}

/// Which packets of a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All.
    Any,
    /// Those to these ports.
    Ports(RangeInclusive<u16>),
    /// Those of this ICMP type, and of this code if one is named.
    Icmp(u8, Option<u8>),
}

/// A packet that begins something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The interface, by the name of its network on the engine.
    pub network: String,
    /// Which way.
    pub way: Way,
    /// The guest's address in it.
    pub local: IpAddr,
    /// The other's.
    pub remote: IpAddr,
    /// The protocol's number.
    pub protocol: u8,
    /// The port it goes to, or type and code.
    pub kind: PacketKind,
}

/// What a packet says behind the protocol's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketKind {
    /// Nothing that a rule could ask for.
    Plain,
    /// To this port.
    To(u16),
    /// Of this ICMP type and code.
    Icmp(u8, u8),
}

impl Filter {
    /// Whether everything passes at every interface.
    pub fn admits_all(&self) -> bool {
        self.interfaces.iter().all(|one| one.guard.is_none())
    }

    /// Whether the packet passes.
    pub fn admits(&self, packet: &Packet) -> bool {
        let interface = self.interfaces.iter().find(|one| one.network == packet.network);
        interface.is_some_and(|one| one.guard.as_ref().is_none_or(|guard| guard.admits(packet)))
    }
}

impl Guard {
    fn admits(&self, packet: &Packet) -> bool {
        let is_forged = packet.way == Way::Out
            && !self.sources.iter().any(|source| source.range.contains(&packet.local));
        let is_metadata = packet.way == Way::Out
            && packet.remote == METADATA_ADDRESS
            && (packet.protocol, packet.kind) == (TCP, PacketKind::To(METADATA_PORT));
        !is_forged && (is_metadata || self.admitted.iter().any(|one| one.admits(packet)))
    }
}

impl Admitted {
    fn admits(&self, packet: &Packet) -> bool {
        let kind = match (&self.kind, packet.kind) {
            (Kind::Any, _) => true,
            (Kind::Ports(range), PacketKind::To(port)) => range.contains(&port),
            (Kind::Icmp(kind, code), PacketKind::Icmp(its_kind, its_code)) => {
                *kind == its_kind && code.is_none_or(|code| code == its_code)
            }
            (Kind::Ports(_) | Kind::Icmp(..), _) => false,
        };
        let near = |ranges: &Arc<[IpNet]>| ranges.iter().any(|one| one.contains(&packet.remote));
        kind && self.way == packet.way
            && self.family == Family::of(&packet.remote)
            && self.protocol.is_none_or(|number| number == packet.protocol)
            && self.remote.as_ref().is_none_or(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(way: Way, remote: &str, kind: PacketKind) -> Packet {
        let (local, remote) = ("10.0.0.5".parse().unwrap(), remote.parse().unwrap());
        Packet { network: "net".into(), way, local, remote, protocol: TCP, kind }
    }

    fn ssh_from(range: &str) -> Filter {
        let ssh = Admitted {
            way: Way::In,
            family: Family::V4,
            protocol: Some(TCP),
            kind: Kind::Ports(22..=22),
            remote: Some([range.parse().unwrap()].into()),
        };
        let own = Source { mac: None, range: "10.0.0.5/32".parse().unwrap() };
        let guard = Guard { stateful: true, sources: vec![own], admitted: vec![ssh] };
        Filter { interfaces: vec![InterfaceFilter { network: "net".into(), guard: Some(guard) }] }
    }

    #[test]
    fn only_what_a_rule_names_passes() {
        let filter = ssh_from("10.0.0.0/24");
        let from = |remote, port| filter.admits(&packet(Way::In, remote, PacketKind::To(port)));
        assert!(from("10.0.0.9", 22));
        assert!(!from("10.0.0.9", 23));
        assert!(!from("10.0.1.9", 22));
        assert!(!from("fd00::9", 22));
    }

    #[test]
    fn metadata_is_reached_without_a_rule_and_not_with_a_forged_address() {
        let filter = ssh_from("10.0.0.0/24");
        let mut packet = packet(Way::Out, "169.254.169.254", PacketKind::To(80));
        assert!(filter.admits(&packet));
        packet.local = "10.0.0.6".parse().unwrap();
        assert!(!filter.admits(&packet));
    }

    #[test]
    fn an_interface_without_a_guard_is_open_and_one_not_named_is_shut() {
        let mut filter = ssh_from("10.0.0.0/24");
        let mut any = packet(Way::In, "192.0.2.1", PacketKind::Plain);
        assert!(!filter.admits(&any));
        filter.interfaces[0].guard = None;
        assert!(filter.admits(&any));
        any.network = "other".into();
        assert!(!filter.admits(&any));
    }
}
