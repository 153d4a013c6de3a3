//! Routers and floating IPs ⇄ the engine.
//!
//! Two reconcilers, for the rows are the truth. [`Routers`] says to the engine as a whole which
//! networks lead where; [`FloatingAddresses`] gives each guest that runs the addresses that lead to
//! it, as interfaces on the external networks, and takes away those that no longer do. Both look
//! at the start, after a commit that touches their rows, and when the engine says that something
//! happened: a kill in the middle is mended by the next look.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kit::engine::{
    Attachment, EngineError, EngineEvent, LABEL_ID, LABEL_KIND, Observed, Power, Routing,
};
use kit::error::Result;
use kit::ids::{FloatingIpId, NetworkId, ServerId};
use kit::platform::Platform;
use kit::workflow::{Failure, Reconciler};
use rusqlite::Connection;

use crate::filters::enforcement;
use crate::floating_ips::store::Leading;
use crate::networks::model::Network;
use crate::{floating_ips, networks, port_forwardings, ports, reconcile, routers};

/// The kind that labels servers on the engine.
const SERVER: &str = "server";

/// Says to the engine which networks lead where, and which ports of floating IPs.
pub(crate) struct Routers;

#[async_trait]
impl Reconciler for Routers {
    fn name(&self) -> &'static str {
        "routing"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        // Nobody need be on an external network for ports of its addresses to lead somewhere.
        for network in platform.store.read(forwarding_networks).await? {
            let made = reconcile::ensure(platform, &network).await;
            made.map_err(|(Failure::Retry(error) | Failure::Fail(error))| error)?;
        }
        apply(platform).await
    }

    async fn some(&self, platform: &Arc<Platform>, _: &BTreeSet<String>) -> Result<()> {
        self.all(platform).await
    }

    /// A new network of the engine is told by whoever makes it; guests come and go without it.
    fn interested(&self, _: &EngineEvent) -> Option<String> {
        None
    }

    fn tables(&self) -> &'static [&'static str] {
        &["router", "network", "port_forwarding"]
    }
}

/// Makes the engine route as the rows say, where it can.
pub(crate) async fn apply(platform: &Arc<Platform>) -> Result<()> {
    let read = |db: &Connection| Ok((wanted(db)?, port_forwardings::store::waiting(db)?));
    let (routing, waiting) = platform.store.read(read).await?;
    match platform.engine.apply_routing(&routing).await {
        Err(EngineError::Unsupported(why)) => {
            tracing::debug!(why, "networks lead where the engine lets them");
            Ok(())
        }
        answer => {
            answer?;
            note_status(platform, waiting).await
        }
    }
}

/// The external networks of which ports of addresses lead somewhere.
fn forwarding_networks(connection: &Connection) -> Result<BTreeSet<NetworkId>> {
    let forwards = port_forwardings::store::forwards(connection)?;
    Ok(forwards.into_iter().map(|(network, _)| network).collect())
}

/// What the rows say. A shared network is the operator's and leads out without a router, as an
/// external one does; a project's own leads nowhere but where its routers do.
fn wanted(connection: &Connection) -> Result<Routing> {
    let mut routing = Routing::default();
    let name = Network::engine_name;
    let mut by_router: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (router, network) in routers::store::joined(connection)? {
        by_router.entry(router).or_default().push(network);
    }
    let ways_out = routers::store::ways_out(connection)?;
    let mut open = BTreeSet::new();
    for (router, joined) in &by_router {
        for (at, one) in joined.iter().enumerate() {
            let others = joined.iter().skip(at + 1).filter(|other| *other != one);
            routing.joined.extend(others.map(|other| (name(one), name(other))));
        }
        if let Some(external) = ways_out.get(router) {
            routing.outward.extend(joined.iter().map(|inside| (name(inside), name(external))));
            open.extend(joined.iter().cloned());
        }
    }
    for network in networks::store::of_projects(connection)? {
        if !open.contains(&network) {
            routing.closed.insert(name(&network));
        }
    }
    let forwards = port_forwardings::store::forwards(connection)?;
    routing.forwarded = forwards.into_iter().map(|(_, forward)| forward).collect();
    routing.routes = routers::routes::wanted(connection)?.into_iter().collect();
    Ok(routing)
}

/// Gives guests the floating IPs that lead to them.
pub(crate) struct FloatingAddresses;

