//! What makes an instance a plain container and no machine: who runs in it and how, which of its
//! ports the host shows, whose network it shares.
//!
//! Compute keeps it beside the server, so all of it can be read and written as JSON. Whether
//! somebody may have what it says is not decided here.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// A container's own ways. What is not said is as the image and the engine have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct ContainerSpec {
    /// Who runs the command; empty is the image's user.
    pub user: String,
    /// Its output is a terminal.
    pub tty: bool,
    /// Its input stays open.
    pub open_stdin: bool,
    /// Its input closes after the first who was attached to it.
    pub stdin_once: bool,
    /// What happens when it ends by itself.
    pub restart: Restart,
    /// The root file system cannot be written.
    pub read_only: bool,
    /// Name servers.
    pub dns: Vec<IpAddr>,
    /// Names that it knows besides, with their addresses.
    pub extra_hosts: Vec<(String, IpAddr)>,
    /// Ports that the host shows.
    pub published: Vec<Published>,
    /// Directories with a volume of their own, which goes with the instance.
    pub volumes: Vec<String>,
    /// Instances whose volumes it sees too.
    pub volumes_from: Vec<String>,
    /// The instance whose network it shares; it then has no interface, no name servers, known
    /// names and published ports of its own.
    pub beside: Option<String>,
    /// Its weight when CPUs are short; 0 is the engine's usual.
    pub cpu_shares: u32,
    /// The host's CPUs that it runs on (`0-2,4`); empty is all.
    pub cpu_set: String,
    /// Capabilities of the kernel that it has besides, without `CAP_`.
    pub capabilities: Vec<String>,
    /// Those that it does without.
    pub capabilities_dropped: Vec<String>,
    /// It may do what the host may.
    pub privileged: bool,
    /// Devices of the host that it sees.
    pub devices: Vec<Device>,
}

/// What an engine does with an instance that ends by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restart {
    /// Nothing.
    #[default]
    Never,
    /// It is started again, at most so often (0: always), unless its exit code is 0.
    OnFailure(u32),
    /// It is started again, unless somebody stopped it.
    Always,
}

/// A device of the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Where the host has it.
    pub source: String,
    /// Where the guest sees it.
    pub target: String,
    /// `r`, `w`, `m` (it may be made).
    pub permissions: String,
}

/// A port of a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Port {
    /// Its number.
    pub number: u16,
    /// Its protocol.
    pub protocol: Protocol,
}

/// What a port speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// A port of a guest that the host shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The guest's.
    pub port: Port,
    /// The host's number for it.
    pub host_port: u16,
}

impl Protocol {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

impl Port {
    /// Reads `80/tcp`; a number alone speaks TCP.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let protocol = [Protocol::Tcp, Protocol::Udp]
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(protocol))?;
        let number = number.trim().parse().ok().filter(|number| *number > 0)?;
        Some(Self { number, protocol })
    }
}

impl fmt::Display for Port {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.number, self.protocol.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_read_as_it_is_shown() {
        for (text, shown) in [("80", "80/tcp"), ("53/udp", "53/udp"), ("80/TCP", "80/tcp")] {
            assert_eq!(Port::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "0", "70000", "80/sctp", "x/tcp"] {
            assert_eq!(Port::parse(text), None, "{text}");
        }
    }
}
