//! Which networks of an engine lead where: what an installation wishes, as a whole.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::Protocol;

/// The wish of an installation, by the names of its networks. What is not said is as the engine
/// has it: networks are apart, and lead out of the host by its address.
///
/// Saying it again changes nothing; saying nothing ([`Routing::default`]) leaves nothing behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routing {
    /// Their guests begin nothing beyond the network but what the two others allow.
    pub closed: BTreeSet<String>,
    /// Between these packets go both ways, with the addresses they have.
    pub joined: BTreeSet<(String, String)>,
    /// From the first the second is reached, under an address of the host.
    pub outward: BTreeSet<(String, String)>,
    /// Addresses that no guest has, of which some ports lead to guests.
    pub forwarded: BTreeSet<Forward>,
    /// What is reached by a guest of a network, and not by the engine.
    pub routes: BTreeSet<Route>,
}

/// A way that a guest is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The network from which it is taken.
    pub from: String,
    /// Where it leads.
    pub destination: Ipv4Net,
    /// The network of the guest.
    pub via: String,
    /// The guest's address there.
    pub nexthop: Ipv4Addr,
}

/// Ports of an address that lead to ports of a guest. Nothing else of the address leads anywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Forward {
    /// The network that the address is of.
    pub outside: String,
    /// The address.
    pub address: Ipv4Addr,
    /// What the ports speak.
    pub protocol: Protocol,
    /// The ports.
    pub ports: PortRange,
    /// The network of the guest.
    pub inside: String,
    /// The guest's address there.
    pub guest: Ipv4Addr,
    /// The guest's ports: one for all, or as many in the same order.
    pub guest_ports: PortRange,
}

/// Ports from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortRange {
    /// The lowest.
    pub first: u16,
    /// The highest, which is not below it.
    pub last: u16,
}

impl PortRange {
    /// The one port, if it is only one.
    pub fn only(self) -> Option<u16> {
        (self.first == self.last).then_some(self.first)
    }

    /// Whether they have a port in common.
    pub fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// How many there are beyond the first.
    pub fn span(self) -> u16 {
        self.last.saturating_sub(self.first)
    }
}

impl From<u16> for PortRange {
    fn from(port: u16) -> Self {
        Self { first: port, last: port }
    }
}

/// `80:90`, and `80:80` of one port.
impl fmt::Display for PortRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.first, self.last)
    }
}

impl Routing {
    /// Whether guests of the one network may speak to guests of the other.
    pub fn carries(&self, from: &str, to: &str) -> bool {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        from == to
            || self.joined.contains(&pair(from, to))
            || self.joined.contains(&pair(to, from))
            || self.outward.contains(&pair(from, to))
    }
}
