//! Nothing passes at a guest's interfaces between its start and its filter.
//!
//! A container has no network namespace before it starts, and its program runs the moment it has
//! one: rules inside would come too late. So the gate is outside, in a table of ours of the host's
//! bridges: what goes to or comes from the address of a guarded guest passes only by ends of cables
//! that were opened, and a start makes a new cable. Whoever starts the guest (we, the engine's
//! policy, somebody at a shell), it is shut until [`DockerEngine::open_gate`], after the filter.
//!
//! The table is made once per process, and again where somebody has taken it away; afterwards its sets
//! alone change, which costs a start little. It goes with the last network of the installation.

use std::fmt::Write;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::Ordering;

use kit::engine::{EngineError, EngineResult};

use crate::DockerEngine;
use crate::nft;

impl DockerEngine {
    /// Guards the guest with these addresses, from its next start on. Guarded already is success.
    pub(crate) async fn shut_gate(&self, addresses: &[IpAddr]) -> EngineResult<()> {
        let guarded = guarded("add", &self.gate(), addresses);
        if guarded.is_empty() || !self.can_filter().await? {
            return Ok(());
        }
        self.change_gate(guarded).await.map_err(|error| failed(&error))
    }

    /// Lets pass what goes by the cables whose ends on the host have these indexes.
    pub(crate) async fn open_gate(&self, ends: &[u32]) -> EngineResult<()> {
        let opened = opened("add", &self.gate(), ends);
        if opened.is_empty() {
            return Ok(());
        }
        self.change_gate(opened).await.map_err(|error| failed(&error))
    }

    /// Forgets the interfaces that had these addresses, and the cables that are gone; not known is
    /// success.
    pub(crate) async fn forget_at_gate(&self, addresses: &[IpAddr]) {
        let (table, addresses) = (self.gate(), addresses.to_vec());
        let forget = move || {
            let gone = gone(&nft::ask(&["list", "set", "bridge", &table, "open"])?);
            // Whoever forgets the same at the same time: what is added first can be taken away.
            let both = ["add", "delete"]
                .map(|verb| guarded(verb, &table, &addresses) + &opened(verb, &table, &gone));
            nft::run(&both.concat())
        };
        match tokio::task::spawn_blocking(forget).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "nothing to forget at the gate"),
            Err(error) => tracing::debug!(%error, "the gate was not asked"),
        }
    }

    /// Takes the gate away.
    pub(crate) async fn remove_gate(&self) {
        if let Err(error) = run(format!("delete table bridge {}\n", self.gate())).await {
            tracing::debug!(%error, "no gate to take away");
        }
    }

    async fn change_gate(&self, changes: String) -> io::Result<()> {
        let whole = gate(&self.gate()) + &changes;
        if self.gate_stands.load(Ordering::Relaxed) && run(changes).await.is_ok() {
            return Ok(());
        }
        run(whole).await?;
        self.gate_stands.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// The name of the table.
    fn gate(&self) -> String {
        format!("novadock_{}", self.installation.as_str().replace('-', ""))
    }
}

async fn run(program: String) -> io::Result<()> {
    tokio::task::spawn_blocking(move || nft::run(&program)).await.map_err(io::Error::other)?
}

fn failed(error: &io::Error) -> EngineError {
    EngineError::Other(format!("the gate of guests: {error}"))
}

/// The table as it shall be, whatever there was, but for the guests that it knows and the ends that
/// are open.
///
/// Between two cables both ends must be open where one of the addresses is guarded, so a guest that
/// lies about its own is shut too.
fn gate(table: &str) -> String {
    let mut program = format!("add table bridge {table}\n");
    for (set, kind) in [("v4", "ipv4_addr"), ("v6", "ipv6_addr"), ("open", "iface_index")] {
        writeln!(program, "add set bridge {table} {set} {{ type {kind}; }}").ok();
    }
    for hook in ["forward", "input", "output"] {
        writeln!(
            program,
            "add chain bridge {table} {hook} {{ type filter hook {hook} priority -210; }}\n\
             flush chain bridge {table} {hook}"
        )
        .ok();
        for (family, set) in [("ip", "v4"), ("ip6", "v6")] {
            for (address, end) in ends(hook) {
                let rule = format!("{family} {address} @{set} {end} != @open drop");
                writeln!(program, "add rule bridge {table} {hook} {rule}").ok();
            }
        }
    }
    program
}

/// Which address is looked at together with which end: a packet to or from the host has one.
fn ends(hook: &str) -> &'static [(&'static str, &'static str)] {
    match hook {
        "input" => &[("saddr", "iif")],
        "output" => &[("daddr", "oif")],
        _ => &[("saddr", "iif"), ("saddr", "oif"), ("daddr", "iif"), ("daddr", "oif")],
    }
}

/// What puts these addresses among those of guarded guests, or takes them from there.
fn guarded(verb: &str, table: &str, addresses: &[IpAddr]) -> String {
    let mut program = String::new();
    for address in addresses {
        let set = if address.is_ipv4() { "v4" } else { "v6" };
        writeln!(program, "{verb} element bridge {table} {set} {{ {address} }}").ok();
    }
    program
}

/// What puts these ends of cables among the open ones, or takes them from there.
fn opened(verb: &str, table: &str, ends: &[u32]) -> String {
    let ends: Vec<String> = ends.iter().map(ToString::to_string).collect();
    if ends.is_empty() {
        return String::new();
    }
    format!("{verb} element bridge {table} open {{ {} }}\n", ends.join(", "))
}

/// The ends of cables in a listing of the open ones that are gone: `nft` has no name for them.
fn gone(listing: &str) -> Vec<u32> {
    let elements = listing.split_once("elements = {").map_or("", |(_, rest)| rest);
    let elements = elements.split_once('}').map_or(elements, |(elements, _)| elements);
    elements.split(',').filter_map(|element| element.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hook_looks_at_the_ends_that_it_has() {
        let program = gate("t");
        assert!(program.contains("t input ip saddr @v4 iif != @open drop"));
        assert!(program.contains("t output ip6 daddr @v6 oif != @open drop"));
        assert!(program.contains("t forward ip daddr @v4 iif != @open drop"));
        assert!(!program.contains("t input ip daddr"));
    }

    #[test]
    fn addresses_are_known_by_their_version() {
        let addresses = ["10.0.0.5".parse().unwrap(), "fd00::5".parse().unwrap()];
        let program = guarded("add", "t", &addresses);
        assert!(program.contains("t v4 { 10.0.0.5 }") && program.contains("t v6 { fd00::5 }"));
    }

    #[test]
    fn cables_without_a_name_are_gone() {
        let listing = "table bridge t {\n\tset open {\n\t\ttype iface_index\n\t\t\
                       elements = { \"veth12\", 7,\n\t\t\t     8 }\n\t}\n}\n";
        assert_eq!(gone(listing), [7, 8]);
        assert_eq!(gone("table bridge t {\n\tset open {\n\t\ttype iface_index\n\t}\n}\n").len(), 0);
    }
}
