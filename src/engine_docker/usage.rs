//! What a container uses, out of Docker's statistics. Pure.

use bollard::models::{
    ContainerBlkioStatEntry, ContainerMemoryStats, ContainerNetworkStats, ContainerStatsResponse,
};
use kit::engine::{Carried, InterfaceUsage, Usage};

/// The figures; `None` when there are none, as for a container that does not run.
pub(crate) fn usage(stats: ContainerStatsResponse) -> Option<Usage> {
    // Docker writes the year 1 for never.
    stats.read.as_ref().filter(|read| !read.starts_with("0001"))?;
    let cpu = stats.cpu_stats.and_then(|cpu| cpu.cpu_usage);
    let memory = stats.memory_stats.unwrap_or_default();
    let disk = stats.blkio_stats.unwrap_or_default();
    let interfaces = stats.networks.unwrap_or_default().into_iter();
    let (bytes, calls) = (disk.io_service_bytes_recursive, disk.io_serviced_recursive);
    Some(Usage {
        cpu_ns: cpu.as_ref().and_then(|usage| usage.total_usage).unwrap_or_default(),
        per_cpu_ns: cpu.and_then(|usage| usage.percpu_usage).unwrap_or_default(),
        memory_bytes: in_use(&memory),
        memory_limit_bytes: memory.limit.unwrap_or_default(),
        interfaces: interfaces.map(|(name, one)| (name, interface(&one))).collect(),
        read_bytes: moved(bytes.as_deref(), "read"),
        written_bytes: moved(bytes.as_deref(), "write"),
        reads: moved(calls.as_deref(), "read"),
        writes: moved(calls.as_deref(), "write"),
        processes: stats.pids_stats.and_then(|pids| pids.current).unwrap_or_default(),
    })
}

/// Without the part of the page cache that goes away when it is needed, as `docker stats` counts.
/// The name of that part depends on the version of the control groups.
fn in_use(memory: &ContainerMemoryStats) -> u64 {
    let details = memory.stats.as_ref();
    let named = |name| details.and_then(|stats| stats.get(name)).copied();
    let cache = named("total_inactive_file").or_else(|| named("inactive_file"));
    memory.usage.unwrap_or_default().saturating_sub(cache.unwrap_or_default())
}

fn interface(seen: &ContainerNetworkStats) -> InterfaceUsage {
    let known = Option::unwrap_or_default;
    InterfaceUsage {
        received: Carried {
            bytes: known(seen.rx_bytes),
            packets: known(seen.rx_packets),
            errors: known(seen.rx_errors),
            dropped: known(seen.rx_dropped),
        },
        sent: Carried {
            bytes: known(seen.tx_bytes),
            packets: known(seen.tx_packets),
            errors: known(seen.tx_errors),
            dropped: known(seen.tx_dropped),
        },
    }
}

fn moved(entries: Option<&[ContainerBlkioStatEntry]>, direction: &str) -> u64 {
    let entries = entries.unwrap_or_default().iter();
    entries
        .filter(|entry| entry.op.as_deref().is_some_and(|op| op.eq_ignore_ascii_case(direction)))
        .filter_map(|entry| entry.value)
        .sum()
}
