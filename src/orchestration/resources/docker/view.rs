//! What is told of a container, and what compute is told to make it.

use std::net::IpAddr;

use kit::engine::{Protocol, Published};
use serde_json::{Map, Value, json};

use super::{Era, Facts};

/// The body of `POST /servers`.
pub(super) fn server(name: &str, image: &str, hostname: Option<&str>) -> Value {
    let hostname = hostname.map(|hostname| ("hostname".to_owned(), Value::from(hostname)));
    let named = [("name", name), ("imageRef", image)];
    let named = named.map(|(key, value)| (key.to_owned(), Value::from(value)));
    let server: Map<String, Value> = named.into_iter().chain(hostname).collect();
    json!({"server": server})
}

/// As Docker's inspection, as far as it can be known.
pub(super) fn info(facts: &Facts, era: Era) -> Value {
    let (server, container) = (&facts.server, &facts.container);
    let environment = container.environment.iter();
    json!({
        "Id": facts.said("engine_id"),
        "Name": format!("/{}", server.name),
        "Created": server.created_at.iso_micro_z(),
        "Image": server.image_id,
        "Config": {
            "Hostname": server.hostname,
            "User": container.spec.user,
            "Tty": container.spec.tty,
            "OpenStdin": container.spec.open_stdin,
            "StdinOnce": container.spec.stdin_once,
            "Env": environment.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>(),
            "Cmd": container.command,
        },
        "HostConfig": {
            "Memory": server.flavor.ram_mb << 20,
            "CpuShares": container.spec.cpu_shares,
            "CpusetCpus": container.spec.cpu_set,
            "ReadonlyRootfs": container.spec.read_only,
            "CapAdd": container.spec.capabilities,
            "CapDrop": container.spec.capabilities_dropped,
        },
        "State": {
            "Running": facts.said("running"),
            "ExitCode": facts.said("exit_code"),
            "StartedAt": facts.said("started_at"),
        },
        "NetworkSettings": network_info(facts, era),
    })
}

/// As Docker's network settings, with the lists of ports that Heat adds.
pub(super) fn network_info(facts: &Facts, era: Era) -> Value {
    let address = |address: Option<IpAddr>| address.map(|address| address.to_string());
    let nic = facts.nics.first();
    let mut settings = json!({
        "IPAddress": address(facts.address()),
        "Gateway": address(facts.gateway()),
        "MacAddress": nic.map(|nic| nic.mac.as_str()),
        "Bridge": nic.map(|nic| nic.network_name.as_str()),
        "Ports": ports(facts),
        "TcpPorts": facts.host_ports(Protocol::Tcp),
        "UdpPorts": facts.host_ports(Protocol::Udp),
    });
    if let (Era::First, Some(members)) = (era, settings.as_object_mut()) {
        let mapping =
            json!({"Tcp": mapping(facts, Protocol::Tcp), "Udp": mapping(facts, Protocol::Udp)});
        members.insert("PortMapping".to_owned(), mapping);
    }
    settings
}

/// `{"80/tcp": [{"HostIp": …, "HostPort": "8080"}]}`
fn ports(facts: &Facts) -> Map<String, Value> {
    let shown = |row: &Published| {
        let place = json!([{"HostIp": "0.0.0.0", "HostPort": row.host_port.to_string()}]);
        (row.port.to_string(), place)
    };
    facts.container.spec.published.iter().map(shown).collect()
}

/// `{"80": "8080"}`, as Docker had it when the first plug-in was written.
fn mapping(facts: &Facts, protocol: Protocol) -> Map<String, Value> {
    let rows = facts.container.spec.published.iter();
    let own = rows.filter(|row| row.port.protocol == protocol);
    own.map(|row| (row.port.number.to_string(), row.host_port.to_string().into())).collect()
}
