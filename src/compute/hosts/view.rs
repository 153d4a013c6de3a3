//! What `os-hosts` shows.

use kit::ids::ProjectId;
use serde_json::{Value, json};

use super::model::{Hypervisor, Service};
use crate::servers::store::HostUsage;

/// A service by its host; Nova's name of it is that of its queue.
pub(super) fn service(service: &Service, default_zone: &str) -> Value {
    let binary = service.binary.as_str();
    json!({
        "host_name": service.host,
        "service": binary.strip_prefix("nova-").unwrap_or(binary),
        "zone": service.zone(default_zone),
    })
}

/// What there is, what is used, and by which project.
pub(super) fn resources(
    hypervisor: &Hypervisor,
    projects: &[(ProjectId, HostUsage)],
) -> Vec<Value> {
    let host = &hypervisor.host;
    let all = HostUsage {
        vcpus: host.vcpus,
        ram_mb: host.ram_mb,
        disk_gb: host.disk_gb,
        ..HostUsage::default()
    };
    let used = hypervisor.usage;
    let sums = [("(total)", all), ("(used_now)", used), ("(used_max)", used)];
    let projects = projects.iter().map(|(project, usage)| (project.as_str(), *usage));
    sums.into_iter().chain(projects).map(|(who, what)| resource(&host.name, who, what)).collect()
}

fn resource(host: &str, project: &str, amount: HostUsage) -> Value {
    json!({"resource": {
        "host": host,
        "project": project,
        "cpu": amount.vcpus,
        "memory_mb": amount.ram_mb,
        "disk_gb": amount.disk_gb,
    }})
}
