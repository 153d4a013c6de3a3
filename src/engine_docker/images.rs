//! Images: what the engine has, and what goes into and out of it.

use async_trait::async_trait;
use bollard::body_try_stream;
use bollard::models::ImageInspect;
use bollard::query_parameters::{
    CreateImageOptionsBuilder, ImportImageOptionsBuilder, ListImagesOptionsBuilder,
    RemoveImageOptionsBuilder, TagImageOptionsBuilder,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use kit::clock::Time;
use kit::engine::{
    ByteStream, EngineError, EngineImage, EngineResult, Images, LABEL_IMAGE, Port, owns_image,
    owns_reference,
};

use crate::DockerEngine;
use crate::archive::without_references;
use crate::connect::{Patience, paced};
use crate::errors::{found, meaning};
use crate::names::{labels, repository_and_tag};

/// How many images are looked at side by side.
const LOOKS: usize = 8;

#[async_trait]
impl Images for DockerEngine {
    async fn images(&self) -> EngineResult<Vec<EngineImage>> {
        let options = ListImagesOptionsBuilder::new().build();
        let listed = self
            .connection
            .call(Patience::Short, |docker| async move { docker.list_images(Some(options)).await })
            .await?;
        let looks = listed.into_iter().map(|image| async move { self.image(&image.id).await });
        let seen: Vec<_> = stream::iter(looks).buffered(LOOKS).try_collect().await?;
        Ok(seen.into_iter().flatten().collect())
    }

    async fn image(&self, reference: &str) -> EngineResult<Option<EngineImage>> {
        let answer = self
            .connection
            .call(Patience::Short, |docker| async move { docker.inspect_image(reference).await })
            .await;
        Ok(found(answer)?.map(image))
    }

    async fn load_image(&self, archive: ByteStream) -> EngineResult<Vec<EngineImage>> {
        let body = without_references(archive);
        let options = ImportImageOptionsBuilder::new().quiet(true).build();
        let said = self
            .connection
            .gather(Patience::Bulk, |docker| docker.import_image_stream(options, body, None))
            .await
            .map_err(refused)?;
        let mut loaded = Vec::new();
        for line in said.into_iter().filter_map(|part| part.stream) {
            if let Some(name) = loaded_name(&line) {
                loaded.extend(self.image(name).await?);
            }
        }
        if loaded.is_empty() {
            return Err(EngineError::Refused("the archive has no image in it".into()));
        }
        Ok(loaded)
    }

    async fn import_image(
        &self,
        root: ByteStream,
        reference: &str,
        command: &[String],
    ) -> EngineResult<EngineImage> {
        let (repository, tag) = repository_and_tag(reference);
        let command = serde_json::to_string(command).unwrap_or_default();
        let options = CreateImageOptionsBuilder::new()
            .from_src("-")
            .repo(repository)
            .tag(tag)
            .changes(vec![
                format!("CMD {command}"),
                format!("LABEL {LABEL_IMAGE}={}", self.installation),
            ])
            .build();
        let body = body_try_stream(root.map_err(std::io::Error::other));
        self.connection
            .gather(Patience::Bulk, |docker| docker.create_image(Some(options), Some(body), None))
            .await
            .map_err(refused)?;
        self.must_have(reference).await
    }

    async fn export_image(&self, reference: &str) -> EngineResult<ByteStream> {
        self.must_have(reference).await?;
        let parts = self.connection.link().await?.docker.export_image(reference);
        Ok(paced(Patience::Guest, parts.map_err(meaning)))
    }

    async fn pull_image(&self, reference: &str) -> EngineResult<EngineImage> {
        let (repository, tag) = repository_and_tag(reference);
        let options = CreateImageOptionsBuilder::new().from_image(repository).tag(tag).build();
        self.connection
            .gather(Patience::Bulk, |docker| docker.create_image(Some(options), None, None))
            .await?;
        self.must_have(reference).await
    }

    async fn tag_image(&self, id: &str, reference: &str) -> EngineResult<()> {
        let (repository, tag) = repository_and_tag(reference);
        let options = TagImageOptionsBuilder::new().repo(repository).tag(tag).build();
        self.connection
            .call(
                Patience::Short,
                |docker| async move { docker.tag_image(id, Some(options)).await },
            )
            .await
    }

    async fn remove_image(&self, reference: &str) -> EngineResult<()> {
        let Some(there) = self.image(reference).await? else { return Ok(()) };
        let ours = &self.installation;
        if !owns_image(ours, &there) && !owns_reference(ours, reference) {
            return Err(EngineError::Refused(format!("{reference} is not ours to remove")));
        }
        let options = RemoveImageOptionsBuilder::new().build();
        let answer = self
            .connection
            .call(Patience::Guest, |docker| async move {
                docker.remove_image(reference, Some(options), None).await
            })
            .await;
        found(answer).map(drop)
    }
}

impl DockerEngine {
    async fn must_have(&self, reference: &str) -> EngineResult<EngineImage> {
        let there = self.image(reference).await?;
        there.ok_or_else(|| EngineError::NotFound(format!("no such image: {reference}")))
    }
}

fn image(seen: ImageInspect) -> EngineImage {
    let config = seen.config.unwrap_or_default();
    let command = config.entrypoint.into_iter().chain(config.cmd).flatten().collect();
    EngineImage {
        id: seen.id.unwrap_or_default(),
        references: seen.repo_tags.unwrap_or_default(),
        size_bytes: seen.size.map(i64::unsigned_abs).unwrap_or_default(),
        created_at: seen.created.as_deref().and_then(Time::parse).unwrap_or_default(),
        architecture: seen.architecture.unwrap_or_default(),
        command,
        user: config.user.unwrap_or_default(),
        exposed: ports(config.exposed_ports.as_deref().unwrap_or_default()),
        labels: labels(config.labels),
    }
}

/// Those that are ports; of a range Docker shows each.
fn ports(texts: &[String]) -> Vec<Port> {
    let mut ports: Vec<Port> = texts.iter().filter_map(|text| Port::parse(text)).collect();
    ports.sort_unstable();
    ports
}

/// `Loaded image ID: sha256:…` of an image without references, `Loaded image: …` of another.
fn loaded_name(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix("Loaded image")?;
    name.split_once(": ").map(|(_, name)| name.trim())
}

/// Docker answers 500 to archives that are none. What it answers nothing to is another matter.
fn refused(error: EngineError) -> EngineError {
    match error {
        EngineError::Other(text) => EngineError::Refused(text),
        EngineError::NotFound(_)
        | EngineError::Busy(_)
        | EngineError::Unsupported(_)
        | EngineError::Unreachable(_)
        | EngineError::Refused(_) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_say_what_was_loaded_are_understood() {
        assert_eq!(loaded_name("Loaded image ID: sha256:1\n"), Some("sha256:1"));
        assert_eq!(loaded_name("Loaded image: host:5000/web:2\n"), Some("host:5000/web:2"));
        assert_eq!(loaded_name("something else"), None);
    }
}
