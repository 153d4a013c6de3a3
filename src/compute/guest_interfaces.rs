//! Interfaces in step with their ports, in what no engine gives by itself: addresses beyond the first of
//! each IP version, and a cable that is out, because the port is down.
//!
//! Whoever starts a guest asks for both himself (`servers/steps.rs`); here are the starts that `docker`
//! was asked for, those of an engine that came back, and ports that are taken down or up. The
//! transaction that does so notes it, and the note goes when the guest has followed.

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

/// The reconciler of interfaces.
pub(crate) struct GuestInterfaces;

#[async_trait]
impl Reconciler for GuestInterfaces {
    fn name(&self) -> &'static str {
        "guest interfaces"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        renew(platform, platform.store.read(network::facade::special_interfaces).await?).await?;
        self.changed(platform).await
    }

    async fn some(&self, platform: &Arc<Platform>, keys: &BTreeSet<String>) -> Result<()> {
        // A rescue's guest has another name, and none of them.
        let own = |name: &String| server_of_guest(name).filter(|id| engine_name(id) == *name);
        renew(platform, keys.iter().filter_map(own).collect()).await
    }

    async fn changed(&self, platform: &Arc<Platform>) -> Result<()> {
        let Some((last, servers)) = platform.store.read(network::facade::due_cables).await? else {
            return Ok(());
        };
        for server in servers {
            follow(platform, server).await?;
        }
        let forget = move |db: &Connection| network::facade::forget_due_cables(db, last);
        platform.store.write("guest_interfaces:forget", forget).await
    }

    fn interested(&self, event: &EngineEvent) -> Option<String> {
        event.instance().map(str::to_owned)
    }

    fn tables(&self) -> &'static [&'static str] {
        &["cable_due"]
    }
}

/// Asks for both at the guests of these servers, but at those that something is being done to: whoever
/// does it knows better.
async fn renew(platform: &Arc<Platform>, servers: BTreeSet<ServerId>) -> Result<()> {
    for server in servers {
        let guest = engine_name(&server);
        for attachment in platform.store.read(move |db| lacking(db, &server)).await? {
            ask(platform, &guest, &attachment).await?;
        }
    }
    Ok(())
}

/// Has the guest's interfaces follow their ports: those that it has, whatever else is being done to it.
async fn follow(platform: &Arc<Platform>, server: ServerId) -> Result<()> {
    let guest = engine_name(&server);
    let Some(seen) = platform.engine.inspect(&guest).await? else { return Ok(()) };
    let has = |nic: &Nic| seen.attachments.iter().any(|one| one.network == nic.engine_network);
    let nics = platform.store.read(move |db| network::facade::nics_of(db, &server)).await?;
    for nic in nics.iter().filter(|nic| has(nic)) {
        ask(platform, &guest, &nic.attachment()).await?;
    }
    Ok(())
}

async fn ask(platform: &Arc<Platform>, guest: &str, attachment: &Attachment) -> Result<()> {
    match platform.engine.attach(guest, attachment).await {
        // A guest that is not there gets them when it is made.
        Ok(()) | Err(EngineError::NotFound(_) | EngineError::Unsupported(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn lacking(connection: &Connection, server: &ServerId) -> Result<Vec<Attachment>> {
    if store::living_one(connection, server)?.is_none_or(|server| server.busy) {
        return Ok(Vec::new());
    }
    let mut nics = network::facade::nics_of(connection, server)?;
    nics.retain(Nic::is_special);
    Ok(nics.iter().map(Nic::attachment).collect())
}
