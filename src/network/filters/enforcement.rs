//! Filters → guests: sets them on the engine, and knows whether they hold there.
//!
//! Steps and reconcilers call it, through the facade those of compute: whoever starts a guest, gives
//! it an interface or finds its filter out of date. What a filter lets through, it never decides.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use kit::engine::EngineError;
use kit::engine::filter::Filter;
use kit::error::Result;
use kit::ids::ServerId;
use kit::platform::Platform;

/// Whether the host was seen to filter nobody: the list of extensions tells it.
#[derive(Debug, Default)]
pub(crate) struct Unfiltered(AtomicBool);

/// Whether guests are to be filtered where the engine can.
pub(crate) fn is_wished(platform: &Platform) -> bool {
    platform.settings.network.enforce_security_groups != "off"
}

/// Whether what the API keeps of groups and ports is not enforced, as far as is known.
pub(crate) fn is_lacking(platform: &Platform) -> bool {
    let seen = platform.extension::<Unfiltered>();
    !is_wished(platform) || seen.is_ok_and(|seen| seen.0.load(Ordering::Relaxed))
}

/// Looks whether the engine can filter.
pub(crate) async fn look(platform: &Platform) -> Result<()> {
    let unfiltered = platform.engine.info().await?.unfiltered;
    let known = platform.extension::<Unfiltered>()?;
    let was = known.0.swap(unfiltered.is_some(), Ordering::Relaxed);
    if let (false, Some(why)) = (was, unfiltered) {
        tracing::info!(why, "security groups are not enforced");
    }
    Ok(())
}

/// Sets the filters of these guests, named beside their servers, as the rows ask for them now.
pub(crate) async fn set(platform: &Platform, guests: &[(ServerId, String)]) -> Result<()> {
    let servers = guests.iter().map(|(server, _)| server.clone()).collect();
    let filters = wanted(platform, servers).await?;
    for (server, guest) in guests {
        if let Some(filter) = filters.get(server) {
            set_one(platform, guest, filter).await?;
        }
    }
    Ok(())
}

/// The filters that the rows ask for. Where nothing is enforced they let everything through: a
/// guest may have been made while that was otherwise.
async fn wanted(platform: &Platform, servers: Vec<ServerId>) -> Result<BTreeMap<ServerId, Filter>> {
    let enforced = is_wished(platform);
    platform.store.read(move |db| super::of_servers(db, &servers, enforced)).await
}

async fn set_one(platform: &Platform, guest: &str, filter: &Filter) -> Result<()> {
    match platform.engine.set_filter(guest, filter).await {
        // `doctor` and the list of extensions say so.
        Ok(()) | Err(EngineError::Unsupported(_)) => Ok(()),
        Err(error) if !is_wished(platform) => {
            tracing::warn!(guest, %error, "a filter that was to go may be there still");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
