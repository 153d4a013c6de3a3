//! Guests in step with security groups and port security: who starts a guest sets its filter, and
//! the reconciler here sets it again whenever the rows ask for another one or the guest starts by
//! another hand.
//!
//! What a filter is, the network service says; which guest has it, and when, is compute's affair.
//! Only guests whose filters are out of date are touched: the transaction that makes them so notes
//! it, and the note goes when the engine has the new filter. So a kill in between loses nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use kit::Platform;
use kit::engine::EngineEvent;
use kit::error::Result;
use kit::ids::ServerId;
use kit::workflow::Reconciler;

use crate::servers::model::{engine_name, rescue_name, server_of_guest};

/// Sets the filter of a guest that has just been started, as the rows ask for it now.
pub(crate) async fn apply(platform: &Platform, server: &ServerId, guest: &str) -> Result<()> {
    network::facade::set_filters(platform, &[(server.clone(), guest.to_owned())]).await
}

/// The reconciler of filters.
pub(crate) struct GuestFilters;

#[async_trait]
impl Reconciler for GuestFilters {
    fn name(&self) -> &'static str {
        "guest filters"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        network::facade::look_at_enforcement(platform).await?;
        let last = platform.store.read(network::facade::due_filters).await?.map(|(last, _)| last);
        let guests = platform.engine.list().await?.into_iter().map(|guest| guest.name);
        renew(platform, guests).await?;
        forget(platform, last).await
    }

    async fn some(&self, platform: &Arc<Platform>, keys: &BTreeSet<String>) -> Result<()> {
        renew(platform, keys.iter().cloned()).await
    }

    async fn changed(&self, platform: &Arc<Platform>) -> Result<()> {
        let Some((last, servers)) = platform.store.read(network::facade::due_filters).await? else {
            return Ok(());
        };
        let guests = servers.iter().flat_map(|id| [engine_name(id), rescue_name(id)]);
        renew(platform, guests).await?;
        forget(platform, Some(last)).await
    }

    fn interested(&self, event: &EngineEvent) -> Option<String> {
        event.instance().map(str::to_owned)
    }

    fn tables(&self) -> &'static [&'static str] {
        &["filter_due"]
    }
}

/// Sets the filters of these guests anew.
async fn renew(platform: &Platform, names: impl Iterator<Item = String>) -> Result<()> {
    let guests = names.filter_map(|name| Some((server_of_guest(&name)?, name)));
    network::facade::set_filters(platform, &guests.collect::<Vec<_>>()).await
}

async fn forget(platform: &Platform, last: Option<i64>) -> Result<()> {
    let Some(last) = last else { return Ok(()) };
    let forget = move |db: &rusqlite::Connection| network::facade::forget_due_filters(db, last);
    platform.store.write("guest_filters:forget", forget).await
}
