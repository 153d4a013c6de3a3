//! The networks that exist from the first start: `public` leads outside, `shared` is for
//! everybody.
//!
//! Called once per start by the root, through [`crate::facade::bootstrap`]. Makes each of them
//! once in the life of a database: one that an administrator deleted stays away.

use std::sync::Arc;

use ipnet::IpNet;
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::ProjectId;
use kit::platform::Platform;
use rusqlite::Connection;

use crate::networks::model::NewNetwork;
use crate::subnets::model::NewSubnet;
use crate::{ipam, networks, subnets};

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
    let foreign = pools_of_the_engine(platform).await;
    let (platform, owner) = (Arc::clone(platform), owner.clone());
    let now = platform.clock.now();
    let store = platform.store.clone();
    let write = move |connection: &Connection| {
        NETWORKS
            .iter()
            .try_for_each(|first| make(&platform, connection, now, &owner, first, &foreign))
    };
    store.write("network:bootstrap", write).await
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

fn make(
    platform: &Platform,
    connection: &Connection,
    now: Time,
    owner: &ProjectId,
    first: &First,
    foreign: &[IpNet],
) -> Result<()> {
    if !networks::store::note_bootstrap(connection, first.name)? {
        return Ok(());
    }
    let setting = (first.cidr)(platform);
    let wanted: IpNet = setting.parse().map_err(|_| {
        Error::bad_request(format!("setting [network] {}_cidr: {setting} is no range", first.name))
    })?;
    let mut used = subnets::store::ranges(connection)?;
    used.extend_from_slice(foreign);
    let cidr = ipam::next_free_range(wanted, &used).ok_or_else(|| {
        Error::conflict(format!("no free range for the network {} near {wanted}", first.name))
    })?;
    if cidr != wanted {
        tracing::warn!(network = first.name, %wanted, %cidr, "range taken, using the next free one");
    }
    let new = NewNetwork {
        name: first.name.to_owned(),
        shared: first.shared,
        external: first.external,
        ..NewNetwork::default()
    };
    let settings = &platform.settings.network;
    let network = networks::logic::create(connection, now, settings, owner, new)?;
    let subnet = NewSubnet::plain(&network.id, first.subnet, cidr);
    subnets::logic::create(connection, now, owner, &network, subnet)?;
    Ok(())
}
