//! The `nft` program: one transaction per run, in the network namespace of the calling thread.
//!
//! A program and not a netlink crate: its text is what an operator reads back with `nft list
//! ruleset`, and it is the reference for what the kernel's tables mean.

use std::io::{self, Write};
use std::process::{Command, Stdio};

/// What a kernel must know to filter guests: a hook behind every socket. Linux 5.16 has it.
const PROBE: &str = "table netdev novadock {\nchain probe {\n\
    type filter hook egress device \"lo\" priority 0; policy drop;\n\
    ether saddr fa:16:3e:00:00:01 ip saddr 10.0.0.0/24 accept\n}\n}\n\
    table inet novadock {\nchain probe {\n\
    type filter hook prerouting priority -150; policy drop;\n\
    ct state established,related accept\n}\n}\n\
    table bridge novadock {\nchain probe {\n\
    type filter hook forward priority -210;\n}\n}\n";

/// Runs the program, whole or not at all.
pub(crate) fn run(program: &str) -> io::Result<()> {
    feed(Command::new("nft").args(["-f", "-"]), program).map(drop)
}

/// What `nft` says.
pub(crate) fn ask(arguments: &[&str]) -> io::Result<String> {
    feed(Command::new("nft").args(arguments), "")
}

/// Whether guests can be filtered here; tried in a namespace that goes with the attempt.
pub(crate) fn probe() -> io::Result<()> {
    feed(Command::new("unshare").args(["--net", "nft", "-f", "-"]), PROBE).map(drop)
}

fn feed(command: &mut Command, program: &str) -> io::Result<String> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(program.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}
