//! An instance's specification → what Docker is asked to make. Pure.

use std::collections::HashMap;
use std::net::IpAddr;

use bollard::models::{
    ContainerCreateBody, ContainerUpdateBody, DeviceMapping, EndpointIpamConfig, EndpointSettings,
    HostConfig, HostConfigLogConfig, Mount, NetworkingConfig, PortBinding, RestartPolicy,
    RestartPolicyNameEnum,
};
use kit::engine::{
    Attachment, Bind, ContainerSpec, Device, InstanceSpec, Limits, Published, Restart,
};
use kit::ids::InstallationId;

use crate::names::{LABEL_GUARDED, LABEL_INTERFACES, NO_NETWORK, marked};

/// CPU time is given out in slices of this length. A quota of so many slices and not Docker's
/// "CPUs": those are refused when the host has fewer, and clouds promise more than they have.
pub(crate) const CPU_PERIOD_US: i64 = 100_000;
/// The console keeps this much per file, in two files.
const LOG_FILE_SIZE: &str = "4m";

/// The body of a create. Only the first attachment is in it; Docker takes no more at once before
/// API 1.44, the others are connected afterwards. A machine has `views` in its `/proc`.
pub(crate) fn container(
    installation: &InstallationId,
    spec: &InstanceSpec,
    disk_limits: bool,
    views: Vec<Mount>,
) -> ContainerCreateBody {
    let first = spec.attachments.first();
    let own = spec.container.as_ref();
    let is_machine = own.is_none();
    let networking = first.map(|attachment| NetworkingConfig {
        endpoints_config: Some(HashMap::from([(
            attachment.network.clone(),
            // The way out, where an engine can be told which it is; see `way_out.rs`.
            EndpointSettings { gw_priority: Some(1), ..endpoint(attachment) },
        )])),
    });
    // Docker refuses a name of its own to what shares somebody's network, and the name with it.
    let is_beside = own.is_some_and(|own| own.beside.is_some());
    let named = !spec.hostname.is_empty() && !is_beside;
    ContainerCreateBody {
        image: Some(spec.image.clone()),
        hostname: named.then(|| spec.hostname.clone()),
        user: own.map(|own| own.user.clone()).filter(|user| !user.is_empty()),
        cmd: spec.command.clone(),
        env: Some(pairs(&spec.environment)),
        labels: Some(labels(installation, spec)),
        // With a terminal, an image whose command is a shell stays up, as a machine would.
        tty: Some(is_machine || own.is_some_and(|own| own.tty)),
        open_stdin: Some(is_machine || own.is_some_and(|own| own.open_stdin)),
        stdin_once: own.map(|own| own.stdin_once),
        volumes: own.map(|own| own.volumes.clone()),
        exposed_ports: own.filter(|_| !is_beside).map(exposed),
        host_config: Some(host_config(spec, disk_limits, views)),
        networking_config: networking,
        ..ContainerCreateBody::default()
    }
}

fn labels(installation: &InstallationId, spec: &InstanceSpec) -> HashMap<String, String> {
    let mut labels = marked(installation, &spec.labels);
    let interfaces = spec.attachments.iter().map(|one| format!("{}={}", one.network, one.mac));
    labels.insert(LABEL_INTERFACES.to_owned(), interfaces.collect::<Vec<_>>().join(","));
    if spec.guarded {
        labels.insert(LABEL_GUARDED.to_owned(), String::new());
    }
    labels
}

fn host_config(spec: &InstanceSpec, disk_limits: bool, views: Vec<Mount>) -> HostConfig {
    let cpu = cpu(&spec.limits);
    let memory = memory(&spec.limits);
    let disk = (disk_limits && spec.limits.disk_bytes > 0)
        .then(|| HashMap::from([("size".to_owned(), spec.limits.disk_bytes.to_string())]));
    let own = spec.container.as_ref();
    HostConfig {
        cpu_period: cpu.map(|_| CPU_PERIOD_US),
        cpu_quota: cpu,
        memory,
        memory_swap: memory,
        storage_opt: disk,
        network_mode: Some(network_mode(spec)),
        binds: Some(spec.binds.iter().map(bind).collect()),
        mounts: own.is_none().then_some(views),
        restart_policy: Some(restart_policy(own.map(|own| own.restart).unwrap_or_default())),
        log_config: Some(HostConfigLogConfig {
            typ: Some("json-file".to_owned()),
            config: Some(HashMap::from([
                ("max-size".to_owned(), LOG_FILE_SIZE.to_owned()),
                ("max-file".to_owned(), "2".to_owned()),
            ])),
        }),
        ..own.map(own_ways).unwrap_or_default()
    }
}

fn exposed(own: &ContainerSpec) -> Vec<String> {
    own.published.iter().map(|row| row.port.to_string()).collect()
}

fn network_mode(spec: &InstanceSpec) -> String {
    match spec.container.as_ref().and_then(|own| own.beside.as_ref()) {
        Some(neighbour) => format!("container:{neighbour}"),
        None => spec.attachments.first().map_or(NO_NETWORK, |first| &first.network).to_owned(),
    }
}

