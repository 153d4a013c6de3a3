//! Ports of an address that nobody has, led to guests by rules of the host.
//!
//! The address becomes one more of its network's bridge, so whoever is on that network finds it,
//! and so does the host. A rule that comes before Docker's leads each port to its guest; whatever
//! else is sent to the address is refused, for the programs and the published ports of the host are
//! not meant. [`crate::routing`] writes the rules and says when.
//!
//! **Invariant:** an address of ours is one of 32 bits on a bridge of ours. Docker's have the
//! length of their network, so none of them is taken for ours; and ours go with the bridge.

use std::collections::BTreeSet;
use std::io;
use std::net::Ipv4Addr;

use kit::engine::{EngineError, EngineResult, Forward, Routing};

use crate::netlink::{self, Address};
use crate::routing::{Bridge, Bridges};

/// The length of an address that is a network of its own.
const ALONE: u8 = 32;

/// The addresses that the host answers for, each with the name of its bridge.
pub(crate) type Answering = BTreeSet<(String, Ipv4Addr)>;

/// What the host shall answer for.
pub(crate) fn answering(routing: &Routing, bridges: &Bridges) -> Answering {
    let there = routing.forwarded.iter();
    there.filter_map(|one| Some((bridges.get(&one.outside)?.name.clone(), one.address))).collect()
}

/// Takes from the bridges what the host shall not answer for any more.
pub(crate) async fn fall_silent(bridges: &Bridges, wanted: &Answering) -> EngineResult<()> {
    let ours: BTreeSet<String> = bridges.values().map(|bridge| bridge.name.clone()).collect();
    let wanted = wanted.clone();
    kernel(move || {
        let links: Vec<_> =
            netlink::links()?.into_iter().filter(|l| ours.contains(&l.name)).collect();
        for there in netlink::addresses()?.into_iter().filter(|there| there.prefix == ALONE) {
            let on = links.iter().find(|link| link.index == there.link);
            if on.is_some_and(|link| !wanted.contains(&(link.name.clone(), there.ip))) {
                netlink::take_address(there)?;
            }
        }
        Ok(())
    })
    .await
}

/// Gives the bridges what the host shall answer for.
pub(crate) async fn answer(wanted: Answering) -> EngineResult<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    kernel(move || {
        let links = netlink::links()?;
        for (bridge, address) in wanted {
            if let Some(link) = links.iter().find(|link| link.name == bridge) {
                netlink::add_address(Address { link: link.index, ip: address, prefix: ALONE })?;
            }
        }
        Ok(())
    })
    .await
}

async fn kernel(work: impl FnOnce() -> io::Result<()> + Send + 'static) -> EngineResult<()> {
    let done = tokio::task::spawn_blocking(work).await.map_err(io::Error::other);
    let failed = |error| EngineError::Other(format!("the addresses of bridges: {error}"));
    done.and_then(|outcome| outcome).map_err(failed)
}

/// For what comes to the host: each port to its guest, and nothing of the addresses to anybody
/// else (Docker leads the ports that it publishes from every address of the host).
pub(crate) fn destinations(routing: &Routing, bridges: &Bridges) -> Vec<String> {
    let each = present(routing, bridges).map(|(one, ..)| {
        let name = one.protocol.name();
        let ports = one.ports;
        let ports = ports.only().map_or_else(|| ports.to_string(), |port| port.to_string());
        format!(
            "-d {}/32 -p {name} -m {name} --dport {ports} -j DNAT --to-destination {}",
            one.address,
            destination(one)
        )
    });
    let rest = addresses(routing, bridges).into_iter().map(|one| format!("-d {one}/32 -j ACCEPT"));
    each.chain(rest).collect()
}

fn destination(forward: &Forward) -> String {
    let (guest, ports, to) = (forward.guest, forward.ports, forward.guest_ports);
    match to.only() {
        Some(port) => format!("{guest}:{port}"),
        None if to == ports => guest.to_string(),
        None => format!("{guest}:{}-{}/{}", to.first, to.last, ports.first),
    }
}

/// For what the host would take itself: what was not led elsewhere. An echo is answered, as by the
/// router that has the address in Neutron.
pub(crate) fn refusals(routing: &Routing, bridges: &Bridges) -> Vec<String> {
    let refuse = |one| format!("-d {one}/32 ! -p icmp -m conntrack --ctdir ORIGINAL -j REJECT");
    addresses(routing, bridges).into_iter().map(refuse).collect()
}

/// For what goes through the host: what was led, and its answers.
pub(crate) fn passages(routing: &Routing, bridges: &Bridges) -> Vec<String> {
    let pass = |one| format!("{} -j ACCEPT", led(one));
    addresses(routing, bridges).into_iter().map(pass).collect()
}

