//! What a container uses, out of Docker's statistics. Pure.

use bollard::models::{ContainerBlkioStats, ContainerMemoryStats, ContainerStatsResponse};
use kit::engine::Usage;

/// The figures; `None` when there are none, as for a container that does not run.
pub(crate) fn usage(stats: ContainerStatsResponse) -> Option<Usage> {
    // Docker writes the year 1 for never.
    stats.read.as_ref().filter(|read| !read.starts_with("0001"))?;
    let cpu = stats.cpu_stats.and_then(|cpu| cpu.cpu_usage);
    let memory = stats.memory_stats.unwrap_or_default();
    let disk = stats.blkio_stats.unwrap_or_default();
    let interfaces: Vec<_> = stats.networks.unwrap_or_default().into_values().collect();
    Some(Usage {
        cpu_ns: cpu.and_then(|usage| usage.total_usage).unwrap_or_default(),
        memory_bytes: in_use(&memory),
        memory_limit_bytes: memory.limit.unwrap_or_default(),
        received_bytes: interfaces.iter().filter_map(|one| one.rx_bytes).sum(),
        sent_bytes: interfaces.iter().filter_map(|one| one.tx_bytes).sum(),
        read_bytes: moved(&disk, "read"),
        written_bytes: moved(&disk, "write"),
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

fn moved(disk: &ContainerBlkioStats, direction: &str) -> u64 {
    let entries = disk.io_service_bytes_recursive.iter().flatten();
    entries
        .filter(|entry| entry.op.as_deref().is_some_and(|op| op.eq_ignore_ascii_case(direction)))
        .filter_map(|entry| entry.value)
        .sum()
}
