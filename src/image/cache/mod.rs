//! Images on the engine: put there when a server boots, read back when one is downloaded.
//!
//! The only module of the crate that calls the engine, but for the reconciler.

mod archive;
pub(crate) mod command;
pub(crate) mod listing;
pub(crate) mod reference;

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::StreamExt;
use kit::Platform;
use kit::engine::{ByteStream, EngineError, EngineImage};
use kit::error::{Error, Result};
use kit::ids::ImageId;
use kit::tasks;
use kit::workflow::Failure;

use self::archive::{Kind, Prepared, Ready};
use crate::data::files::{self, Files};
use crate::images::model::{COMMAND_LINE, DOCKER_IMAGE, Image, Source};
use crate::images::store;

/// The command of an imported root file system without `os_command_line`. A virtual machine
/// would run its `init`, but a distribution's init wants rights that a container has not; a
/// shell on the container's terminal stays up.
const SHELL: &str = "/bin/sh";

/// One load of an image at a time: ten servers of a new image load it once.
#[derive(Default)]
pub(crate) struct Loads(Mutex<HashMap<ImageId, Weak<tokio::sync::Mutex<()>>>>);

impl Loads {
    fn of(&self, id: &ImageId) -> Arc<tokio::sync::Mutex<()>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, load| load.strong_count() > 0);
        if let Some(load) = all.get(id).and_then(Weak::upgrade) {
            return load;
        }
        let load = Arc::default();
        all.insert(id.clone(), Arc::downgrade(&load));
        load
    }
}

/// Makes sure that the engine has the image; there already is success. For steps of workflows.
pub async fn ensure_on_engine(
    platform: &Arc<Platform>,
    id: &ImageId,
) -> Result<EngineImage, Failure> {
    let wanted = id.clone();
    let image = platform.store.read(move |db| store::get_for_system(db, &wanted)).await?;
    let image = image.ok_or_else(|| Error::not_found(format!("Image {id} could not be found.")))?;
    if let Some(found) = platform.engine.image(&engine_name(platform, &image)).await? {
        return Ok(found);
    }
    match (image.source, image.properties.get(DOCKER_IMAGE)) {
        (Source::Engine | Source::Snapshot, _) => {
            Err(refusal(&image, "is no longer on the container engine"))
        }
        (Source::Upload, Some(reference)) => pull(platform, &image, reference).await,
        (Source::Upload, None) => load(platform, &image).await,
    }
}

/// What the engine calls an image that we or its owner put there.
fn engine_name(platform: &Platform, image: &Image) -> String {
    match (&image.source, &image.engine_id) {
        (Source::Engine, Some(id)) => id.clone(),
        _ => reference::reference_for(&platform.installation, &image.id),
    }
}

fn refusal(image: &Image, why: &str) -> Failure {
    Failure::Fail(Error::bad_request(format!("Image {} {why}.", image.id)))
}

/// What the engine says of an image is for the log; whether it may pass is its own judgement.
fn engine_refusal(image: &Image, why: &str, error: EngineError) -> Failure {
    if error.is_retryable() {
        return error.into();
    }
    let sentence = format!("Image {} {why}.", image.id);
    Failure::Fail(Error::bad_request(sentence).private(error.to_string()))
}

async fn pull(platform: &Arc<Platform>, image: &Image, text: &str) -> Result<EngineImage, Failure> {
    let unusable = || refusal(image, &format!("refers to '{text}', which may not be pulled"));
    let wanted = reference::parse(text).ok_or_else(unusable)?;
    if !reference::is_allowed(&wanted.registry, &platform.settings.image.allowed_registries) {
        return Err(unusable());
    }
    if let Some(found) = platform.engine.image(&wanted.full).await? {
        return Ok(found);
    }
    platform.engine.pull_image(&wanted.full).await.map_err(|error| {
        engine_refusal(image, &format!("refers to '{text}', which could not be pulled"), error)
    })
}

