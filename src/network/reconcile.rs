//! Engine networks ⇄ rows.
//!
//! A network of the engine is made when a guest first needs it ([`ensure`], from boot's act), those
//! of the first start at once ([`reserve`]), and removed by [`sweep`] once its row is gone, or once its row has other subnets or another MTU
//! and nobody is on it. The rows are the truth; the engine's networks are a cache of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use ipnet::IpNet;
use kit::engine::{
    EngineError, EngineEvent, EngineNetwork, EngineResult, LABEL_ID, LABEL_INSTALLATION,
    LABEL_KIND, LABEL_PROJECT, Labels, NetworkSpec, Pool,
};
use kit::error::{Error, Result};
use kit::ids::{NetworkId, ProjectId};
use kit::platform::Platform;
use kit::workflow::{Failure, Reconciler};

use crate::networks::model::Network;
use crate::subnets::model::Subnet;
use crate::{ipam, networks, routing, subnets};

/// The kind that labels our networks on the engine.
const KIND: &str = "network";

/// Sweeps whenever rows or the engine's networks changed.
pub(crate) struct EngineNetworks;

#[async_trait]
impl Reconciler for EngineNetworks {
    fn name(&self) -> &'static str {
        "engine networks"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        sweep(platform).await
    }

    /// One sweep is one call to the engine, however many networks are named.
    async fn some(&self, platform: &Arc<Platform>, _: &BTreeSet<String>) -> Result<()> {
        sweep(platform).await
    }

    fn interested(&self, event: &EngineEvent) -> Option<String> {
        match event {
            EngineEvent::Network(name) => Some(name.clone()),
            EngineEvent::Instance(_)
            | EngineEvent::Image(_)
            | EngineEvent::Volume(_)
            | EngineEvent::Gap => None,
        }
    }

    fn tables(&self) -> &'static [&'static str] {
        &["network", "subnet"]
    }
}

/// Removes the networks of the engine that no row asks for any more.
pub(crate) async fn sweep(platform: &Arc<Platform>) -> Result<()> {
    // The engine first: whatever it has by now had a row before, so a network that is made
    // meanwhile is not taken for one without a row.
    let present = platform.engine.networks().await?;
    let specs = wanted(platform).await?;
    for found in present {
        if found.labels.get(LABEL_KIND).is_none_or(|kind| kind != KIND) {
            continue;
        }
        let fits = specs.iter().any(|spec| spec.name == found.name && holds(&found, spec));
        if !fits && found.instances.is_empty() {
            remove(platform, &found.name).await?;
        }
    }
    Ok(())
}

/// Makes the network on the engine, or finds it there.
pub(crate) async fn ensure(platform: &Arc<Platform>, id: &NetworkId) -> Result<(), Failure> {
    let owned = id.clone();
    let rows = platform.store.read(move |connection| {
        let network = networks::store::get_for_system(connection, &owned)?;
        let subnets = subnets::store::of_network(connection, &owned)?;
        Ok(network.map(|network| (network, subnets)))
    });
    let gone = || Error::not_found(format!("Network {id} could not be found."));
    let (network, subnets) = rows.await?.ok_or_else(gone)?;
    let spec = spec(platform, &network, &subnets);
    match platform.engine.network(&spec.name).await? {
        Some(found) if holds(&found, &spec) => return Ok(()),
        // A pool that a deleted subnet left behind could be in the way. What has instances stays.
        Some(_) | None => sweep(platform).await?,
    }
    platform.engine.ensure_network(&spec).await?;
    // Before the first guest is on it: a new network leads where the engine lets it.
    routing::apply(platform).await?;
    Ok(())
}

/// Makes a network on the engine that has no rows yet, and so takes its range before any other
/// installation does; a sweep removes it again if no rows follow. For the first start.
pub(crate) async fn reserve(
    platform: &Platform,
    id: &NetworkId,
    project: &ProjectId,
    cidr: IpNet,
) -> EngineResult<()> {
    let gateway = Some(ipam::default_gateway(cidr));
    let pools = vec![Pool { cidr: cidr.to_string(), gateway }];
    let spec = NetworkSpec {
        mtu: u32::try_from(platform.settings.network.mtu).unwrap_or(0),
        ..labelled(platform, id, project, pools)
    };
    platform.engine.ensure_network(&spec).await.map(drop)
}

async fn remove(platform: &Platform, name: &str) -> Result<()> {
    match platform.engine.remove_network(name).await {
        // Somebody joined meanwhile; the next sweep looks again.
        Ok(()) | Err(EngineError::Busy(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether the network of the engine has the pools of the rows, and carries packets as large.
fn holds(found: &EngineNetwork, spec: &NetworkSpec) -> bool {
    let cidrs =
        |pools: &[Pool]| pools.iter().map(|pool| pool.cidr.clone()).collect::<BTreeSet<_>>();
    found.mtu == spec.mtu && cidrs(&found.pools) == cidrs(&spec.pools)
}

async fn wanted(platform: &Arc<Platform>) -> Result<Vec<NetworkSpec>> {
    let reader = Arc::clone(platform);
    let read = move |connection: &rusqlite::Connection| {
        let mut specs = Vec::new();
        for id in networks::store::ids(connection)? {
            if let Some(network) = networks::store::get_for_system(connection, &id)? {
                let subnets = subnets::store::of_network(connection, &id)?;
                specs.push(spec(&reader, &network, &subnets));
            }
        }
        Ok(specs)
    };
    platform.store.read(read).await
}

/// What the engine is to make of a network's rows.
fn spec(platform: &Platform, network: &Network, subnets: &[Subnet]) -> NetworkSpec {
    let pools = subnets
        .iter()
        .map(|subnet| Pool {
            cidr: subnet.cidr.to_string(),
            gateway: Some(subnet.engine_address()),
        })
        .collect();
    NetworkSpec {
        // No gateway, no way out.
        internal: !subnets.is_empty() && subnets.iter().all(|subnet| subnet.gateway_ip.is_none()),
        mtu: u32::try_from(network.mtu).unwrap_or(0),
        ..labelled(platform, &network.id, &network.project, pools)
    }
}

fn labelled(
    platform: &Platform,
    id: &NetworkId,
    project: &ProjectId,
    pools: Vec<Pool>,
) -> NetworkSpec {
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    NetworkSpec {
        name: Network::engine_name(id),
        labels: Labels::from([
            label(LABEL_INSTALLATION, platform.installation.as_str()),
            label(LABEL_KIND, KIND),
            label(LABEL_ID, id.as_str()),
            label(LABEL_PROJECT, project.as_str()),
        ]),
        pools,
        ..NetworkSpec::default()
    }
}
