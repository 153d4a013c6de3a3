//! Which networks lead where, as rules of the host: one chain of ours, in two tables.
//!
//! Docker keeps bridges apart in the chain FORWARD and gives whatever leaves a bridge the host's
//! address. Its chain DOCKER-USER comes before and is left to others: ours is entered from there.
//! In the table `nat` ours comes before Docker's, so that joined networks see each other's own
//! addresses. Each table is written as a whole by `iptables-restore`, in one step of the kernel.
//!
//! **Invariant:** no rule of anybody else is changed, and none of ours stays when nothing is
//! wished. Where we do not run beside the engine as root, or it has no such chain, nothing is done
//! and [`EngineError::Unsupported`] said. IPv6 is left to the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::process::Stdio;

use kit::engine::{EngineError, EngineNetwork, EngineResult, Routing};
use kit::ids::InstallationId;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::DockerEngine;
use crate::names::ours;

/// A bridge and the IPv4 range behind it.
struct Bridge {
    name: String,
    range: Option<String>,
}

/// The bridges of our networks, by the networks' names.
type Bridges = BTreeMap<String, Bridge>;

/// A table, and the chain from which ours is entered.
struct Table {
    name: &'static str,
    from: &'static str,
    rules: fn(&Routing, &Bridges) -> Vec<String>,
}

static TABLES: &[Table] = &[
    Table { name: "filter", from: "DOCKER-USER", rules: forwarding },
    Table { name: "nat", from: "POSTROUTING", rules: own_addresses },
];

impl DockerEngine {
    pub(crate) async fn route(&self, routing: &Routing) -> EngineResult<()> {
        if !self.connection.host.starts_with("unix://") {
            return Err(EngineError::Unsupported("rules of another host".into()));
        }
        let present = run("iptables-save", &[], "").await?;
        if !present.lines().any(|line| line.starts_with(":DOCKER-USER ")) {
            return Err(EngineError::Unsupported("Docker has no chain DOCKER-USER here".into()));
        }
        let networks = self.list_networks(&ours(&self.installation)).await?;
        let bridges = networks.iter().map(|one| (one.name.clone(), bridge(one))).collect();
        let chain = chain(&self.installation);
        let script: String = TABLES
            .iter()
            .map(|table| change(&chain, table, &present, &(table.rules)(routing, &bridges)))
            .collect();
        if script.is_empty() {
            return Ok(());
        }
        run("iptables-restore", &["--noflush", "--wait", "5"], &script).await.map(drop)
    }
}

/// Runs a program of the host to its end; what it says.
async fn run(program: &str, arguments: &[&str], input: &str) -> EngineResult<String> {
    let failed = |error: std::io::Error| EngineError::Unsupported(format!("{program}: {error}"));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).await.map_err(failed)?;
    }
    let output = child.wait_with_output().await.map_err(failed)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if said.contains("Permission denied") || said.contains("must be root") {
        return Err(EngineError::Unsupported(format!("{program}: {said}")));
    }
    Err(EngineError::Other(format!("{program}: {said}")))
}

/// The name of an installation's chain; the kernel takes 28 characters.
fn chain(installation: &InstallationId) -> String {
    let plain: String = installation.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("NOVADOCK-{}", plain.get(..12).unwrap_or(&plain))
}

/// Docker names a bridge after the beginning of its network's id.
fn bridge(network: &EngineNetwork) -> Bridge {
    let id = network.engine_id.get(..12).unwrap_or(&network.engine_id);
    let ranges = network.pools.iter().map(|pool| pool.cidr.clone());
    Bridge { name: format!("br-{id}"), range: ranges.into_iter().find(|cidr| !cidr.contains(':')) }
}

/// What to say to `iptables-restore` about a table; nothing where there is nothing to do.
fn change(chain: &str, table: &Table, present: &str, rules: &[String]) -> String {
    let jump = format!("-A {} -j {chain}", table.from);
    let begins = format!("-A {} ", table.from);
    let section = format!("*{}\n", table.name);
    let now = present.split_once(&section).map_or("", |(_, rest)| rest);
    let now = now.split_once("\nCOMMIT").map_or(now, |(section, _)| section);
    let mut entered = now.lines().filter(|line| line.starts_with(&begins));
    let first = entered.next() == Some(&jump);
    let later = entered.any(|line| line == jump);
    let mut lines = Vec::new();
    if later {
        lines.push(format!("-D {} -j {chain}", table.from));
    }
    if rules.is_empty() {
        if first {
            lines.push(format!("-D {} -j {chain}", table.from));
        }
        if now.lines().any(|line| line.starts_with(&format!(":{chain} "))) {
            lines.extend([format!("-F {chain}"), format!("-X {chain}")]);
        }
        if lines.is_empty() {
            return String::new();
        }
    } else {
        // To declare a chain that is there empties it, in the same step.
        lines.insert(0, format!(":{chain} - [0:0]"));
        if !first {
            lines.push(format!("-I {} 1 -j {chain}", table.from));
        }
        lines.extend(rules.iter().map(|rule| format!("-A {chain} {rule}")));
    }
    let mut script = section;
    for line in lines {
        writeln!(script, "{line}").ok();
    }
    script.push_str("COMMIT\n");
    script
}

