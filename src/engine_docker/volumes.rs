//! Volumes of the engine's own driver.

use async_trait::async_trait;
use bollard::models::{Volume, VolumeCreateRequest};
use bollard::query_parameters::{ListVolumesOptionsBuilder, RemoveVolumeOptions};
use kit::engine::{EngineResult, EngineVolume, Labels, Volumes};

use crate::DockerEngine;
use crate::connect::Patience;
use crate::errors::found;
use crate::names::{is_ours, labels, marked, must_be_ours, ours};

#[async_trait]
impl Volumes for DockerEngine {
    async fn ensure_volume(&self, name: &str, labels: &Labels) -> EngineResult<EngineVolume> {
        let request = VolumeCreateRequest {
            name: Some(name.to_owned()),
            labels: Some(marked(&self.installation, labels)),
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

fn volume(seen: Volume) -> EngineVolume {
    EngineVolume {
        name: seen.name,
        labels: labels(Some(seen.labels)),
        mountpoint: Some(seen.mountpoint).filter(|path| !path.is_empty()),
    }
}
