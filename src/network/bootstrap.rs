//! The networks that exist from the first start: `public` leads outside, `shared` is for
//! everybody.
//!
//! Called once per start by the root, through [`crate::facade::bootstrap`]. Makes each of them
//! once in the life of a database: one that an administrator deleted stays away.

use std::sync::Arc;

use ipnet::IpNet;
use kit::clock::Time;
use kit::config;
use kit::error::{Error, Result};
use kit::ids::{NetworkId, ProjectId};
use kit::platform::Platform;
use rusqlite::Connection;

use crate::networks::model::NewNetwork;
use crate::subnets::model::NewSubnet;
use crate::subnets::range::Range;
use crate::{ipam, networks, reconcile, subnets};

/// One network of the first start: a row.
struct First {
    name: &'static str,
    subnet: &'static str,
    /// The option of `[network]` with its range.
    cidr: fn(&Platform) -> &str,
    shared: bool,
    external: bool,
}

static NETWORKS: &[First] = &[
    First {
        name: "public",
        subnet: "public-subnet",
        cidr: |platform| &platform.settings.network.public_cidr,
        shared: false,
        external: true,
    },
    First {
        name: "shared",
        subnet: "shared-subnet",
        cidr: |platform| &platform.settings.network.shared_cidr,
        shared: true,
        external: false,
    },
];

/// Makes the networks of [`NETWORKS`] that were never made, for `owner`.
pub(crate) async fn run(platform: &Arc<Platform>, owner: &ProjectId) -> Result<()> {
    for first in NETWORKS {
        let there = |db: &Connection| networks::store::is_bootstrapped(db, first.name);
        if !platform.store.read(there).await? {
            make(platform, owner, first).await?;
        }
    }
    Ok(())
}

/// The engine decides who has a range, then the rows say so: two installations that start on it
/// at the same moment never have the same one. A process that is killed in between leaves a
/// network without rows on the engine, which the first sweep removes.
async fn make(platform: &Arc<Platform>, owner: &ProjectId, first: &'static First) -> Result<()> {
    let wanted = range(platform, first)?;
    let id = NetworkId::random();
    let mut used = platform.store.read(subnets::store::ranges).await?;
    used.extend(pools_of_the_engine(platform).await);
    let cidr = loop {
        let cidr = ipam::next_free_range(wanted, &used).ok_or_else(|| {
            Error::conflict(format!("no free range for the network {} near {wanted}", first.name))
        })?;
        let Err(error) = reconcile::reserve(platform, &id, owner, cidr).await else { break cidr };
        let taken = pools_of_the_engine(platform).await;
        if !taken.iter().any(|pool| ipam::overlap(cidr, *pool)) {
            tracing::warn!(network = first.name, %cidr, %error, "range not reserved on the engine");
            break cidr;
        }
        used.extend(taken);
    };
    if cidr != wanted {
        tracing::warn!(network = first.name, %wanted, %cidr, "range taken, using the next free one");
    }
    let (settings, owner) = (platform.settings.network.clone(), owner.clone());
    let now = platform.clock.now();
    let write = move |db: &Connection| insert(db, now, &settings, &owner, first, id, cidr);
    platform.store.write("network:bootstrap", write).await
}

fn range(platform: &Platform, first: &First) -> Result<IpNet> {
    let setting = (first.cidr)(platform);
    setting.parse().map_err(|_| {
        Error::bad_request(format!("setting [network] {}_cidr: {setting} is no range", first.name))
    })
}

/// Ranges that somebody on this engine uses already, another installation perhaps. An engine that
/// does not answer yet is not waited for.
async fn pools_of_the_engine(platform: &Platform) -> Vec<IpNet> {
    match platform.engine.pools_in_use().await {
        Ok(pools) => pools.iter().filter_map(|pool| pool.parse().ok()).collect(),
        Err(error) => {
            tracing::warn!(%error, "the engine's address pools are unknown, taking the defaults");
            Vec::new()
        }
    }
}

fn insert(
    connection: &Connection,
    now: Time,
    settings: &config::Network,
    owner: &ProjectId,
    first: &First,
    id: NetworkId,
    cidr: IpNet,
) -> Result<()> {
    let new = NewNetwork {
        id: Some(id),
        name: first.name.to_owned(),
        shared: first.shared,
        external: first.external,
        ..NewNetwork::default()
    };
    let network = networks::logic::create(connection, now, settings, owner, new)?;
    let subnet = NewSubnet::plain(&network.id, first.subnet, cidr);
    let range = Range { cidr, pool: None };
    subnets::logic::create(connection, now, owner, &network, range, subnet)?;
    networks::store::note_bootstrap(connection, first.name)
}
