//! Servers that are plain containers and no machines: what a template's Docker resource says beyond
//! image and name, who may say it, which ports of the host it gets. PURE but for dice.
//!
//! Such a server is in every other respect one: it counts, is limited, listed, stopped, deleted as
//! all are. It has no flavor; [`flavor`] makes one of its memory, which no list shows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use kit::clock::Time;
use kit::engine::{Bind, ContainerSpec, Port, Protocol, Published};
use kit::error::{Error, Result};
use kit::ids::{FlavorId, ServerId};
use kit::policy::{Caller, Enforcer, Rule, Target};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::flavors::model::Flavor;
use crate::policy;

/// What a container is made of beyond its image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Container {
    /// Replaces the image's command.
    pub command: Option<Vec<String>>,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
    /// What it may use, bytes; 0 is [`DEFAULT_RAM_MB`].
    pub memory_bytes: u64,
    /// The ports that the host is to show.
    pub publish: Vec<Publish>,
    /// The host shows those that the image means to serve, too.
    pub publish_exposed: bool,
    /// Directories of the host that it sees.
    pub binds: Vec<Bind>,
    /// The server whose network it shares.
    pub beside: Option<ServerId>,
    /// Servers whose volumes it sees.
    pub volumes_from: Vec<ServerId>,
    /// The rest, as engines know it. Its `published` are set at boot.
    pub spec: ContainerSpec,
}

/// A port that the host is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    /// The container's.
    pub port: Port,
    /// The host's number for it; one that is free if it does not matter.
    pub host_port: Option<u16>,
}

/// A port of the host.
pub(crate) type HostPort = (Protocol, u16);

/// The memory of a container that does not say how much it needs.
const DEFAULT_RAM_MB: i64 = 512;
/// Where ports of the host are taken from: below those that systems give to connections, so that
/// a port is the same after a restart and nobody has it meanwhile.
const HOST_PORTS: RangeInclusive<u16> = 20_000..=29_999;
/// What Docker gives to every container; asking for one of these asks for nothing.
const SAFE_CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// What takes more than a role on the project: a row.
struct Guard {
    is_asked: fn(&Container) -> bool,
    rule: &'static Rule,
    sentence: &'static str,
}

static GUARDS: &[Guard] = &[
    Guard {
        is_asked: |container| container.spec.privileged,
        rule: &policy::CONTAINERS_PRIVILEGED,
        sentence: "A container with extended privileges is not allowed here.",
    },
    Guard {
        is_asked: |container| !container.spec.devices.is_empty(),
        rule: &policy::CONTAINERS_DEVICES,
        sentence: "A container with devices of the host is not allowed here.",
    },
    Guard {
        is_asked: |container| !container.binds.is_empty(),
        rule: &policy::CONTAINERS_HOST_PATHS,
        sentence: "A container with directories of the host is not allowed here.",
    },
    Guard {
        is_asked: |container| container.spec.capabilities.iter().any(|one| !is_safe(one)),
        rule: &policy::CONTAINERS_CAPABILITIES,
        sentence: "A container with more capabilities of the kernel than the usual is not allowed here.",
    },
];

fn is_safe(capability: &str) -> bool {
    SAFE_CAPABILITIES.contains(&capability)
}

/// Refuses what only some may have.
pub(crate) fn authorize(policy: &Enforcer, caller: &Caller, container: &Container) -> Result<()> {
    let target = Target::own(caller);
    let refused = GUARDS
        .iter()
        .find(|guard| (guard.is_asked)(container) && !policy.allows(guard.rule, caller, &target));
    refused.map_or(Ok(()), |guard| Err(Error::forbidden(guard.sentence)))
}