fn forwarding(routing: &Routing, bridges: &Bridges) -> Vec<String> {
    let mut rules = Vec::new();
    for (a, b) in pairs(&routing.joined, bridges) {
        rules.push(format!("-i {} -o {} -j ACCEPT", a.name, b.name));
        rules.push(format!("-i {} -o {} -j ACCEPT", b.name, a.name));
    }
    for (inside, outside) in pairs(&routing.outward, bridges) {
        rules.push(format!("-i {} -o {} -j ACCEPT", inside.name, outside.name));
        rules.push(format!(
            "-i {} -o {} -m conntrack --ctdir REPLY -j ACCEPT",
            outside.name, inside.name
        ));
    }
    // Answers still go: to what came by a port of the host.
    rules.extend(routing.closed.iter().filter_map(|name| bridges.get(name)).map(|closed| {
        format!("-i {0} ! -o {0} -m conntrack --ctdir ORIGINAL -j DROP", closed.name)
    }));
    rules
}

fn own_addresses(routing: &Routing, bridges: &Bridges) -> Vec<String> {
    let mut rules = Vec::new();
    for (a, b) in pairs(&routing.joined, bridges) {
        if let (Some(a), Some(b)) = (&a.range, &b.range) {
            rules.push(format!("-s {a} -d {b} -j ACCEPT"));
            rules.push(format!("-s {b} -d {a} -j ACCEPT"));
        }
    }
    rules
}

/// The pairs of which both networks are there.
fn pairs<'a>(
    names: &'a BTreeSet<(String, String)>,
    bridges: &'a Bridges,
) -> impl Iterator<Item = (&'a Bridge, &'a Bridge)> {
    names.iter().filter_map(|(a, b)| Some((bridges.get(a)?, bridges.get(b)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE\nCOMMIT\n*filter\n:DOCKER-USER - [0:0]\n-A DOCKER-USER -j RETURN\nCOMMIT\n";

    fn script(routing: &Routing, present: &str) -> String {
        let bridge =
            |n: u8| Bridge { name: format!("br-{n}"), range: Some(format!("10.{n}.0.0/16")) };
        let bridges = Bridges::from([("a".into(), bridge(1)), ("b".into(), bridge(2))]);
        let change =
            |table: &Table| change("OURS", table, present, &(table.rules)(routing, &bridges));
        TABLES.iter().map(change).collect()
    }

    fn joined() -> Routing {
        let mut routing = Routing::default();
        routing.joined.insert(("a".into(), "b".into()));
        routing.joined.insert(("a".into(), "not made yet".into()));
        routing.closed.insert("a".into());
        routing
    }

    #[test]
    fn the_chain_is_made_and_entered_first() {
        let wanted = "*filter\n:OURS - [0:0]\n-I DOCKER-USER 1 -j OURS\n\
            -A OURS -i br-1 -o br-2 -j ACCEPT\n-A OURS -i br-2 -o br-1 -j ACCEPT\n\
            -A OURS -i br-1 ! -o br-1 -m conntrack --ctdir ORIGINAL -j DROP\nCOMMIT\n\
            *nat\n:OURS - [0:0]\n-I POSTROUTING 1 -j OURS\n\
            -A OURS -s 10.1.0.0/16 -d 10.2.0.0/16 -j ACCEPT\n\
            -A OURS -s 10.2.0.0/16 -d 10.1.0.0/16 -j ACCEPT\nCOMMIT\n";
        assert_eq!(script(&joined(), EMPTY), wanted);
    }

    #[test]
    fn a_chain_that_is_no_longer_first_becomes_so_again() {
        let present = "*nat\n:OURS - [0:0]\n-A POSTROUTING -s 10.9.0.0/16 -j MASQUERADE\n\
            -A POSTROUTING -j OURS\nCOMMIT\n*filter\n:OURS - [0:0]\n-A DOCKER-USER -j OURS\nCOMMIT\n";
        let script = script(&joined(), present);
        assert!(script.contains("-D POSTROUTING -j OURS\n-I POSTROUTING 1 -j OURS\n"), "{script}");
        assert!(!script.contains("-I DOCKER-USER"), "{script}");
    }

    #[test]
    fn nothing_wished_leaves_nothing() {
        assert_eq!(script(&Routing::default(), EMPTY), "");
        let present = "*filter\n:OURS - [0:0]\n-A DOCKER-USER -j OURS\n-A OURS -j DROP\nCOMMIT\n";
        let wanted = "*filter\n-D DOCKER-USER -j OURS\n-F OURS\n-X OURS\nCOMMIT\n";
        assert_eq!(script(&Routing::default(), present), wanted);
    }
}
