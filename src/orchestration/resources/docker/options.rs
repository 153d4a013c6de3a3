//! The properties of the Docker resource → what compute makes a container of.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::ParseIntError;

use compute::facade::{Container, Publish};
use kit::engine::{Bind, ContainerSpec, Device, Port, Restart};
use kit::error::{Error, Result};
use kit::ids::ServerId;
use network::facade::{nics_of, server_of_address};
use serde_json::{Map, Value};

use super::{Era, with_delegate};
use crate::resources::Act;

/// The properties under one of the names.
#[derive(Clone, Copy)]
pub(super) struct Wish<'a> {
    pub(super) properties: &'a Map<String, Value>,
    pub(super) era: Era,
}

impl<'a> Wish<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.properties.get(&self.era.spelled(name)).filter(|value| !value.is_null())
    }

    /// A text that is there.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.value(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn flag(&self, name: &str) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn number(&self, name: &str) -> u64 {
        self.value(name).and_then(Value::as_u64).unwrap_or(0)
    }

    fn items(&self, name: &str) -> impl Iterator<Item = &'a Value> {
        self.value(name).and_then(Value::as_array).into_iter().flatten()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        self.items(name).map(plain).collect()
    }

    fn pairs(&self, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.value(name).and_then(Value::as_object).into_iter().flatten()
    }
}

/// A value as a text, as Python's `str` has it for what stands in such lists.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What is wrong with the value of a property.
fn wrong(property: &str, value: &str, why: &str) -> Error {
    Error::bad_request(format!("Property {property}: {value}: {why}"))
}

/// All of it.
pub(super) fn container(act: &Act<'_>, wish: &Wish<'_>) -> Result<Container> {
    let beside = neighbour(act, wish)?;
    let command = wish.texts("cmd");
    let (volumes, binds) = volumes(wish)?;
    Ok(Container {
        command: (!command.is_empty()).then_some(command),
        environment: environment(wish),
        memory_bytes: wish.number("memory"),
        publish: publish(wish, beside.is_some())?,
        publish_exposed: wish.era.is_behind_gateway(),
        binds,
        volumes_from: volumes_from(act, wish)?,
        spec: ContainerSpec {
            user: wish.text("user").unwrap_or_default().to_owned(),
            tty: wish.flag("tty"),
            open_stdin: wish.flag("open_stdin"),
            stdin_once: wish.flag("stdin_once"),
            restart: restart(wish),
            read_only: wish.flag("read_only"),
            dns: dns(wish)?,
            extra_hosts: links(act, wish)?,
            volumes,
            cpu_shares: u32::try_from(wish.number("cpu_shares")).unwrap_or(u32::MAX),
            cpu_set: wish.text("cpu_set").unwrap_or_default().to_owned(),
            capabilities: wish.texts("cap_add"),
            capabilities_dropped: wish.texts("cap_drop"),
            privileged: wish.flag("privileged"),
            devices: wish.items("devices").map(device).collect(),
            ..ContainerSpec::default()
        },
        beside,
    })
}

/// `NAME=value`; a name alone is empty.
fn environment(wish: &Wish<'_>) -> BTreeMap<String, String> {
    let pair = |text: String| match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (text, String::new()),
    };
    wish.texts("env").into_iter().map(pair).collect()
}

/// The server that `docker_endpoint` leads to: nobody else's daemon is spoken to, so a container
/// that should be in a server is made beside it. The local daemon is the one that is there.
fn neighbour(act: &Act<'_>, wish: &Wish<'_>) -> Result<Option<ServerId>> {
    let Some(endpoint) = wish.text("docker_endpoint") else { return Ok(None) };
    let Some(host) = remote_host(endpoint) else { return Ok(None) };
    let found = match host.parse::<IpAddr>() {
        Ok(address) => server_of_address(act.hand.connection, address)?
            .filter(|(_, project)| Some(project) == act.caller.project())
            .map(|(server, _)| server),
        Err(_) => with_delegate(act, |delegate| delegate.find_server(host))?,
    };
    let refused = || {
        let sentence = format!("The Docker endpoint {endpoint} is no server of this project.");
        Error::forbidden(sentence)
    };
    found.map(Some).ok_or_else(refused)
}

