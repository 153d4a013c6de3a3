//! What a guest reads of its machine in `/proc`: where lxcfs runs beside the engine, its own CPUs,
//! memory and uptime, and not the host's.
//!
//! Asked when a container is made; never starts lxcfs and never changes a container that is there.

use std::path::Path;

use bollard::models::{Mount, MountType};

/// Where lxcfs is mounted, on every distribution.
const ROOT: &str = "/var/lib/lxcfs/proc";
/// The files that engines let a container replace and lxcfs has.
const FILES: &[&str] = &["cpuinfo", "diskstats", "loadavg", "meminfo", "stat", "swaps", "uptime"];

/// Whether lxcfs serves on this machine.
pub(crate) fn are_served() -> bool {
    !mounts_from(Path::new(ROOT)).is_empty()
}

/// The files of lxcfs in the place of the kernel's; none where it does not serve.
pub(crate) fn mounts() -> Vec<Mount> {
    mounts_from(Path::new(ROOT))
}

/// Mounts and not Docker's binds: those make a folder where a file is missing.
fn mounts_from(root: &Path) -> Vec<Mount> {
    let served = FILES.iter().filter(|file| root.join(file).is_file());
    let mount = |file: &&str| Mount {
        target: Some(format!("/proc/{file}")),
        source: root.join(file).to_str().map(str::to_owned),
        typ: Some(MountType::BIND),
        read_only: Some(true),
        ..Mount::default()
    };
    served.map(mount).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lxcfs_serves_takes_the_place_of_the_kernels() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(mounts_from(root.path()), []);
        std::fs::write(root.path().join("uptime"), "1.00 1.00\n").unwrap();
        std::fs::write(root.path().join("version"), "not of a guest").unwrap();
        let [mount] = <[Mount; 1]>::try_from(mounts_from(root.path())).unwrap();
        assert_eq!(mount.target.as_deref(), Some("/proc/uptime"));
        assert_eq!(mount.source.as_deref(), root.path().join("uptime").to_str());
        assert_eq!(mount.read_only, Some(true));
    }
}
