//! Guests in step with security groups and port security: who starts a guest sets its filter, and
//! the reconciler here sets it again whenever the rows ask for another one or the guest starts by
//! another hand.
//!
//! What a filter is, the network service says; which guest has it, and when, is compute's affair.
//! Only guests whose filters are out of date are touched: the transaction that makes them so notes
//! it, and the note goes when the engine has the new filter. So a kill in between loses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kit::Platform;
use kit::engine::filter::Filter;
use kit::engine::{EngineError, EngineEvent};
use kit::error::Result;
use kit::ids::ServerId;
use kit::workflow::Reconciler;

use crate::servers::model::{engine_name, rescue_name, server_of_guest};

/// Whether guests are filtered where the engine can.
pub(crate) fn are_enforced(platform: &Platform) -> bool {
    platform.settings.network.enforce_security_groups != "off"
}

/// Sets the filter of a guest that has just been started, as the rows ask for it now.
pub(crate) async fn apply(platform: &Platform, server: &ServerId, guest: &str) -> Result<()> {
    match wanted(platform, vec![server.clone()]).await?.remove(server) {
        Some(filter) => set(platform, guest, &filter).await,
        None => Ok(()),
    }
}

/// The reconciler of filters.
pub(crate) struct GuestFilters;

#[async_trait]
impl Reconciler for GuestFilters {
    fn name(&self) -> &'static str {
        "guest filters"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        let last = platform.store.read(network::facade::due_filters).await?.map(|(last, _)| last);
        let guests = platform.engine.list().await?.into_iter().map(|guest| guest.name);
        renew(platform, guests.collect()).await?;
        forget(platform, last).await
    }

    async fn some(&self, platform: &Arc<Platform>, keys: &BTreeSet<String>) -> Result<()> {
        renew(platform, keys.iter().cloned().collect()).await
    }

    async fn changed(&self, platform: &Arc<Platform>) -> Result<()> {
        let Some((last, servers)) = platform.store.read(network::facade::due_filters).await? else {
            return Ok(());
        };
        let guests = servers.iter().flat_map(|id| [engine_name(id), rescue_name(id)]);
        renew(platform, guests.collect()).await?;
        forget(platform, Some(last)).await
    }

    fn interested(&self, event: &EngineEvent) -> Option<String> {
        match event {
            EngineEvent::Instance(name) => Some(name.clone()),
            EngineEvent::Image(_)
            | EngineEvent::Network(_)
            | EngineEvent::Volume(_)
            | EngineEvent::Gap => None,
        }
    }

    fn tables(&self) -> &'static [&'static str] {
        &["filter_due"]
    }
}

/// Sets the filters of these guests anew.
async fn renew(platform: &Platform, guests: Vec<String>) -> Result<()> {
    let servers = guests.iter().filter_map(|name| server_of_guest(name));
    let filters = wanted(platform, servers.collect()).await?;
    for guest in &guests {
        if let Some(filter) = server_of_guest(guest).and_then(|server| filters.get(&server)) {
            set(platform, guest, filter).await?;
        }
    }
    Ok(())
}

async fn forget(platform: &Platform, last: Option<i64>) -> Result<()> {
    let Some(last) = last else { return Ok(()) };
    let forget = move |db: &rusqlite::Connection| network::facade::forget_due_filters(db, last);
    platform.store.write("guest_filters:forget", forget).await
}

/// The filters that the rows ask for. Where nothing is enforced they let everything through: a
/// guest may have been made while that was otherwise.
async fn wanted(platform: &Platform, servers: Vec<ServerId>) -> Result<BTreeMap<ServerId, Filter>> {
    let read = move |db: &rusqlite::Connection| network::facade::filters_of(db, &servers);
    let mut filters = platform.store.read(read).await?;
    if !are_enforced(platform) {
        let interfaces = filters.values_mut().flat_map(|filter| &mut filter.interfaces);
        interfaces.for_each(|interface| interface.guard = None);
    }
    Ok(filters)
}

async fn set(platform: &Platform, guest: &str, filter: &Filter) -> Result<()> {
    match platform.engine.set_filter(guest, filter).await {
        // `doctor` and the list of extensions say so.
        Ok(()) | Err(EngineError::Unsupported(_)) => Ok(()),
        Err(error) if !are_enforced(platform) => {
            tracing::warn!(guest, %error, "a filter that was to go may be there still");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