/// The host of an endpoint that is not the local daemon.
fn remote_host(endpoint: &str) -> Option<&str> {
    let (scheme, rest) = endpoint.split_once("://").unwrap_or(("tcp", endpoint));
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    };
    let is_local = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    (scheme != "unix" && host != "localhost" && !is_local).then_some(host)
}

/// The ports that the host shows. The first two names publish `port_specs`; the last only
/// `port_bindings`, for what its `port_specs` names can be reached without.
fn publish(wish: &Wish<'_>, is_beside: bool) -> Result<Vec<Publish>> {
    let mut rows: Vec<Publish> = Vec::new();
    if wish.era.is_behind_gateway() || is_beside {
        for text in wish.texts("port_specs") {
            let row = port_spec(&text).ok_or_else(|| wrong("port_specs", &text, "is no port"));
            rows.push(row?);
        }
    }
    for (port, host) in wish.pairs("port_bindings") {
        let row = binding(port, host).ok_or_else(|| wrong("port_bindings", port, "is no binding"));
        let row = row?;
        if is_beside && row.host_port.is_some_and(|number| number != row.port.number) {
            let why = "beside a server, a port has the number that it has in the container";
            return Err(wrong("port_bindings", port, why));
        }
        rows.retain(|other| other.port != row.port);
        rows.push(row);
    }
    Ok(rows)
}

/// Whether it has ports that no other can have at the same time: the host's, by their numbers, or
/// those of the server beside which it is.
pub(super) fn holds_ports(wish: &Wish<'_>) -> bool {
    let is_beside = wish.text("docker_endpoint").and_then(remote_host).is_some();
    let is_numbered = |rows: Vec<Publish>| rows.iter().any(|row| row.host_port.is_some());
    is_beside || publish(wish, false).is_ok_and(is_numbered)
}

/// `80`, `8080:80`, `127.0.0.1:8080:80`, each with a protocol at its end.
fn port_spec(text: &str) -> Option<Publish> {
    let (host, own) = text.rsplit_once(':').unwrap_or(("", text));
    Some(Publish { port: Port::parse(own)?, host_port: host_port(host).ok()? })
}

/// `80: 8080`, `53/udp: 5353`, `80: 127.0.0.1:8080`; without a number any will do.
fn binding(port: &str, host: &Value) -> Option<Publish> {
    let port = Port::parse(port)?;
    let text = if host.is_null() { String::new() } else { plain(host) };
    Some(Publish { port, host_port: host_port(&text).ok()? })
}

/// The number at the end of `127.0.0.1:8080`; none where there is nothing, or nothing after an
/// address.
fn host_port(text: &str) -> Result<Option<u16>, ParseIntError> {
    let number = text.rsplit(':').next().filter(|number| !number.is_empty());
    number.map(str::parse).transpose()
}

fn dns(wish: &Wish<'_>) -> Result<Vec<IpAddr>> {
    let parse =
        |text: String| text.parse().map_err(|_| wrong("dns", &text, "is no address of a server"));
    wish.texts("dns").into_iter().map(parse).collect()
}

/// Directories with a volume of their own, and directories of the host.
fn volumes(wish: &Wish<'_>) -> Result<(Vec<String>, Vec<Bind>)> {
    let (mut own, mut binds) = (Vec::new(), Vec::new());
    for (path, to) in wish.pairs("volumes") {
        if !path.starts_with('/') {
            return Err(wrong("volumes", path, "there are no volumes with names"));
        }
        let member = |name: &str| to.get(name).and_then(Value::as_str);
        let text = to.as_str().or_else(|| member("bind")).unwrap_or_default();
        if text.is_empty() {
            own.push(path.clone());
            continue;
        }
        let (target, mode) = text.split_once(':').unwrap_or((text, "rw"));
        let read_only = to.get("ro").and_then(Value::as_bool).unwrap_or(false)
            || member("mode").unwrap_or(mode).split(',').any(|word| word == "ro");
        binds.push(Bind { source: path.clone(), target: target.to_owned(), read_only });
    }
    Ok((own, binds))
}

/// A text in the early forms, a list in the last.
fn volumes_from(act: &Act<'_>, wish: &Wish<'_>) -> Result<Vec<ServerId>> {
    let one = wish.text("volumes_from").map(str::to_owned);
    let names = one.into_iter().chain(wish.texts("volumes_from"));
    names.map(|name| find_container(act, &name)).collect()
}

