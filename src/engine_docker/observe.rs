//! What Docker shows of a container → what the house sees. Pure.

use std::collections::HashMap;
use std::net::IpAddr;

use bollard::models::{
    ContainerInspectResponse, ContainerState, ContainerStateStatusEnum, EndpointSettings,
    HostConfig,
};
use kit::clock::Time;
use kit::engine::{Attachment, Limits, Observed, Power};

use crate::names::{NO_NETWORK, labels};
use crate::spec::CPU_PERIOD_US;

/// The container as seen now.
pub(crate) fn observed(container: ContainerInspectResponse) -> Observed {
    let state = container.state.unwrap_or_default();
    let networks = container.network_settings.and_then(|settings| settings.networks);
    let power = power(&state);
    Observed {
        name: container.name.unwrap_or_default().trim_start_matches('/').to_owned(),
        engine_id: container.id.unwrap_or_default(),
        labels: labels(container.config.and_then(|config| config.labels)),
        power,
        exit_code: state.exit_code.filter(|_| power == Power::Stopped),
        out_of_memory: state.oom_killed.unwrap_or_default(),
        started_at: time(state.started_at.as_deref()),
        finished_at: time(state.finished_at.as_deref()),
        image_id: container.image.unwrap_or_default(),
        pid: state.pid.filter(|pid| *pid > 0),
        limits: container.host_config.as_ref().map(limits).unwrap_or_default(),
        attachments: attachments(networks.unwrap_or_default()),
    }
}

fn power(state: &ContainerState) -> Power {
    match state.status {
        Some(ContainerStateStatusEnum::RUNNING | ContainerStateStatusEnum::RESTARTING) => {
            Power::Running
        }
        Some(ContainerStateStatusEnum::PAUSED) => Power::Paused,
        Some(ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::STOPPING) => {
            Power::Stopped
        }
        Some(ContainerStateStatusEnum::DEAD | ContainerStateStatusEnum::REMOVING) => Power::Dead,
        Some(ContainerStateStatusEnum::CREATED | ContainerStateStatusEnum::EMPTY) | None => {
            Power::Created
        }
    }
}

fn limits(host: &HostConfig) -> Limits {
    let vcpus = host.cpu_quota.unwrap_or_default().max(0) / CPU_PERIOD_US;
    let disk = host.storage_opt.as_ref().and_then(|options| options.get("size")?.parse().ok());
    Limits {
        vcpus: u32::try_from(vcpus).unwrap_or_default(),
        memory_bytes: host.memory.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default(),
        disk_bytes: disk.unwrap_or_default(),
    }
}

/// Docker writes the year 1 for never.
fn time(text: Option<&str>) -> Option<Time> {
    text.and_then(Time::parse).filter(|time| *time > Time(0))
}

/// Every address of these interfaces.
pub(crate) fn addresses(attachments: &[Attachment]) -> Vec<IpAddr> {
    attachments.iter().flat_map(|there| there.addresses.iter().copied()).collect()
}

/// The interfaces, by the name of the network: so does Docker number them at a start. It knows of no
/// cable that is out.
fn attachments(networks: HashMap<String, EndpointSettings>) -> Vec<Attachment> {
    let mut all: Vec<_> = networks
        .into_iter()
        .filter(|(network, _)| network != NO_NETWORK)
        .map(|(network, endpoint)| Attachment {
            network,
            addresses: addresses_of(&endpoint),
            mac: endpoint.mac_address.unwrap_or_default(),
            up: true,
        })
        .collect();
    all.sort_by(|a, b| a.network.cmp(&b.network));
    all
}

/// The fixed addresses; where there are none, those that Docker gave.
fn addresses_of(endpoint: &EndpointSettings) -> Vec<IpAddr> {
    let fixed = endpoint.ipam_config.as_ref();
    let families = [
        (fixed.and_then(|fixed| fixed.ipv4_address.as_ref()), &endpoint.ip_address),
        (fixed.and_then(|fixed| fixed.ipv6_address.as_ref()), &endpoint.global_ipv6_address),
    ];
    families
        .into_iter()
        .filter_map(|(fixed, given)| fixed.or(given.as_ref()))
        .filter_map(|address| address.parse().ok())
        .collect()
}
