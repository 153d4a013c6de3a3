//! Which range a new subnet gets: the one asked for, or one cut from a pool.

use ipnet::IpNet;
use kit::Result;
use kit::ids::{ProjectId, SubnetPoolId};
use rusqlite::Connection;

use super::model::{NewSubnet, ip_version};
use crate::resource::Actor;
use crate::subnetpools::model::SubnetPool;
use crate::{errors, subnetpools};

/// A range, and the pool it was cut from.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    pub(crate) cidr: IpNet,
    pub(crate) pool: Option<SubnetPoolId>,
}

/// Decides the range of a subnet to be made. Call it inside the write closure that inserts it.
pub(super) fn choose(
    actor: &Actor,
    connection: &Connection,
    project: &ProjectId,
    new: &NewSubnet,
) -> Result<Range> {
    if new.cidr.is_some() && new.prefixlen.is_some() {
        return Err(refused("cidr and prefixlen must not be supplied together"));
    }
    let cidr = new.cidr.map(|cidr| cidr.trunc());
    let Some(id) = pool_of(connection, new)? else {
        let cidr =
            cidr.ok_or_else(|| refused("a subnetpool must be specified in the absence of a cidr"))?;
        return Ok(Range { cidr, pool: None });
    };
    if cidr.is_none() && new.allocation_pools.is_some() {
        return Err(refused("allocation_pools allowed only for specific subnet requests."));
    }
    let pool: SubnetPool = actor.see(connection, id.as_str())?.0;
    if new.ip_version != pool.ip_version() {
        return Err(refused(&format!(
            "Cannot allocate IPv{} subnet from IPv{} subnet pool",
            new.ip_version,
            pool.ip_version()
        )));
    }
    let cidr = subnetpools::logic::cut(connection, &pool, project, cidr, new.prefixlen)?;
    Ok(Range { cidr, pool: Some(pool.id) })
}

/// The pool that is named, or the default one where that is asked for.
fn pool_of(connection: &Connection, new: &NewSubnet) -> Result<Option<SubnetPoolId>> {
    if !new.use_default_subnetpool {
        return Ok(new.subnetpool_id.clone());
    }
    if new.subnetpool_id.is_some() {
        return Err(refused("subnetpool_id and use_default_subnetpool cannot both be specified"));
    }
    let version = new.cidr.map_or(new.ip_version, ip_version);
    match subnetpools::store::default_of(connection, version)? {
        Some(id) => Ok(Some(id)),
        None => Err(refused(&format!("No default subnetpool found for IPv{version}"))),
    }
}

fn refused(reason: &str) -> kit::Error {
    errors::bad_resource("subnets", reason)
}