/// What a plain container has and a machine has not.
fn own_ways(own: &ContainerSpec) -> HostConfig {
    let texts = |list: &[String]| Some(list.to_vec()).filter(|list| !list.is_empty());
    let hosts = own.extra_hosts.iter().map(|(name, address)| format!("{name}:{address}"));
    let network = if own.beside.is_some() {
        HostConfig::default()
    } else {
        HostConfig {
            port_bindings: Some(own.published.iter().copied().map(binding).collect()),
            dns: Some(own.dns.iter().map(ToString::to_string).collect()),
            extra_hosts: Some(hosts.collect()),
            ..HostConfig::default()
        }
    };
    HostConfig {
        volumes_from: texts(&own.volumes_from),
        readonly_rootfs: Some(own.read_only),
        cpu_shares: (own.cpu_shares > 0).then(|| i64::from(own.cpu_shares)),
        cpuset_cpus: Some(own.cpu_set.clone()).filter(|set| !set.is_empty()),
        cap_add: texts(&own.capabilities),
        cap_drop: texts(&own.capabilities_dropped),
        privileged: Some(own.privileged),
        devices: Some(own.devices.iter().map(device).collect()),
        ..network
    }
}

fn binding(row: Published) -> (String, Option<Vec<PortBinding>>) {
    let host = PortBinding { host_ip: None, host_port: Some(row.host_port.to_string()) };
    (row.port.to_string(), Some(vec![host]))
}

fn device(device: &Device) -> DeviceMapping {
    DeviceMapping {
        path_on_host: Some(device.source.clone()),
        path_in_container: Some(device.target.clone()),
        cgroup_permissions: Some(device.permissions.clone()),
    }
}

fn restart_policy(restart: Restart) -> RestartPolicy {
    let (name, most) = match restart {
        Restart::Never => (RestartPolicyNameEnum::NO, None),
        Restart::OnFailure(most) => (RestartPolicyNameEnum::ON_FAILURE, Some(i64::from(most))),
        // Not Docker's "always", which starts what was stopped when the engine starts.
        Restart::Always => (RestartPolicyNameEnum::UNLESS_STOPPED, None),
    };
    RestartPolicy { name: Some(name), maximum_retry_count: most }
}

/// The body of an update. What is not in it stays as it was.
pub(crate) fn update(limits: &Limits) -> ContainerUpdateBody {
    let (cpu, memory) = (cpu(limits), memory(limits));
    ContainerUpdateBody {
        cpu_period: cpu.map(|_| CPU_PERIOD_US),
        cpu_quota: cpu,
        memory,
        memory_swap: memory,
        ..ContainerUpdateBody::default()
    }
}

fn cpu(limits: &Limits) -> Option<i64> {
    (limits.vcpus > 0).then(|| i64::from(limits.vcpus) * CPU_PERIOD_US)
}

fn memory(limits: &Limits) -> Option<i64> {
    i64::try_from(limits.memory_bytes).ok().filter(|bytes| *bytes > 0)
}

fn bind(bind: &Bind) -> String {
    let mode = if bind.read_only { "ro" } else { "rw" };
    // Docker fills a volume that looks empty with what the image has at its place.
    let copies = if bind.source.starts_with('/') { "" } else { ",nocopy" };
    format!("{}:{}:{mode}{copies}", bind.source, bind.target)
}

/// `NAME=value` lines.
pub(crate) fn pairs<'a>(
    variables: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Vec<String> {
    variables.into_iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// An interface.
pub(crate) fn endpoint(attachment: &Attachment) -> EndpointSettings {
    let of = |family: fn(&IpAddr) -> bool| {
        attachment.addresses.iter().find(|address| family(address)).map(ToString::to_string)
    };
    EndpointSettings {
        ipam_config: Some(EndpointIpamConfig {
            ipv4_address: of(IpAddr::is_ipv4),
            ipv6_address: of(IpAddr::is_ipv6),
            link_local_ips: None,
        }),
        mac_address: Some(attachment.mac.clone()).filter(|mac| !mac.is_empty()),
        ..EndpointSettings::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> InstanceSpec {
        InstanceSpec {
            name: "nova-1".into(),
            image: "tiny".into(),
            limits: Limits { vcpus: 2, memory_bytes: 64 << 20, disk_bytes: 1 << 30 },
            ..InstanceSpec::default()
        }
    }

    #[test]
    fn memory_is_hard_and_without_swap() {
        let host = container(&"one".into(), &spec(), false, Vec::new()).host_config.unwrap();
        assert_eq!((host.memory, host.memory_swap), (Some(64 << 20), Some(64 << 20)));
        assert_eq!((host.cpu_period, host.cpu_quota), (Some(100_000), Some(200_000)));
        assert_eq!(host.storage_opt, None);
        assert_eq!(host.network_mode.as_deref(), Some("none"));
    }

    #[test]
    fn a_disk_limit_is_set_where_it_holds() {
        let host = container(&"one".into(), &spec(), true, Vec::new()).host_config.unwrap();
        assert_eq!(host.storage_opt.unwrap()["size"], "1073741824");
    }

    #[test]
    fn what_shares_a_network_has_none_and_no_name() {
        let own = ContainerSpec { beside: Some("nova-2".into()), ..ContainerSpec::default() };
        let spec = InstanceSpec { container: Some(own), hostname: "web".into(), ..spec() };
        let body = container(&"one".into(), &spec, false, Vec::new());
        assert_eq!((body.hostname, body.tty), (None, Some(false)));
        let mode = body.host_config.unwrap().network_mode;
        assert_eq!(mode.as_deref(), Some("container:nova-2"));
    }

    #[test]
    fn no_limit_is_no_limit() {
        let free = InstanceSpec { limits: Limits::default(), ..spec() };
        let host = container(&"one".into(), &free, true, Vec::new()).host_config.unwrap();
        assert_eq!((host.memory, host.cpu_quota, host.storage_opt), (None, None, None));
    }
}
