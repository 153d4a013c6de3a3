//! What brings rows, files and the engine back in step, whatever was missed.
//!
//! Images are few and looking at all of them is one call, so every event leads to a look at all:
//! a start, an event, a lost event and a timer are one path.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use kit::Platform;
use kit::engine::{EngineError, EngineEvent, EngineImage};
use kit::error::Result;
use kit::ids::ImageId;
use kit::tasks;
use kit::workflow::Reconciler;

use crate::cache::listing::{self, Plan};
use crate::cache::reference;
use crate::data::files::{self, Files};
use crate::images::model::{Image, ImageStatus, Source};
use crate::images::store;

/// Keeps images in step.
#[derive(Debug)]
pub(crate) struct Images;

#[async_trait]
impl Reconciler for Images {
    fn name(&self) -> &'static str {
        "images"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        in_step(platform).await
    }

    async fn some(&self, platform: &Arc<Platform>, _: &BTreeSet<String>) -> Result<()> {
        in_step(platform).await
    }

    fn interested(&self, event: &EngineEvent) -> Option<String> {
        match event {
            EngineEvent::Image(id) => Some(id.clone()),
            EngineEvent::Instance(_)
            | EngineEvent::Network(_)
            | EngineEvent::Volume(_)
            | EngineEvent::Gap => None,
        }
    }

    /// The data of a deleted row goes at once, not at the next interval.
    fn tables(&self) -> &'static [&'static str] {
        &["image"]
    }
}

/// At the start: what the end of the process cut off, then a first look at the engine.
pub(crate) async fn start(platform: &Arc<Platform>) -> Result<()> {
    recover(platform).await?;
    if let Err(error) = in_step(platform).await {
        tracing::warn!(%error, "the engine's images are listed when it answers");
    }
    Ok(())
}

/// Before anything else runs: uploads that the end of the process cut off.
async fn recover(platform: &Arc<Platform>) -> Result<()> {
    let files = Files::new(&platform.data_dir);
    tasks::blocking(move || {
        files.prepare()?;
        files.clear_staging()
    })
    .await?;
    let now = platform.clock.now();
    let broken = platform
        .store
        .write("images:recover", move |tx| store::requeue_broken_uploads(tx, now))
        .await?;
    if broken > 0 {
        tracing::info!(broken, "uploads that were cut off wait for another one");
    }
    Ok(())
}

/// The images of the engine become rows, and rows without an image go; images and files of rows
/// that are gone are removed.
async fn in_step(platform: &Arc<Platform>) -> Result<()> {
    remove_dead_files(platform).await?;
    let present = platform.engine.images().await?;
    list_engine_images(platform, &present).await?;
    remove_dead_images(platform, &present).await
}

async fn list_engine_images(platform: &Arc<Platform>, present: &[EngineImage]) -> Result<()> {
    let listed = platform.settings.image.engine_images;
    let present = if listed { present.to_vec() } else { Vec::new() };
    let (installation, now) = (platform.installation.clone(), platform.clock.now());
    let plan = platform
        .store
        .read(move |db| {
            let rows = store::list_of_source(db, Source::Engine)?;
            Ok(listing::plan(&installation, rows, &present, now))
        })
        .await?;
    if plan == Plan::default() {
        return Ok(());
    }
    platform
        .store
        .write("images:list_engine", move |tx| {
            plan.forget.iter().try_for_each(|id| store::forget(tx, id))?;
            plan.update.iter().try_for_each(|row| store::update(tx, row).map(drop))?;
            plan.insert.iter().try_for_each(|row| store::insert(tx, row))
        })
        .await
}

/// Takes our references off images whose rows are gone. An image that a server still uses stays
/// until a later pass.
async fn remove_dead_images(platform: &Arc<Platform>, present: &[EngineImage]) -> Result<()> {
    let named: Vec<(ImageId, String)> = present
        .iter()
        .flat_map(|image| &image.references)
        .filter_map(|text| Some((reference::id_of(&platform.installation, text)?, text.clone())))
        .collect();
    let living = living(platform, named.iter().map(|(id, _)| id.clone()).collect()).await?;
    for (id, reference) in named {
        if living.iter().any(|image| image.id == id) {
            continue;
        }
        match platform.engine.remove_image(&reference).await {
            Ok(()) => tracing::info!(image = %id, "removed from the engine"),
            Err(EngineError::Busy(why)) => tracing::debug!(image = %id, why, "still in use"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn remove_dead_files(platform: &Arc<Platform>) -> Result<()> {
    let files = Files::new(&platform.data_dir);
    let lister = files.clone();
    let there: BTreeSet<ImageId> = tasks::blocking(move || lister.list()).await?;
    let living = living(platform, there.iter().cloned().collect()).await?;
    let kept: BTreeSet<ImageId> =
        living.into_iter().filter(may_have_a_file).map(|image| image.id).collect();
    for id in there.difference(&kept) {
        let (files, id) = (files.clone(), id.clone());
        // In the writer thread, so that no upload begins between the look and the removal.
        let set_aside = move |tx: &_| match store::get_for_system(tx, &id)? {
            Some(image) if may_have_a_file(&image) => Ok(None),
            Some(_) | None => files.set_aside(&id).map(Some),
        };
        if let Some(aside) = platform.store.write("images:set_aside", set_aside).await? {
            tasks::blocking(move || files::remove(&aside)).await?;
        }
    }
    Ok(())
}

/// A file is published just before its row says so; only a `queued` image surely has none.
fn may_have_a_file(image: &Image) -> bool {
    image.source == Source::Upload && image.status != ImageStatus::Queued
}

async fn living(platform: &Arc<Platform>, ids: Vec<ImageId>) -> Result<Vec<Image>> {
    platform.store.read(move |db| store::living(db, &ids)).await
}
