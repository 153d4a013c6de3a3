//! Files into and out of a container, running or not.

use bollard::body_full;
use bollard::query_parameters::{
    DownloadFromContainerOptionsBuilder, UploadToContainerOptionsBuilder,
};
use bytes::BytesMut;
use futures_util::TryStreamExt;
use kit::clock::Clock;
use kit::engine::{EngineError, EngineResult, GuestFile, files};

use crate::DockerEngine;
use crate::connect::Patience;

/// What a tar of one file is larger than the file: headers, long names, padding.
const TAR_OVERHEAD_BYTES: u64 = 16 << 10;

impl DockerEngine {
    pub(crate) async fn upload(&self, name: &str, new: &[GuestFile]) -> EngineResult<()> {
        let tar = files::pack(new, Clock::system().now())?;
        let options = UploadToContainerOptionsBuilder::new().path("/").build();
        self.connection
            .call(Patience::Guest, |docker| async move {
                docker.upload_to_container(name, Some(options), body_full(tar)).await
            })
            .await
    }

    pub(crate) async fn download(
        &self,
        name: &str,
        path: &str,
        limit_bytes: u64,
    ) -> EngineResult<Option<GuestFile>> {
        let tar = match self.download_tar(name, path, limit_bytes + TAR_OVERHEAD_BYTES).await {
            Ok(tar) => tar,
            Err(EngineError::NotFound(text)) if text.contains("No such container") => {
                return Err(EngineError::NotFound(text));
            }
            Err(EngineError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let base_name = path.rsplit('/').next().unwrap_or(path);
        let Some(file) = files::find(&tar, base_name)? else { return Ok(None) };
        let size = file.content.as_ref().map_or(0, |content| content.len() as u64);
        if size > limit_bytes {
            return Err(too_large(path, limit_bytes));
        }
        Ok(Some(GuestFile { path: path.to_owned(), ..file }))
    }

    async fn download_tar(&self, name: &str, path: &str, limit: u64) -> EngineResult<BytesMut> {
        let options = DownloadFromContainerOptionsBuilder::new().path(path).build();
        let tar = self
            .connection
            .call(Patience::Guest, |docker| async move {
                let mut tar = BytesMut::new();
                let mut parts = docker.download_from_container(name, Some(options));
                while let Some(part) = parts.try_next().await? {
                    tar.extend_from_slice(&part);
                    if tar.len() as u64 > limit {
                        return Ok(None);
                    }
                }
                Ok(Some(tar))
            })
            .await?;
        tar.ok_or_else(|| too_large(path, limit))
    }
}

fn too_large(path: &str, limit_bytes: u64) -> EngineError {
    EngineError::Refused(format!("{path} is larger than {limit_bytes} bytes"))
}
