//! Guests that start by another hand than ours have again the addresses that an engine does not give:
//! those of an interface beyond the first of each IP version.
//!
//! Whoever starts a guest asks for them himself (`servers/steps.rs`); here are the starts that `docker`
//! was asked for, and those of an engine that came back.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use kit::Platform;
use kit::engine::{Attachment, EngineError, EngineEvent};
use kit::error::Result;
use kit::ids::ServerId;
use kit::workflow::Reconciler;
use network::facade::Nic;
use rusqlite::Connection;

use crate::servers::model::{engine_name, server_of_guest};
use crate::servers::store;

/// The reconciler of addresses.
pub(crate) struct GuestAddresses;

#[async_trait]
impl Reconciler for GuestAddresses {
    fn name(&self) -> &'static str {
        "guest addresses"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        renew(platform, platform.store.read(network::facade::with_more_addresses).await?).await
    }

    async fn some(&self, platform: &Arc<Platform>, keys: &BTreeSet<String>) -> Result<()> {
        // A rescue's guest has another name, and none of them.
        let own = |name: &String| server_of_guest(name).filter(|id| engine_name(id) == *name);
        renew(platform, keys.iter().filter_map(own).collect()).await
    }

    fn interested(&self, event: &EngineEvent) -> Option<String> {
        event.instance().map(str::to_owned)
    }
}

/// Gives them to the guests of these servers, but of those that something is being done to: whoever
/// does it knows better.
async fn renew(platform: &Arc<Platform>, servers: BTreeSet<ServerId>) -> Result<()> {
    for server in servers {
        let guest = engine_name(&server);
        for attachment in platform.store.read(move |db| lacking(db, &server)).await? {
            match platform.engine.attach(&guest, &attachment).await {
                // A guest that is not there gets them when it is made.
                Ok(()) | Err(EngineError::NotFound(_) | EngineError::Unsupported(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

fn lacking(connection: &Connection, server: &ServerId) -> Result<Vec<Attachment>> {
    if store::living_one(connection, server)?.is_none_or(|server| server.busy) {
        return Ok(Vec::new());
    }
    let mut nics = network::facade::nics_of(connection, server)?;
    nics.retain(Nic::has_more_addresses);
    Ok(nics.iter().map(Nic::attachment).collect())
}
