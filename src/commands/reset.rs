//! `novadock reset`: removes everything that this installation made, on the engine and on disk.
//!
//! Nothing without our label is touched; the data folder is emptied last, so that a reset that
//! fails half-way can be repeated. A network that the engine does not let go of does not keep the
//! rest: it is told at the end.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use kit::clock::Clock;
use kit::engine::{Engine, EngineError, Routing, owns_image, owns_reference};
use kit::error::{Error, Result};
use kit::ids::InstallationId;

use super::{block_on, print};
use crate::app;
use crate::cli::Common;

pub(crate) fn run(common: &Common, yes: bool) -> Result<()> {
    let data_dir = common.data_dir()?;
    if !data_dir.join("installation").exists() {
        return print(&format!("nothing to remove: {} holds no installation", data_dir.display()));
    }
    let _lock = app::lock(&data_dir)?;
    if !yes && !confirmed(&data_dir)? {
        return print("nothing was removed");
    }
    let installation = app::installation(&data_dir)?;
    let engine = app::connect(&common.settings()?, &installation, &Clock::system())?;
    block_on(async {
        // Who may not take it away did not put it there.
        if let Err(error) = metadata::clean_up(&installation).await {
            tracing::debug!(%error, "the metadata address was not looked for");
        }
        empty_engine(engine, installation).await
    })?;
    empty_folder(&data_dir)?;
    print(&format!("{} is empty", data_dir.display()))
}

fn confirmed(data_dir: &Path) -> Result<bool> {
    print(&format!(
        "This removes every server, network, volume and image that Novadock made, and all of {}.\nType yes to go on:",
        data_dir.display()
    ))?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

async fn empty_engine(engine: Arc<dyn Engine>, installation: InstallationId) -> Result<()> {
    engine.ping().await.map_err(|error| {
        Error::unavailable(format!("the engine must answer for a reset: {error}"))
    })?;
    for instance in engine.list().await? {
        print(&format!("removing container {}", instance.name))?;
        engine.remove(&instance.name).await?;
    }
    let mut kept = Ok(());
    for network in engine.networks().await? {
        print(&format!("removing network {}", network.name))?;
        match engine.remove_network(&network.name).await {
            Err(EngineError::Busy(why)) => kept = Err(Error::conflict(why)),
            answer => answer?,
        }
    }
    match engine.apply_routing(&Routing::default()).await {
        // Where it can't be set, none was set.
        Ok(()) | Err(EngineError::Unsupported(_)) => {}
        Err(error) => return Err(error.into()),
    }
    for volume in engine.volumes().await? {
        print(&format!("removing volume {}", volume.name))?;
        engine.remove_volume(&volume.name).await?;
    }
    for image in engine.images().await? {
        let made_by_us = owns_image(&installation, &image);
        let ours = |name: &&String| made_by_us || owns_reference(&installation, name);
        for reference in image.references.iter().filter(ours) {
            print(&format!("removing image {reference}"))?;
            engine.remove_image(reference).await?;
        }
    }
    kept
}

fn empty_folder(data_dir: &Path) -> Result<()> {
    for entry in std::fs::read_dir(data_dir)? {
        let path = entry?.path();
        if path.is_dir() { std::fs::remove_dir_all(path)? } else { std::fs::remove_file(path)? }
    }
    Ok(())
}
