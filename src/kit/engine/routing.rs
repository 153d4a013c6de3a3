//! Which networks of an engine lead where: what an installation wishes, as a whole.

use std::collections::BTreeSet;

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