#[async_trait]
impl Reconciler for FloatingAddresses {
    fn name(&self) -> &'static str {
        "floating addresses"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        // Read before the guests: what leads somewhere since has to wait for the next look.
        let waiting = platform.store.read(floating_ips::store::waiting).await?;
        let seen = platform.engine.list().await?;
        settle(platform, seen.iter().filter(|guest| is_server(guest)).collect()).await?;
        note_status(platform, waiting).await
    }

    async fn some(&self, platform: &Arc<Platform>, names: &BTreeSet<String>) -> Result<()> {
        // Most clouds have none, and guests come and go all the time.
        if !platform.store.read(floating_ips::store::any).await? {
            return Ok(());
        }
        let mut seen = Vec::new();
        for name in names {
            seen.extend(platform.engine.inspect(name).await?);
        }
        settle(platform, seen.iter().filter(|guest| is_server(guest)).collect()).await
    }

    fn interested(&self, event: &EngineEvent) -> Option<String> {
        event.instance().map(str::to_owned)
    }

    fn tables(&self) -> &'static [&'static str] {
        &["floating_ip", "router", "cable_due"]
    }
}

fn is_server(guest: &Observed) -> bool {
    guest.labels.get(LABEL_KIND).is_some_and(|kind| kind == SERVER)
}

/// What the rows say of a guest's interfaces on external networks.
#[derive(Debug, Default)]
struct Wish {
    /// The external networks that it has no port of its own on, by their names on the engine.
    external: BTreeSet<String>,
    /// The floating IPs that lead to it, one per network.
    leading: BTreeMap<String, Leading>,
}

/// What to do to a guest.
#[derive(Debug, PartialEq)]
enum Change {
    Detach(String),
    Attach(Attachment),
}

async fn settle(platform: &Arc<Platform>, guests: Vec<&Observed>) -> Result<()> {
    for guest in guests {
        let device = guest.labels.get(LABEL_ID).cloned().unwrap_or_default();
        let server = ServerId::from(device.as_str());
        let wish = platform.store.read(move |db: &Connection| wish(db, &device)).await?;
        for change in changes(guest, &wish) {
            carry_out(platform, &guest.name, &server, &wish, change).await?;
        }
    }
    Ok(())
}

async fn carry_out(
    platform: &Arc<Platform>,
    guest: &str,
    server: &ServerId,
    wish: &Wish,
    change: Change,
) -> Result<()> {
    let answer = match change {
        Change::Detach(network) => platform.engine.detach(guest, &network).await,
        Change::Attach(attachment) => {
            if let Some(leading) = wish.leading.get(&attachment.network) {
                let made = reconcile::ensure(platform, &leading.network).await;
                made.map_err(|(Failure::Retry(error) | Failure::Fail(error))| error)?;
            }
            platform.engine.attach(guest, &attachment).await
        }
    };
    match answer {
        // Nothing passes at a new interface before.
        Ok(()) => enforcement::set(platform, &[(server.clone(), guest.to_owned())]).await,
        // It has gone since it was seen.
        Err(EngineError::NotFound(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn wish(connection: &Connection, device: &str) -> Result<Wish> {
    let own: Vec<_> = ports::store::of_owner(connection, device)?;
    let external = networks::store::external(connection)?;
    let external: BTreeSet<String> = external
        .iter()
        .filter(|network| own.iter().all(|port| port.network != **network))
        .map(Network::engine_name)
        .collect();
    let mut leading = BTreeMap::new();
    for one in floating_ips::store::of_device(connection, device)? {
        leading.entry(Network::engine_name(&one.network)).or_insert(one);
    }
    leading.retain(|network, _| external.contains(network));
    Ok(Wish { external, leading })
}

/// What brings a guest in step. One at rest gets nothing new: its start is told, and looked at
/// then; but it loses what does not lead to it any more.
fn changes(guest: &Observed, wish: &Wish) -> Vec<Change> {
    let mut changes = Vec::new();
    let fits = |there: &Attachment| {
        let leading = wish.leading.get(&there.network);
        leading.is_some_and(|leading| there.addresses.contains(&leading.address))
    };
    let there: Vec<_> =
        guest.attachments.iter().filter(|one| wish.external.contains(&one.network)).collect();
    let wrong = there.iter().filter(|one| !fits(one));
    changes.extend(wrong.map(|one| Change::Detach(one.network.clone())));
    if guest.power == Power::Running {
        let has = |network: &str| there.iter().any(|one| one.network == network && fits(one));
        let missing = wish.leading.iter().filter(|(network, _)| !has(network));
        changes.extend(missing.map(|(network, leading)| {
            Change::Attach(Attachment {
                network: network.clone(),
                addresses: vec![leading.address],
                mac: leading.mac.clone(),
                up: true,
            })
        }));
    }
    changes
}

/// Says of what leads somewhere that it does, once every guest has what leads to it, or the host
/// leads its ports.
async fn note_status(platform: &Arc<Platform>, waiting: Vec<(FloatingIpId, i64)>) -> Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let now = platform.clock.now();
    let write = move |db: &Connection| {
        waiting
            .iter()
            .try_for_each(|(id, revision)| floating_ips::store::activate(db, id, *revision, now))
    };
    platform.store.write("floating addresses", write).await
}

#[cfg(test)]
mod tests;
