//! Nothing passes at a guest's interfaces between its start and its filter.
//!
//! A container has no network namespace before it starts, and its program runs the moment it has
//! one: rules inside would come too late. So the gate is outside, in a table of ours of the host's
//! bridges: what goes to or comes from the address of a guarded guest passes only by ends of cables
//! that were opened, and a start makes a new cable. Whoever starts the guest (we, the engine's
//! policy, somebody at a shell), it is shut until [`DockerEngine::open_gate`], after the filter.
//!
//! The table goes with the last network of the installation.

use std::fmt::Write;
use std::io;
use std::net::IpAddr;

use kit::engine::{EngineError, EngineResult};

use crate::DockerEngine;
use crate::nft;

impl DockerEngine {
    /// Guards the guest with these addresses, from its next start on. Guarded already is success.
    pub(crate) async fn shut_gate(&self, addresses: &[IpAddr]) -> EngineResult<()> {
        let elements = elements("add", &self.gate(), addresses);
        if elements.is_empty() || !self.can_filter().await? {
            return Ok(());
        }
        self.change_gate(gate(&self.gate()) + &elements).await.map_err(|error| failed(&error))
    }

    /// Lets pass what goes by the cables whose ends on the host have these indexes.
    pub(crate) async fn open_gate(&self, ends: &[u32]) -> EngineResult<()> {
        let ends: Vec<String> = ends.iter().map(ToString::to_string).collect();
        if ends.is_empty() {
            return Ok(());
        }
        let open = format!("add element bridge {} open {{ {} }}\n", self.gate(), ends.join(", "));
        self.change_gate(gate(&self.gate()) + &open).await.map_err(|error| failed(&error))
    }

    /// Forgets the guest that had these addresses; not known is success.
    pub(crate) async fn forget_at_gate(&self, addresses: &[IpAddr]) {
        for address in addresses {
            let forget = elements("delete", &self.gate(), &[*address]);
            if let Err(error) = self.change_gate(forget).await {
                tracing::debug!(%address, %error, "not known at the gate");
            }
        }
    }

    /// Takes the gate away.
    pub(crate) async fn remove_gate(&self) {
        if let Err(error) = self.change_gate(format!("delete table bridge {}\n", self.gate())).await
        {
            tracing::debug!(%error, "no gate to take away");
        }
    }

    async fn change_gate(&self, program: String) -> io::Result<()> {
        tokio::task::spawn_blocking(move || nft::run(&program)).await.map_err(io::Error::other)?
    }

    /// The name of the table.
    fn gate(&self) -> String {
        format!("novadock_{}", self.installation.as_str().replace('-', ""))
    }
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

fn elements(verb: &str, table: &str, addresses: &[IpAddr]) -> String {
    let mut program = String::new();
    for address in addresses {
        let set = if address.is_ipv4() { "v4" } else { "v6" };
        writeln!(program, "{verb} element bridge {table} {set} {{ {address} }}").ok();
    }
    program
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
        let program = elements("add", "t", &addresses);
        assert!(program.contains("t v4 { 10.0.0.5 }") && program.contains("t v6 { fd00::5 }"));
    }
}