/// The flavor of its own: a CPU, the memory that it asks for, the disk that its image needs.
pub(crate) fn flavor(container: &Container, now: Time) -> Flavor {
    let asked_mb = container.memory_bytes.div_ceil(1 << 20);
    let ram_mb = i64::try_from(asked_mb).unwrap_or(i64::MAX);
    Flavor {
        id: FlavorId::from("container"),
        name: "container".to_owned(),
        description: None,
        vcpus: 1,
        ram_mb: if ram_mb == 0 { DEFAULT_RAM_MB } else { ram_mb },
        disk_gb: 0,
        ephemeral_gb: 0,
        swap_mb: 0,
        rxtx_factor: 1.0,
        is_public: false,
        disabled: false,
        extra_specs: BTreeMap::new(),
        created_at: now,
        updated_at: None,
    }
}

/// The ports of the host for what is to be published, none of them `taken`. What shares a network
/// is reached there by its own ports.
pub(crate) fn published(
    container: &Container,
    exposed: &[Port],
    taken: &BTreeSet<HostPort>,
) -> Result<Vec<Published>> {
    let mut taken = taken.clone();
    let mut rows: Vec<Published> = Vec::new();
    for wish in wishes(container, exposed) {
        let protocol = wish.port.protocol;
        let host_port = match wish.host_port {
            _ if container.beside.is_some() => wish.port.number,
            Some(number) if taken.contains(&(protocol, number)) => return Err(has_it(number)),
            Some(number) => number,
            None => free(protocol, &taken)?,
        };
        taken.insert((protocol, host_port));
        rows.push(Published { port: wish.port, host_port });
    }
    Ok(rows)
}

/// What is asked for, then what the image serves besides.
fn wishes(container: &Container, exposed: &[Port]) -> Vec<Publish> {
    let mut wishes = container.publish.clone();
    for port in exposed.iter().filter(|_| container.publish_exposed) {
        if !wishes.iter().any(|wish| wish.port == *port) {
            wishes.push(Publish { port: *port, host_port: None });
        }
    }
    wishes
}

fn has_it(number: u16) -> Error {
    Error::conflict(format!("Port {number} of the host is taken by another container."))
}

fn free(protocol: Protocol, taken: &BTreeSet<HostPort>) -> Result<u16> {
    let first = rand::rng().random_range(HOST_PORTS);
    let mut numbers = (first..=*HOST_PORTS.end()).chain(*HOST_PORTS.start()..first);
    numbers
        .find(|number| !taken.contains(&(protocol, *number)))
        .ok_or_else(|| Error::conflict("No port of the host is free for another container."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(number: u16) -> Port {
        Port { number, protocol: Protocol::Tcp }
    }

    #[test]
    fn ports_come_from_the_wish_the_image_and_the_range() {
        let publish = vec![Publish { port: port(80), host_port: Some(8080) }];
        let container = Container { publish, publish_exposed: true, ..Container::default() };
        let exposed = [port(80), port(443)];
        let rows = published(&container, &exposed, &BTreeSet::new()).unwrap();
        assert_eq!((rows[0].port, rows[0].host_port), (port(80), 8080));
        assert!(rows.len() == 2 && HOST_PORTS.contains(&rows[1].host_port), "{rows:?}");

        let taken = BTreeSet::from([(Protocol::Tcp, 8080)]);
        let refused = published(&container, &exposed, &taken).unwrap_err();
        assert_eq!(refused.public, "Port 8080 of the host is taken by another container.");
    }

    #[test]
    fn the_last_free_port_is_found_and_no_other() {
        let all = HOST_PORTS.map(|number| (Protocol::Tcp, number));
        let mut taken: BTreeSet<HostPort> = all.collect();
        assert!(free(Protocol::Tcp, &taken).is_err());
        taken.remove(&(Protocol::Tcp, 23_456));
        assert_eq!(free(Protocol::Tcp, &taken).unwrap(), 23_456);
        assert!(free(Protocol::Udp, &taken).is_ok());
    }

    #[test]
    fn memory_is_rounded_up_and_has_a_default() {
        let ram = |memory_bytes| {
            flavor(&Container { memory_bytes, ..Container::default() }, Time(0)).ram_mb
        };
        assert_eq!((ram(0), ram(1), ram(64 << 20)), (512, 1, 64));
    }
}