/// For what leaves the host: a neighbour of the guest comes by the host's address, or the answer
/// would not come back this way; whoever is outside is seen as he is, as behind Neutron's router.
pub(crate) fn sources(routing: &Routing, bridges: &Bridges) -> Vec<String> {
    let rules = present(routing, bridges).flat_map(|(one, outside, inside)| {
        let led = led(one.address);
        let guest = one.guest;
        let neighbours = inside.range.as_ref();
        let neighbours =
            neighbours.map(|range| format!("-s {range} -d {guest}/32 {led} -j MASQUERADE"));
        let strangers = outside.range.as_ref();
        let strangers = strangers.map(|range| format!("-s {range} -d {guest}/32 {led} -j ACCEPT"));
        [neighbours, strangers].into_iter().flatten()
    });
    // Several ports of a guest say the same.
    let rules: BTreeSet<String> = rules.collect();
    rules.into_iter().collect()
}

/// Matches what was sent to the address and led elsewhere, in both directions.
fn led(address: Ipv4Addr) -> String {
    format!("-m conntrack --ctstate DNAT --ctorigdst {address}")
}

fn addresses(routing: &Routing, bridges: &Bridges) -> BTreeSet<Ipv4Addr> {
    answering(routing, bridges).into_iter().map(|(_, address)| address).collect()
}

/// Those of which both networks are there, with their bridges.
fn present<'a>(
    routing: &'a Routing,
    bridges: &'a Bridges,
) -> impl Iterator<Item = (&'a Forward, &'a Bridge, &'a Bridge)> {
    let there = routing.forwarded.iter();
    there.filter_map(|one| Some((one, bridges.get(&one.outside)?, bridges.get(&one.inside)?)))
}

#[cfg(test)]
mod tests {
    use kit::engine::{PortRange, Protocol};

    use super::*;

    fn bridges() -> Bridges {
        let bridge = |name: &str, range: &str| {
            (name.to_owned(), Bridge { name: format!("br-{name}"), range: Some(range.to_owned()) })
        };
        [bridge("out", "172.24.4.0/24"), bridge("in", "10.0.0.0/24")].into()
    }

    fn forward(ports: PortRange, guest_ports: PortRange) -> Forward {
        Forward {
            outside: "out".to_owned(),
            address: Ipv4Addr::new(172, 24, 4, 9),
            protocol: Protocol::Tcp,
            ports,
            inside: "in".to_owned(),
            guest: Ipv4Addr::new(10, 0, 0, 5),
            guest_ports,
        }
    }

    fn said(forward: Forward) -> Vec<String> {
        let routing = Routing { forwarded: [forward].into(), ..Routing::default() };
        destinations(&routing, &bridges())
    }

    #[test]
    fn ports_lead_to_one_to_the_same_or_to_others() {
        let range = |first, last| PortRange { first, last };
        let to = |forward| said(forward).remove(0);
        let one = to(forward(8080.into(), 80.into()));
        assert_eq!(
            one,
            "-d 172.24.4.9/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.5:80"
        );
        let many = to(forward(range(80, 90), 80.into()));
        assert!(many.ends_with("--dport 80:90 -j DNAT --to-destination 10.0.0.5:80"), "{many}");
        let same = to(forward(range(80, 90), range(80, 90)));
        assert!(same.ends_with("--dport 80:90 -j DNAT --to-destination 10.0.0.5"), "{same}");
        let other = to(forward(range(80, 90), range(180, 190)));
        assert!(other.ends_with("--to-destination 10.0.0.5:180-190/80"), "{other}");
    }

    #[test]
    fn nothing_else_of_the_address_leads_anywhere() {
        let forward = forward(8080.into(), 80.into());
        let last = said(forward.clone()).pop().unwrap();
        assert_eq!(last, "-d 172.24.4.9/32 -j ACCEPT");
        let routing = Routing { forwarded: [forward].into(), ..Routing::default() };
        let refused = refusals(&routing, &bridges());
        assert_eq!(refused, ["-d 172.24.4.9/32 ! -p icmp -m conntrack --ctdir ORIGINAL -j REJECT"]);
    }

    #[test]
    fn networks_that_are_not_there_are_passed_over() {
        let gone = Forward { outside: "gone".to_owned(), ..forward(8080.into(), 80.into()) };
        let routing = Routing { forwarded: [gone].into(), ..Routing::default() };
        assert!(answering(&routing, &bridges()).is_empty());
        assert!(destinations(&routing, &bridges()).is_empty());
    }
}
