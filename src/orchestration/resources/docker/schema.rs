//! The properties and attributes of the Docker resource, by its names.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::Era;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Rule, Schema};

const CAPABILITIES: &[&str] = &[
    "SETPCAP",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "NET_ADMIN",
    "SYSLOG",
    "CHOWN",
    "NET_RAW",
    "DAC_OVERRIDE",
    "FOWNER",
    "DAC_READ_SEARCH",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_BOOT",
    "LEASE",
    "SETFCAP",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "ALL",
];
const PERMISSIONS: &[&str] = &["r", "w", "m", "rw", "rm", "wm", "rwm"];

/// What the type takes under a name.
pub(super) fn properties(era: Era) -> Schema {
    let own = if era == Era::Current { current() } else { early() };
    let spelled = |property: Property| {
        let name = era.spelled(&property.name);
        property.named(&name)
    };
    Schema::of(common().into_iter().chain(own).map(spelled))
}

#[rustfmt::skip] // a row is a line
fn common() -> Vec<Property> {
    vec![
        Property::string("docker_endpoint").described("Docker daemon endpoint (by default the local docker daemon will be used)."),
        Property::string("hostname").default("").described("Hostname of the container."),
        Property::string("user").default("").described("Username or UID."),
        Property::integer("memory").default(0).range(0, 1 << 50).described("Memory limit (Bytes)."),
        Property::list("port_specs").described("TCP/UDP ports mapping."),
        Property::boolean("privileged").default(false).described("Enable extended privileges."),
        Property::boolean("tty").default(false).described("Allocate a pseudo-tty."),
        Property::boolean("open_stdin").default(false).described("Open stdin."),
        Property::boolean("stdin_once").default(false).described("If true, close stdin after the 1 attached client disconnects."),
        Property::list("env").described("Set environment variables."),
        Property::list("cmd").default(Vec::<Value>::new()).described("Command to run after spawning the container."),
        Property::list("dns").described("Set custom dns servers."),
        Property::string("image").required().custom("docker.image").described("Image name."),
        Property::map("volumes").default(Map::new()).described("Create a bind mount."),
    ]
}

#[rustfmt::skip] // a row is a line
fn early() -> Vec<Property> {
    vec![
        Property::boolean("attach_stdin").default(false).described("Attach to the process' standard input."),
        Property::boolean("attach_stdout").default(true).described("Attach to the process' standard output."),
        Property::boolean("attach_stderr").default(true).described("Attach to the process' standard error."),
        Property::string("volumes_from").default("").described("Mount all specified volumes."),
    ]
}

#[rustfmt::skip] // a row is a line
fn current() -> Vec<Property> {
    let capability = || Property::string("*").allowed(CAPABILITIES.iter().copied()).described("The security features provided by Linux kernels.");
    vec![
        Property::list("volumes_from").default(Vec::<Value>::new()).described("Mount all specified volumes."),
        Property::map("port_bindings").described("TCP/UDP ports bindings."),
        Property::map("links").described("Links to other containers."),
        Property::string("name").described("Name of the container."),
        Property::map("restart_policy").default(Map::new()).with([
            Property::string("Name").default("no").allowed(["no", "on-failure", "always"]).described("The behavior to apply when the container exits."),
            Property::integer("MaximumRetryCount").default(0).described("A maximum restart count for the on-failure policy."),
        ]).described("Restart policies (only supported for API version >= 1.2.0)."),
        Property::list("cap_add").default(Vec::<Value>::new()).of(capability()).described("Be used to add kernel capabilities (only supported for API version >= 1.2.0)."),
        Property::list("cap_drop").default(Vec::<Value>::new()).of(capability()).described("Be used to drop kernel capabilities (only supported for API version >= 1.2.0)."),
        Property::boolean("read_only").default(false).described("If true, mount the container's root filesystem as read only (only supported for API version >= 1.17)."),
        Property::integer("cpu_shares").default(0).described("Relative weight which determines the allocation of the CPU processing power(only supported for API version >= 1.8)."),
        Property::list("devices").default(Vec::<Value>::new()).of(Property::map("*").with([
            device("path_on_host", "The device path on the host.").required(),
            device("path_in_container", "The device path of the container mappings to the host."),
            Property::string("permissions").default("rwm").allowed(PERMISSIONS.iter().copied()).described("The permissions of the container to read/write/create the devices."),
        ])).described("Device mappings (only supported for API version >= 1.14)."),
        Property::string("cpu_set").described("The CPUs in which to allow execution (only supported for API version >= 1.12)."),
    ]
}

fn device(name: &str, description: &str) -> Property {
    let property = Property::string(name).length(0, 255).described(description);
    match Rule::allowed_pattern(&r"^/dev/[/_\-a-zA-Z0-9]+$".into()) {
        Ok(pattern) => property.demanding(pattern),
        Err(_) => property,
    }
}

/// Names as the later forms spell them, and what they are.
const DESCRIBED: &[(&str, &str)] = &[
    ("info", "Container info."),
    ("network_info", "Container network info."),
    ("network_ip", "Container ip address."),
    ("network_gateway", "Container ip gateway."),
    ("network_tcp_ports", "Container TCP ports."),
    ("network_udp_ports", "Container UDP ports."),
    ("logs", "Container logs."),
    ("logs_head", "Container first logs line."),
    ("logs_tail", "Container last logs line."),
];

/// What the type shows under a name.
pub(super) fn attributes(era: Era) -> &'static [Attribute] {
    static FIRST: LazyLock<Vec<Attribute>> = LazyLock::new(|| rows(Era::First));
    static CONTRIBUTED: LazyLock<Vec<Attribute>> = LazyLock::new(|| rows(Era::Contributed));
    static CURRENT: LazyLock<Vec<Attribute>> = LazyLock::new(|| rows(Era::Current));
    match era {
        Era::First => &FIRST,
        Era::Contributed => &CONTRIBUTED,
        Era::Current => &CURRENT,
    }
}

fn rows(era: Era) -> Vec<Attribute> {
    // Once the address was the gateway's, and had no other name.
    let had = |name: &str| name != "network_gateway" || era == Era::Current;
    let row = |(name, description): &(&'static str, &'static str)| Attribute {
        name: if era.is_camel() { era.spelled(name).leak() } else { name },
        kind: "",
        description,
    };
    let named = DESCRIBED.iter().filter(|(name, _)| had(name));
    named.map(row).chain([SHOW_ROW]).collect()
}