fn find_container(act: &Act<'_>, name: &str) -> Result<ServerId> {
    with_delegate(act, |delegate| delegate.find_server(name))?.ok_or_else(|| {
        let sentence = format!("The Container ({name}) could not be found.");
        Error::not_found(sentence).tag("EntityNotFound")
    })
}

/// Other containers' addresses under names of one's own.
fn links(act: &Act<'_>, wish: &Wish<'_>) -> Result<Vec<(String, IpAddr)>> {
    let mut hosts = Vec::new();
    for (name, alias) in wish.pairs("links") {
        let id = find_container(act, name)?;
        let nics = nics_of(act.hand.connection, &id)?;
        let address = nics.first().and_then(|nic| nic.addresses.first());
        let (address, _) = address.ok_or_else(|| wrong("links", name, "has no address yet"))?;
        let alias = alias.as_str().filter(|alias| !alias.is_empty()).unwrap_or(name);
        hosts.push((alias.to_owned(), *address));
    }
    Ok(hosts)
}

fn restart(wish: &Wish<'_>) -> Restart {
    let policy = wish.value("restart_policy");
    let most = policy.and_then(|policy| policy.get("MaximumRetryCount")).and_then(Value::as_u64);
    match policy.and_then(|policy| policy.get("Name")).and_then(Value::as_str) {
        Some("always") => Restart::Always,
        Some("on-failure") => {
            Restart::OnFailure(u32::try_from(most.unwrap_or(0)).unwrap_or(u32::MAX))
        }
        Some(_) | None => Restart::Never,
    }
}

fn device(device: &Value) -> Device {
    let text = |name: &str| {
        device.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let source = text("path_on_host").unwrap_or_default();
    Device {
        target: text("path_in_container").unwrap_or_else(|| source.clone()),
        permissions: text("permissions").unwrap_or_else(|| "rwm".to_owned()),
        source,
    }
}

#[cfg(test)]
mod tests {
    use kit::engine::Protocol;
    use serde_json::json;

    use super::*;

    fn tcp(number: u16, host_port: Option<u16>) -> Publish {
        Publish { port: Port { number, protocol: Protocol::Tcp }, host_port }
    }

    #[test]
    fn ports_are_read_in_every_form() {
        assert_eq!(port_spec("80"), Some(tcp(80, None)));
        assert_eq!(port_spec("127.0.0.1:8080:80/tcp"), Some(tcp(80, Some(8080))));
        assert_eq!(port_spec("web"), None);
        assert_eq!(binding("80", &json!(8080)), Some(tcp(80, Some(8080))));
        assert_eq!(binding("80/tcp", &json!("0.0.0.0:81")), Some(tcp(80, Some(81))));
        assert_eq!(binding("80", &Value::Null), Some(tcp(80, None)));
        assert_eq!(binding("80", &json!({"HostPort": 1})), None);
    }

    #[test]
    fn the_local_daemon_is_nobodys_server() {
        for local in ["unix:///var/run/docker.sock", "tcp://localhost:2375", "http://127.0.0.1:1"] {
            assert_eq!(remote_host(local), None, "{local}");
        }
        assert_eq!(remote_host("tcp://10.0.0.5:2375"), Some("10.0.0.5"));
        assert_eq!(remote_host("http://[fd00::1]:2375/v1"), Some("fd00::1"));
        assert_eq!(remote_host("10.0.0.5:2375"), Some("10.0.0.5"));
    }

    #[test]
    fn a_path_without_a_place_is_a_volume_and_with_one_the_hosts() {
        let properties = json!({"volumes": {
            "/data": {}, "/etc": "/host:ro", "/srv": {"bind": "/srv", "ro": false}}});
        let wish = Wish { properties: properties.as_object().unwrap(), era: Era::Current };
        let (own, binds) = volumes(&wish).unwrap();
        assert_eq!(own, ["/data"]);
        let bind = |source: &str, target: &str, read_only| Bind {
            source: source.into(),
            target: target.into(),
            read_only,
        };
        assert_eq!(binds, [bind("/etc", "/host", true), bind("/srv", "/srv", false)]);
    }
}
