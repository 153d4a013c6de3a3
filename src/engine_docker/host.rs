//! The machine and the engine itself.

use std::path::Path;

use async_trait::async_trait;
use bollard::models::SystemInfo;
use kit::clock::Time;
use kit::engine::{EngineResult, EventStream, Host, HostInfo};

use crate::DockerEngine;
use crate::connect::Patience;
use crate::dialect::MAC_PER_INTERFACE;
use crate::proc_views;

/// Storage drivers that hold a size limit per container by themselves.
const DRIVERS_WITH_LIMITS: &[&str] = &["btrfs", "zfs", "devicemapper"];

#[async_trait]
impl Host for DockerEngine {
    async fn ping(&self) -> EngineResult<()> {
        self.connection
            .call(Patience::Probe, |docker| async move { docker.ping().await.map(drop) })
            .await
    }

    async fn info(&self) -> EngineResult<HostInfo> {
        let info = self.system_info().await?;
        let unfiltered = self.why_unfiltered().await?;
        let link = self.connection.link().await?;
        let root = data_root(&info, &self.connection.host);
        let (disk_bytes, disk_free_bytes) = root.map(disk).unwrap_or_default();
        let architecture = info.architecture.clone().unwrap_or_default();
        Ok(HostInfo {
            name: info.name.clone().unwrap_or_default(),
            cpus: info.ncpu.and_then(|cpus| u32::try_from(cpus).ok()).unwrap_or_default(),
            memory_bytes: info.mem_total.map(i64::unsigned_abs).unwrap_or_default(),
            disk_bytes,
            disk_free_bytes,
            architecture,
            version: info.server_version.clone().unwrap_or_default(),
            api_version: link.api.to_string(),
            storage_driver: info.driver.clone().unwrap_or_default(),
            disk_limits: link.disk_limits,
            resource_limits: info.memory_limit == Some(true) && info.cpu_cfs_quota == Some(true),
            every_mac: link.api >= MAC_PER_INTERFACE,
            unfiltered,
            own_proc: link.beside && proc_views::are_served(),
            kind: "docker",
        })
    }

    async fn events(&self, since: Option<Time>) -> EngineResult<EventStream> {
        self.listen(since).await
    }
}

impl DockerEngine {
    pub(crate) async fn system_info(&self) -> EngineResult<SystemInfo> {
        self.connection.call(Patience::Short, |docker| async move { docker.info().await }).await
    }
}

/// Whether the engine is on this machine. A socket alone does not tell: it may be shown to a container
/// of ours.
pub(crate) fn is_beside(info: &SystemInfo, host: &str) -> bool {
    let here = rustix::system::uname().nodename().to_str().map(str::to_owned).ok();
    host.starts_with("unix://") && info.name == here
}

/// The directory of the engine's data, if it is on this machine.
pub(crate) fn data_root<'a>(info: &'a SystemInfo, host: &str) -> Option<&'a Path> {
    let root = info.docker_root_dir.as_deref().map(Path::new)?;
    (host.starts_with("unix://") && root.exists()).then_some(root)
}

/// Size and free part of the file system; zero when it can't be told.
fn disk(root: &Path) -> (u64, u64) {
    rustix::fs::statvfs(root)
        .map(|stat| (stat.f_blocks * stat.f_frsize, stat.f_bavail * stat.f_frsize))
        .unwrap_or_default()
}

/// Whether a limit on the size of a container's root file system holds there.
pub(crate) fn disk_limits(info: &SystemInfo, root: Option<&Path>) -> bool {
    let driver = info.driver.as_deref().unwrap_or_default();
    if driver != "overlay2" {
        return DRIVERS_WITH_LIMITS.contains(&driver);
    }
    let below = info.driver_status.iter().flatten().find_map(|pair| match pair.as_slice() {
        [name, value] if name == "Backing Filesystem" => Some(value.as_str()),
        _ => None,
    });
    // overlay2 counts with project quotas, which only xfs has, and only if mounted so. The engine
    // does not tell how it is mounted.
    below == Some("xfs") && root.is_some_and(has_project_quota)
}

fn has_project_quota(root: &Path) -> bool {
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    project_quota_in(&mounts, root)
}

/// Whether the file system that holds `root` is mounted with project quotas.
fn project_quota_in(mounts: &str, root: &Path) -> bool {
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            Some((Path::new(fields.next()?), fields.nth(1)?))
        })
        .filter(|(mounted, _)| root.starts_with(mounted))
        .max_by_key(|(mounted, _)| mounted.components().count())
        .is_some_and(|(_, options)| options.split(',').any(|o| o == "prjquota" || o == "pquota"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_decides_about_quotas() {
        let mounts = "/dev/a / ext4 rw 0 0\n/dev/b /var/lib xfs rw,prjquota 0 0\n\
                      /dev/c /var/lib/other xfs rw 0 0\n";
        assert!(project_quota_in(mounts, Path::new("/var/lib/docker")));
        assert!(!project_quota_in(mounts, Path::new("/var/lib/other/docker")));
        assert!(!project_quota_in(mounts, Path::new("/srv")));
    }
}