async fn load(platform: &Arc<Platform>, image: &Image) -> Result<EngineImage, Failure> {
    let load = platform.extension::<Loads>()?.of(&image.id);
    let _alone = load.lock().await;
    let reference = reference::reference_for(&platform.installation, &image.id);
    if let Some(found) = platform.engine.image(&reference).await? {
        return Ok(found);
    }
    let ready = prepare(platform, image).await?;
    let file = File::open(&ready.path).map_err(Error::from)?;
    let length = file.metadata().map_err(Error::from)?.len();
    let bytes: ByteStream = Box::pin(
        files::stream(file, 0, length)?
            .map(|chunk| chunk.map_err(|error| EngineError::Other(error.to_string()))),
    );
    match ready.kind {
        Kind::Archive => load_archive(platform, image, bytes, &reference).await,
        Kind::Root => import_root(platform, image, bytes, &reference).await,
    }
}

/// The sentence for an image that no container boots from; `data` says what its data is, where
/// the formats do not tell.
fn unbootable(image: &Image, data: Option<&str>) -> Failure {
    let format = |format: &Option<String>| format.clone().unwrap_or_else(|| "none".to_owned());
    let data = data.map(|what| format!(", and its data is {what}")).unwrap_or_default();
    refusal(
        image,
        &format!(
            "is of container format {} and disk format {}{data}, which a container cannot boot: \
             that takes container format docker and a docker save archive, an OCI layout or the \
             tar of a root file system",
            format(&image.container_format),
            format(&image.disk_format),
        ),
    )
}

async fn prepare(platform: &Arc<Platform>, image: &Image) -> Result<Ready, Failure> {
    if image.container_format.as_deref() != Some("docker") {
        return Err(unbootable(image, None));
    }
    let architecture = docker_architecture(&platform.engine.info().await?.architecture);
    let (files, id) = (Files::new(&platform.data_dir), image.id.clone());
    let prepared = tasks::blocking(move || {
        let scratch = |name: &str| files.staging_path(&format!("{id}.{name}"));
        archive::prepare(&files.path(&id), &scratch, architecture)
    });
    match prepared.await? {
        Prepared::Ready(ready) => Ok(ready),
        Prepared::Unbootable(what) => Err(unbootable(image, Some(what))),
    }
}

/// Machines and images name architectures differently; an unknown one is not compared.
fn docker_architecture(machine: &str) -> &'static str {
    match machine {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        _ => "",
    }
}

async fn load_archive(
    platform: &Arc<Platform>,
    image: &Image,
    bytes: ByteStream,
    reference: &str,
) -> Result<EngineImage, Failure> {
    let refused =
        |error| engine_refusal(image, "could not be loaded by the container engine", error);
    let loaded = platform.engine.load_image(bytes).await.map_err(refused)?;
    let [one] = loaded.as_slice() else {
        let why = format!("has an archive of {} images, where one is needed", loaded.len());
        return Err(refusal(image, &why));
    };
    platform.engine.tag_image(&one.id, reference).await?;
    Ok(one.clone())
}

async fn import_root(
    platform: &Arc<Platform>,
    image: &Image,
    bytes: ByteStream,
    reference: &str,
) -> Result<EngineImage, Failure> {
    let command = command_of(image)?.unwrap_or_else(|| vec![SHELL.to_owned()]);
    let refused =
        |error| engine_refusal(image, "could not be imported by the container engine", error);
    platform.engine.import_image(bytes, reference, &command).await.map_err(refused)
}

/// The command that the image's `os_command_line` asks for.
fn command_of(image: &Image) -> Result<Option<Vec<String>>, Failure> {
    let Some(line) = image.properties.get(COMMAND_LINE) else { return Ok(None) };
    match command::split(line) {
        Some(words) if !words.is_empty() => Ok(Some(words)),
        Some(_) | None => Err(refusal(image, "has a property os_command_line that is no command")),
    }
}

/// The image as a `docker save` archive.
pub(crate) async fn export(platform: &Arc<Platform>, image: &Image) -> Result<ByteStream> {
    Ok(platform.engine.export_image(&engine_name(platform, image)).await?)
}

#[cfg(test)]
mod tests;
