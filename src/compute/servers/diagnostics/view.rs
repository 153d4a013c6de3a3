//! Both shapes of diagnostics: what `libvirt` counted, by names, until 2.47, and one shape for all
//! hypervisors since (`nova/objects/diagnostics.py`).

use std::collections::BTreeMap;

use kit::engine::{Carried, InterfaceUsage, Usage};
use serde_json::{Map, Value, json};

use super::figures::Figures;

/// The name that a guest's one disk has in the old shape.
const DISK: &str = "vda";
/// Upstream's contract knows four drivers; a container is nearest to what `libvirt` runs.
const DRIVER: &str = "libvirt";

/// A figure for each name, until 2.47. Memory is in KiB.
pub(super) fn by_name(figures: &Figures) -> Value {
    let usage = &figures.usage;
    let mut named = Map::new();
    let mut set = |name: String, figure: u64| named.insert(name, json!(figure));
    for (index, time) in cpus(usage).into_iter().enumerate() {
        set(format!("cpu{index}_time"), time);
    }
    for (name, interface) in &usage.interfaces {
        for (direction, carried) in [("rx", interface.received), ("tx", interface.sent)] {
            set(format!("{name}_{direction}"), carried.bytes);
            set(format!("{name}_{direction}_packets"), carried.packets);
            set(format!("{name}_{direction}_errors"), carried.errors);
            set(format!("{name}_{direction}_drop"), carried.dropped);
        }
    }
    set(format!("{DISK}_read_req"), usage.reads);
    set(format!("{DISK}_read"), usage.read_bytes);
    set(format!("{DISK}_write_req"), usage.writes);
    set(format!("{DISK}_write"), usage.written_bytes);
    set("memory".to_owned(), usage.memory_limit_bytes >> 10);
    set("memory-rss".to_owned(), usage.memory_bytes >> 10);
    Value::Object(named)
}

/// One shape for all, since 2.48. Memory is in MiB.
pub(super) fn uniform(figures: &Figures) -> Value {
    let (server, usage) = (&figures.server, &figures.usage);
    json!({
        "state": "running",
        "driver": DRIVER,
        "hypervisor": figures.engine,
        "hypervisor_os": "linux",
        "uptime": figures.uptime_seconds,
        "config_drive": server.config_drive,
        "num_cpus": server.flavor.vcpus,
        "num_nics": figures.nics.len(),
        "num_disks": 1,
        "disk_details": [{
            "read_bytes": usage.read_bytes,
            "read_requests": usage.reads,
            "write_bytes": usage.written_bytes,
            "write_requests": usage.writes,
            "errors_count": null,
        }],
        "cpu_details": cpu_details(usage),
        "nic_details": nic_details(figures),
        "memory_details": {
            "maximum": usage.memory_limit_bytes >> 20,
            "used": usage.memory_bytes >> 20,
        },
    })
}

/// The time on each CPU, or that on all of them where no more is known.
fn cpus(usage: &Usage) -> Vec<u64> {
    if usage.per_cpu_ns.is_empty() { vec![usage.cpu_ns] } else { usage.per_cpu_ns.clone() }
}

/// Which CPU it was is said where the engine says so.
fn cpu_details(usage: &Usage) -> Vec<Value> {
    let known = !usage.per_cpu_ns.is_empty();
    let times = cpus(usage).into_iter().enumerate();
    times
        .map(|(id, time)| json!({"id": known.then_some(id), "time": time, "utilisation": null}))
        .collect()
}

/// An interface's name in the guest is its place among the server's interfaces.
fn nic_details(figures: &Figures) -> Vec<Value> {
    let carried = &figures.usage.interfaces;
    let nics = figures.nics.iter().enumerate();
    nics.map(|(index, nic)| nic_detail(&nic.mac, carried, index)).collect()
}

fn nic_detail(mac: &str, carried: &BTreeMap<String, InterfaceUsage>, index: usize) -> Value {
    let seen = carried.get(&format!("eth{index}"));
    let received = |figure: fn(&Carried) -> u64| seen.map(|seen| figure(&seen.received));
    let sent = |figure: fn(&Carried) -> u64| seen.map(|seen| figure(&seen.sent));
    json!({
        "mac_address": mac,
        "rx_octets": received(|way| way.bytes),
        "rx_errors": received(|way| way.errors),
        "rx_drop": received(|way| way.dropped),
        "rx_packets": received(|way| way.packets),
        "rx_rate": null,
        "tx_octets": sent(|way| way.bytes),
        "tx_errors": sent(|way| way.errors),
        "tx_drop": sent(|way| way.dropped),
        "tx_packets": sent(|way| way.packets),
        "tx_rate": null,
    })
}
