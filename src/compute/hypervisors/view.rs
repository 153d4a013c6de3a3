//! What the API shows of a hypervisor.

use kit::http::{Cx, Field, Span, View, between, since};
use serde_json::{Value, json};

use crate::hosts::model::{Guest, Hypervisor};
use crate::microversions::{BASE, CPU_INFO_OBJECT, HYPERVISOR_STATISTICS_GONE, SERVICE_UUID};

/// A row of the short list.
pub(super) static SUMMARY: View<Hypervisor> = View(&[
    Field {
        key: "id",
        versions: &[between(BASE, SERVICE_UUID)],
        rule: None,
        render: |h, _| json!(h.host.row),
    },
    Field {
        key: "id",
        versions: &[since(SERVICE_UUID)],
        rule: None,
        render: |h, _| json!(h.host.id),
    },
    Field {
        key: "hypervisor_hostname",
        versions: &[since(BASE)],
        rule: None,
        render: |h, _| json!(h.host.name),
    },
    Field { key: "state", versions: &[since(BASE)], rule: None, render: state },
    Field { key: "status", versions: &[since(BASE)], rule: None, render: status },
]);

/// What a hypervisor shows beside its summary.
pub(super) static DETAIL: View<Hypervisor> = View(&[
    Field {
        key: "hypervisor_type",
        versions: &[since(BASE)],
        rule: None,
        render: |h, _| json!(h.host.engine),
    },
    Field {
        key: "hypervisor_version",
        versions: &[since(BASE)],
        rule: None,
        render: |h, _| json!(version_number(&h.host.engine_version)),
    },
    Field {
        key: "host_ip",
        versions: &[since(BASE)],
        rule: None,
        render: |_, _| json!("127.0.0.1"),
    },
    Field { key: "service", versions: &[since(BASE)], rule: None, render: service },
    figure("vcpus", |h, _| json!(h.host.vcpus)),
    figure("memory_mb", |h, _| json!(h.host.ram_mb)),
    figure("local_gb", |h, _| json!(h.host.disk_gb)),
    figure("vcpus_used", |h, _| json!(h.usage.vcpus)),
    figure("memory_mb_used", |h, _| json!(h.usage.ram_mb)),
    figure("local_gb_used", |h, _| json!(h.usage.disk_gb)),
    figure("free_ram_mb", |h, _| json!(h.host.ram_mb - h.usage.ram_mb)),
    figure("free_disk_gb", |h, _| json!(h.host.disk_gb - h.usage.disk_gb)),
    figure("current_workload", |h, _| json!(h.usage.busy)),
    figure("running_vms", |h, _| json!(h.usage.servers)),
    figure("disk_available_least", |h, _| json!(h.host.disk_free_gb)),
    Field {
        key: "cpu_info",
        versions: &[between(BASE, CPU_INFO_OBJECT)],
        rule: None,
        render: |h, _| json!(cpu_info(h).to_string()),
    },
    Field {
        key: "cpu_info",
        versions: &[between(CPU_INFO_OBJECT, HYPERVISOR_STATISTICS_GONE)],
        rule: None,
        render: |h, _| cpu_info(h),
    },
    // Nova: null where the driver does not tell.
    Field {
        key: "uptime",
        versions: &[since(HYPERVISOR_STATISTICS_GONE)],
        rule: None,
        render: |_, _| json!(null),
    },
]);

/// The versions that show figures; placement has them since.
const FIGURES: &[Span] = &[between(BASE, HYPERVISOR_STATISTICS_GONE)];

/// A figure that was moved to placement.
const fn figure(key: &'static str, render: fn(&Hypervisor, &Cx<'_>) -> Value) -> Field<Hypervisor> {
    Field { key, versions: FIGURES, rule: None, render }
}

/// The servers of a hypervisor, by the names that the engine's owner would see in Nova.
pub(super) fn guests(guests: &[Guest]) -> Value {
    let row =
        |guest: &Guest| json!({"name": format!("instance-{:08x}", guest.number), "uuid": guest.id});
    json!(guests.iter().map(row).collect::<Vec<_>>())
}

/// The sums over all hypervisors.
pub(super) fn statistics(all: &[Hypervisor]) -> Value {
    let sum = |figure: fn(&Hypervisor) -> i64| all.iter().map(figure).sum::<i64>();
    json!({
        "count": all.len(),
        "current_workload": sum(|h| h.usage.busy),
        "disk_available_least": sum(|h| h.host.disk_free_gb),
        "free_disk_gb": sum(|h| h.host.disk_gb - h.usage.disk_gb),
        "free_ram_mb": sum(|h| h.host.ram_mb - h.usage.ram_mb),
        "local_gb": sum(|h| h.host.disk_gb),
        "local_gb_used": sum(|h| h.usage.disk_gb),
        "memory_mb": sum(|h| h.host.ram_mb),
        "memory_mb_used": sum(|h| h.usage.ram_mb),
        "running_vms": sum(|h| h.usage.servers),
        "vcpus": sum(|h| h.host.vcpus),
        "vcpus_used": sum(|h| h.usage.vcpus),
    })
}

fn state(hypervisor: &Hypervisor, _: &Cx<'_>) -> Value {
    json!(if hypervisor.service.is_up() { "up" } else { "down" })
}

fn status(hypervisor: &Hypervisor, _: &Cx<'_>) -> Value {
    json!(if hypervisor.service.disabled { "disabled" } else { "enabled" })
}

fn service(hypervisor: &Hypervisor, cx: &Cx<'_>) -> Value {
    let service = &hypervisor.service;
    let id = if cx.version >= SERVICE_UUID { json!(service.id) } else { json!(service.row) };
    json!({"id": id, "host": service.host, "disabled_reason": service.disabled_reason})
}

fn cpu_info(hypervisor: &Hypervisor) -> Value {
    let topology = json!({"cores": hypervisor.host.vcpus, "threads": 1, "sockets": 1});
    json!({"arch": hypervisor.host.architecture, "topology": topology})
}

/// `20.10.24` as 20010024 (Nova: `versionutils.convert_version_to_int`).
fn version_number(version: &str) -> i64 {
    let part = |text: &str| {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<i64>().unwrap_or(0)
    };
    version.split('.').take(3).fold(0, |number, text| number * 1000 + part(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_one_number() {
        assert_eq!(version_number("20.10.24"), 20_010_024);
        assert_eq!(version_number("27.0.3-rc1"), 27_000_003);
        assert_eq!(version_number("nonsense"), 0);
    }
}
