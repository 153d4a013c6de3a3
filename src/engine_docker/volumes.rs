//! Volumes of the engine's own driver.

use std::collections::HashMap;

use async_trait::async_trait;
use bollard::models::{DriverData, Volume, VolumeCreateRequest};
use bollard::query_parameters::{ListVolumesOptionsBuilder, RemoveVolumeOptions};
use kit::engine::{EngineError, EngineResult, EngineVolume, Labels, Power, Volumes};

use crate::DockerEngine;
use crate::connect::Patience;
use crate::errors::found;
use crate::instances::no_such;
use crate::names::{is_ours, labels, marked, must_be_ours, ours};
use crate::observe::observed;

/// The kernel takes one page of options.
const MOUNT_OPTIONS: usize = 4096;

#[async_trait]
impl Volumes for DockerEngine {
    async fn ensure_volume(&self, name: &str, labels: &Labels) -> EngineResult<EngineVolume> {
        self.make(name, labels, HashMap::new()).await
    }

    /// Docker mounts what the options of a volume say. The file system of a container is an overlay,
    /// mounted while it runs; this one is of the same directories.
    async fn lend_root(
        &self,
        instance: &str,
        volume: &str,
        labels: &Labels,
    ) -> EngineResult<EngineVolume> {
        let container = self.look(instance).await?.ok_or_else(|| no_such(instance))?;
        let options = overlay(container.graph_driver.as_ref());
        match observed(container).power {
            Power::Running | Power::Paused => Err(EngineError::Refused(format!("{instance} runs"))),
            Power::Created | Power::Stopped | Power::Dead => {
                self.make(volume, labels, options?).await
            }
        }
    }

    async fn volumes(&self) -> EngineResult<Vec<EngineVolume>> {
        let options = ListVolumesOptionsBuilder::new().filters(&ours(&self.installation)).build();
        let listed = self
            .connection
            .call(Patience::Short, |docker| async move { docker.list_volumes(Some(options)).await })
            .await?;
        let mut all: Vec<_> = listed.volumes.into_iter().flatten().map(volume).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    async fn remove_volume(&self, name: &str) -> EngineResult<()> {
        let seen = self
            .connection
            .call(Patience::Short, |docker| async move { docker.inspect_volume(name).await })
            .await;
        let seen = found(seen)?.map(volume);
        if !seen.is_some_and(|seen| is_ours(&self.installation, &seen.labels)) {
            return Ok(());
        }
        let answer = self
            .connection
            .call(Patience::Guest, |docker| async move {
                docker.remove_volume(name, None::<RemoveVolumeOptions>).await
            })
            .await;
        found(answer).map(drop)
    }
}

impl DockerEngine {
    async fn make(
        &self,
        name: &str,
        labels: &Labels,
        options: HashMap<String, String>,
    ) -> EngineResult<EngineVolume> {
        let request = VolumeCreateRequest {
            name: Some(name.to_owned()),
            labels: Some(marked(&self.installation, labels)),
            driver_opts: Some(options),
            ..VolumeCreateRequest::default()
        };
        // Docker answers with the volume that is there, if there is one.
        let made = self
            .connection
            .call(Patience::Guest, |docker| async move { docker.create_volume(request).await })
            .await?;
        let volume = volume(made);
        must_be_ours(&self.installation, &volume.labels, name)?;
        Ok(volume)
    }
}

/// The options of a volume that is the overlay of a container. Without an index, as Docker mounts it
/// itself: the kernel would refuse an upper directory that it knows from another mount.
fn overlay(driver: Option<&DriverData>) -> EngineResult<HashMap<String, String>> {
    let unsupported = |why: &str| EngineError::Unsupported(why.to_owned());
    let driver = driver.filter(|driver| driver.name == "overlay2");
    let data = &driver.ok_or_else(|| unsupported("the storage driver is not overlay2"))?.data;
    let of = |key: &str| data.get(key).ok_or_else(|| unsupported("its directories are not told"));
    let (lower, upper, work) = (of("LowerDir")?, of("UpperDir")?, of("WorkDir")?);
    let directories = format!("lowerdir={lower},upperdir={upper},workdir={work},index=off");
    if directories.len() >= MOUNT_OPTIONS {
        return Err(unsupported("the image has too many layers for one mount"));
    }
    let options = [("type", "overlay"), ("device", "overlay"), ("o", &*directories)];
    Ok(options.map(|(key, value)| (key.to_owned(), value.to_owned())).into())
}

fn volume(seen: Volume) -> EngineVolume {
    EngineVolume {
        name: seen.name,
        labels: labels(Some(seen.labels)),
        mountpoint: Some(seen.mountpoint).filter(|path| !path.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driver(name: &str, lower: &str) -> DriverData {
        let data = [("LowerDir", lower), ("UpperDir", "/u"), ("WorkDir", "/w")];
        let data = data.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        DriverData { name: name.to_owned(), data }
    }

    #[test]
    fn a_lent_root_is_the_overlay_of_the_same_directories() {
        let options = overlay(Some(&driver("overlay2", "/a:/b"))).unwrap();
        assert_eq!(options["type"], "overlay");
        assert_eq!(options["o"], "lowerdir=/a:/b,upperdir=/u,workdir=/w,index=off");
    }

    #[test]
    fn what_is_no_overlay_or_does_not_fit_is_not_lent() {
        assert!(overlay(None).is_err());
        assert!(overlay(Some(&driver("btrfs", "/a"))).is_err());
        assert!(overlay(Some(&driver("overlay2", &"/a".repeat(2048)))).is_err());
    }
}
