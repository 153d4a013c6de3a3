//! Which networks lead where, as rules of the host: chains of ours, in two tables.
//!
//! Docker keeps bridges apart in the chain FORWARD and gives whatever leaves a bridge the host's
//! address. Its chain DOCKER-USER comes before and is left to others: ours is entered from there.
//! In the table `nat` ours comes before Docker's, so that joined networks see each other's own
//! addresses. Each chain is written as a whole by `iptables-restore`, in one step of the kernel. What
//! comes to the host itself goes through chains of their own, which [`crate::forwarding`] fills.
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

use crate::names::ours;
use crate::{DockerEngine, extra_routes, forwarding};

/// A bridge and the IPv4 range behind it.
pub(crate) struct Bridge {
    pub(crate) name: String,
    pub(crate) range: Option<String>,
}

/// The bridges of our networks, by the networks' names.
pub(crate) type Bridges = BTreeMap<String, Bridge>;

/// A chain of ours: its table, what is behind its name, and the chains from which it is entered.
struct Chain {
    table: &'static str,
    suffix: &'static str,
    from: &'static [&'static str],
    rules: fn(&Routing, &Bridges) -> Vec<String>,
}

static CHAINS: &[Chain] = &[
    Chain { table: "filter", suffix: "", from: &["DOCKER-USER"], rules: passing },
    Chain { table: "filter", suffix: "-IN", from: &["INPUT"], rules: forwarding::refusals },
    Chain { table: "nat", suffix: "", from: &["POSTROUTING"], rules: own_addresses },
    Chain {
        table: "nat",
        suffix: "-IN",
        from: &["PREROUTING", "OUTPUT"],
        rules: forwarding::destinations,
    },
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
        let answering = forwarding::answering(routing, &bridges);
        // Nobody answers without the rules that say for what.
        forwarding::fall_silent(&bridges, &answering).await?;
        let script = script(&name(&self.installation), routing, &bridges, &present);
        if !script.is_empty() {
            run("iptables-restore", &["--noflush", "--wait", "5"], &script).await?;
        }
        forwarding::answer(answering).await?;
        extra_routes::lead(routing, &bridges).await
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

/// The name of an installation's chains; the kernel takes 28 characters.
fn name(installation: &InstallationId) -> String {
    let plain: String = installation.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("NOVADOCK-{}", plain.get(..12).unwrap_or(&plain))
}

/// Docker names a bridge after the beginning of its network's id.
fn bridge(network: &EngineNetwork) -> Bridge {
    let id = network.engine_id.get(..12).unwrap_or(&network.engine_id);
    let ranges = network.pools.iter().map(|pool| pool.cidr.clone());
    Bridge { name: format!("br-{id}"), range: ranges.into_iter().find(|cidr| !cidr.contains(':')) }
}

/// What to say to `iptables-restore`; nothing where there is nothing to do.
fn script(name: &str, routing: &Routing, bridges: &Bridges, present: &str) -> String {
    let changes = CHAINS.iter().map(|chain| {
        change(&format!("{name}{}", chain.suffix), chain, present, &(chain.rules)(routing, bridges))
    });
    changes.collect()
}

fn change(name: &str, chain: &Chain, present: &str, rules: &[String]) -> String {
    let section = format!("*{}\n", chain.table);
    let now = present.split_once(&section).map_or("", |(_, rest)| rest);
    let now = now.split_once("\nCOMMIT").map_or(now, |(section, _)| section);
    let wanted = !rules.is_empty();
    let mut lines = Vec::new();
    // To declare a chain that is there empties it, in the same step.
    lines.extend(wanted.then(|| format!(":{name} - [0:0]")));
    lines.extend(chain.from.iter().flat_map(|from| entrance(name, from, now, wanted)));
    lines.extend(rules.iter().map(|rule| format!("-A {name} {rule}")));
    if !wanted && now.lines().any(|line| line.starts_with(&format!(":{name} "))) {
        lines.extend([format!("-F {name}"), format!("-X {name}")]);
    }
    if lines.is_empty() {
        return String::new();
    }
    let mut script = section;
    for line in lines {
        writeln!(script, "{line}").ok();
    }
    script.push_str("COMMIT\n");
    script
}

/// What makes our chain the first that is entered from another, or not entered at all.
fn entrance(name: &str, from: &str, now: &str, wanted: bool) -> Vec<String> {
    let jump = format!("-A {from} -j {name}");
    let begins = format!("-A {from} ");
    let mut entered = now.lines().filter(|line| line.starts_with(&begins));
    let first = entered.next() == Some(&jump);
    let later = entered.any(|line| line == jump);
    let mut lines = Vec::new();
    if later {
        lines.push(format!("-D {from} -j {name}"));
    }
    if first && !wanted {
        lines.push(format!("-D {from} -j {name}"));
    }
    if wanted && !first {
        lines.push(format!("-I {from} 1 -j {name}"));
    }
    lines
}

fn passing(routing: &Routing, bridges: &Bridges) -> Vec<String> {
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
    // Behind what is closed: who has no way out does not find what is forwarded outside.
    rules.extend(forwarding::passages(routing, bridges));
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
    rules.extend(extra_routes::sources(routing, bridges));
    rules.extend(forwarding::sources(routing, bridges));
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
    use kit::engine::{Forward, Protocol};

    use super::*;

    const EMPTY: &str = "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE\nCOMMIT\n*filter\n:DOCKER-USER - [0:0]\n-A DOCKER-USER -j RETURN\nCOMMIT\n";

    fn script(routing: &Routing, present: &str) -> String {
        let bridge =
            |n: u8| Bridge { name: format!("br-{n}"), range: Some(format!("10.{n}.0.0/16")) };
        let bridges = Bridges::from([("a".into(), bridge(1)), ("b".into(), bridge(2))]);
        super::script("OURS", routing, &bridges, present)
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
    fn what_is_forwarded_is_entered_where_packets_come_in() {
        let mut routing = Routing::default();
        routing.forwarded.insert(Forward {
            outside: "a".into(),
            address: [10, 1, 0, 9].into(),
            protocol: Protocol::Udp,
            ports: 53.into(),
            inside: "b".into(),
            guest: [10, 2, 0, 5].into(),
            guest_ports: 53.into(),
        });
        let script = script(&routing, EMPTY);
        for line in [
            "-I INPUT 1 -j OURS-IN",
            "-I PREROUTING 1 -j OURS-IN",
            "-I OUTPUT 1 -j OURS-IN",
            "-A OURS -m conntrack --ctstate DNAT --ctorigdst 10.1.0.9 -j ACCEPT",
        ] {
            assert!(script.lines().any(|there| there == line), "{line} in {script}");
        }
    }

    #[test]
    fn nothing_wished_leaves_nothing() {
        assert_eq!(script(&Routing::default(), EMPTY), "");
        let present = "*filter\n:OURS - [0:0]\n-A DOCKER-USER -j OURS\n-A OURS -j DROP\nCOMMIT\n";
        let wanted = "*filter\n-D DOCKER-USER -j OURS\n-F OURS\n-X OURS\nCOMMIT\n";
        assert_eq!(script(&Routing::default(), present), wanted);
    }
}
