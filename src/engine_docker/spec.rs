//! An instance's specification → what Docker is asked to make. Pure.

use std::collections::HashMap;
use std::net::IpAddr;

use bollard::models::{
    ContainerCreateBody, ContainerUpdateBody, EndpointIpamConfig, EndpointSettings, HostConfig,
    HostConfigLogConfig, NetworkingConfig, RestartPolicy, RestartPolicyNameEnum,
};
use kit::engine::{Attachment, Bind, InstanceSpec, Limits};
use kit::ids::InstallationId;

use crate::names::{LABEL_INTERFACES, NO_NETWORK, marked};

/// CPU time is given out in slices of this length. A quota of so many slices and not Docker's
/// "CPUs": those are refused when the host has fewer, and clouds promise more than they have.
pub(crate) const CPU_PERIOD_US: i64 = 100_000;
/// The console keeps this much per file, in two files.
const LOG_FILE_SIZE: &str = "4m";

/// The body of a create. Only the first attachment is in it; Docker takes no more at once before
/// API 1.44, the others are connected afterwards.
pub(crate) fn container(
    installation: &InstallationId,
    spec: &InstanceSpec,
    disk_limits: bool,
) -> ContainerCreateBody {
    let first = spec.attachments.first();
    let networking = first.map(|attachment| NetworkingConfig {
        endpoints_config: Some(HashMap::from([(
            attachment.network.clone(),
            // The way out, where an engine can be told which it is; see `way_out.rs`.
            EndpointSettings { gw_priority: Some(1), ..endpoint(attachment) },
        )])),
    });
    ContainerCreateBody {
        image: Some(spec.image.clone()),
        hostname: Some(spec.hostname.clone()).filter(|hostname| !hostname.is_empty()),
        cmd: spec.command.clone(),
        env: Some(pairs(&spec.environment)),
        labels: Some(labels(installation, spec)),
        // With a terminal, an image whose command is a shell stays up, as a machine would.
        tty: Some(true),
        open_stdin: Some(true),
        host_config: Some(host_config(spec, disk_limits)),
        networking_config: networking,
        ..ContainerCreateBody::default()
    }
}

fn labels(installation: &InstallationId, spec: &InstanceSpec) -> HashMap<String, String> {
    let mut labels = marked(installation, &spec.labels);
    let interfaces = spec.attachments.iter().map(|one| format!("{}={}", one.network, one.mac));
    labels.insert(LABEL_INTERFACES.to_owned(), interfaces.collect::<Vec<_>>().join(","));
    labels
}

fn host_config(spec: &InstanceSpec, disk_limits: bool) -> HostConfig {
    let cpu = cpu(&spec.limits);
    let memory = memory(&spec.limits);
    let disk = (disk_limits && spec.limits.disk_bytes > 0)
        .then(|| HashMap::from([("size".to_owned(), spec.limits.disk_bytes.to_string())]));
    let network = spec.attachments.first().map_or(NO_NETWORK, |attachment| &attachment.network);
    HostConfig {
        cpu_period: cpu.map(|_| CPU_PERIOD_US),
        cpu_quota: cpu,
        memory,
        memory_swap: memory,
        storage_opt: disk,
        network_mode: Some(network.to_owned()),
        binds: Some(spec.binds.iter().map(bind).collect()),
        restart_policy: Some(RestartPolicy {
            name: Some(RestartPolicyNameEnum::NO),
            maximum_retry_count: None,
        }),
        log_config: Some(HostConfigLogConfig {
            typ: Some("json-file".to_owned()),
            config: Some(HashMap::from([
                ("max-size".to_owned(), LOG_FILE_SIZE.to_owned()),
                ("max-file".to_owned(), "2".to_owned()),
            ])),
        }),
        ..HostConfig::default()
    }
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
    format!("{}:{}:{mode}", bind.source, bind.target)
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
        let host = container(&"one".into(), &spec(), false).host_config.unwrap();
        assert_eq!((host.memory, host.memory_swap), (Some(64 << 20), Some(64 << 20)));
        assert_eq!((host.cpu_period, host.cpu_quota), (Some(100_000), Some(200_000)));
        assert_eq!(host.storage_opt, None);
        assert_eq!(host.network_mode.as_deref(), Some("none"));
    }

    #[test]
    fn a_disk_limit_is_set_where_it_holds() {
        let host = container(&"one".into(), &spec(), true).host_config.unwrap();
        assert_eq!(host.storage_opt.unwrap()["size"], "1073741824");
    }

    #[test]
    fn no_limit_is_no_limit() {
        let free = InstanceSpec { limits: Limits::default(), ..spec() };
        let host = container(&"one".into(), &free, true).host_config.unwrap();
        assert_eq!((host.memory, host.cpu_quota, host.storage_opt), (None, None, None));
    }
}
