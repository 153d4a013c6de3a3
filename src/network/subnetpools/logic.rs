//! The rules of subnet pools (`neutron/db/db_base_plugin_v2.py`, `neutron/ipam/subnet_alloc.py`).

use ipnet::IpNet;
use kit::Result;
use kit::clock::Time;
use kit::ids::{ProjectId, SubnetPoolId};
use rusqlite::Connection;

use super::model::{
    Bounds, NewSubnetPool, SubnetPool, SubnetPoolChange, WantedBounds, WantedScope,
};
use super::{errors, prefixes, store};
use crate::address_scopes::model::AddressScope;
use crate::rbac_policies::model::{Action, ObjectType, Shares};
use crate::resource::Actor;
use crate::standard::Standard;
use crate::subnets::model::ip_version;
use crate::{errors as general, rbac_policies, subnets};

/// What goes by the IP version: the largest subnet that is not asked for, the smallest there is,
/// and what quotas count.
fn lengths(version: i64) -> (i64, i64, i64) {
    if version == 4 { (8, 32, 32) } else { (64, 128, 64) }
}

/// Makes a pool. Quotas are the caller's business.
pub(crate) fn create(
    actor: &Actor,
    connection: &Connection,
    project: &ProjectId,
    new: NewSubnetPool,
) -> Result<SubnetPool> {
    check_versions(&new.prefixes)?;
    let pool = SubnetPool {
        id: SubnetPoolId::random(),
        project: project.clone(),
        name: new.name,
        description: new.description,
        bounds: bounds(new.prefixes.first().map_or(4, |range| ip_version(*range)), new.bounds)?,
        prefixes: prefixes::compact(&new.prefixes),
        default_quota: new.default_quota,
        address_scope: new.address_scope_id,
        is_default: new.is_default,
        shares: Shares::everybody_if(new.shared),
        standard: Standard { tags: new.tags, ..Standard::new(actor.now, 0) },
    };
    if pool.is_default {
        check_only_default(connection, &pool)?;
    }
    check_scope(actor, connection, &pool)?;
    store::insert(connection, &pool)?;
    if new.shared {
        let what = (ObjectType::SubnetPool, pool.id.as_str());
        rbac_policies::store::share(connection, project, what, Action::Shared)?;
    }
    Ok(pool)
}

/// Changes a pool; it may get ranges, but lose none by this.
pub(crate) fn update(
    actor: &Actor,
    connection: &Connection,
    pool: SubnetPool,
    change: SubnetPoolChange,
) -> Result<()> {
    let ranges = change.prefixes.unwrap_or_else(|| pool.prefixes.clone());
    if !prefixes::covers(&ranges, &pool.prefixes) {
        return Err(errors::prefix_update(
            "Existing prefixes must be a subset of the new prefixes",
        ));
    }
    check_versions(&ranges)?;
    if let Some(scope) = &pool.address_scope {
        let scope: AddressScope = actor.see(connection, scope.as_str())?.0;
        if !actor.is_admin() && actor.caller.project() != Some(&scope.project) {
            return Err(errors::bound_to_scope(&pool.id, &scope.id));
        }
    }
    let wanted = WantedBounds {
        min: change.bounds.min.or(Some(pool.bounds.min)),
        max: change.bounds.max.or(Some(pool.bounds.max)),
        default: change.bounds.default.or(Some(pool.bounds.default)),
    };
    let was_default = pool.is_default;
    let changed = SubnetPool {
        name: change.name.unwrap_or(pool.name),
        description: change.description.unwrap_or(pool.description),
        bounds: bounds(ranges.first().map_or(4, |range| ip_version(*range)), wanted)?,
        prefixes: prefixes::compact(&ranges),
        default_quota: change.default_quota.or(pool.default_quota),
        address_scope: match change.address_scope_id {
            WantedScope::Unsaid => pool.address_scope,
            WantedScope::Outside => None,
            WantedScope::Inside(scope) => Some(scope),
        },
        is_default: change.is_default.unwrap_or(pool.is_default),
        ..pool
    };
    if changed.is_default && !was_default {
        check_only_default(connection, &changed)?;
    }
    check_scope(actor, connection, &changed)?;
    store::update(connection, &changed, actor.now)
}

/// Takes ranges from a pool that no subnet was cut from; the ranges that it has then.
pub(crate) fn remove_prefixes(
    connection: &Connection,
    now: Time,
    pool: SubnetPool,
    unwanted: &[IpNet],
) -> Result<Vec<IpNet>> {
    if !prefixes::meet(&pool.prefixes, unwanted) {
        return Ok(pool.prefixes);
    }
    if prefixes::meet(&store::ranges(connection, &pool.id, None)?, unwanted) {
        return Err(errors::prefix_update(
            "One or more the prefixes to be removed is in use by a subnet.",
        ));
    }
    let left = prefixes::without(&pool.prefixes, unwanted);
    // Neutron leaves an empty pool of whose IP version nothing is known any more.
    check_versions(&left)?;
    store::update(connection, &SubnetPool { prefixes: left.clone(), ..pool }, now)?;
    Ok(left)
}

/// Deletes a pool that no subnet was cut from.
pub(crate) fn delete(connection: &Connection, id: &SubnetPoolId) -> Result<()> {
    if !store::ranges(connection, id, None)?.is_empty() {
        return Err(errors::has_subnets());
    }
    rbac_policies::store::forget(connection, id.as_str())?;
    store::delete(connection, id)
}

/// Cuts a range from a pool: this one, or one with a prefix of this length, or any.
pub(crate) fn cut(
    connection: &Connection,
    pool: &SubnetPool,
    project: &ProjectId,
    wanted: Option<IpNet>,
    length: Option<i64>,
) -> Result<IpNet> {
    let asked = wanted.map(|range| i64::from(range.prefix_len())).or(length);
    let length = asked.unwrap_or(pool.bounds.default);
    if length > pool.bounds.max {
        return Err(errors::too_small(length, pool.bounds.max));
    }
    if length < pool.bounds.min {
        return Err(errors::too_large(length, pool.bounds.min));
    }
    check_quota(connection, pool, project, length)?;
    match wanted {
        Some(range) => take(connection, pool, range),
        None => find(connection, pool, length),
    }
}

/// This range, if no subnet of the pool has an address of it.
fn take(connection: &Connection, pool: &SubnetPool, range: IpNet) -> Result<IpNet> {
    let free = prefixes::without(&pool.prefixes, &store::ranges(connection, &pool.id, None)?);
    if prefixes::covers(&free, &[range]) {
        return Ok(range);
    }
    Err(errors::no_room("Cannot allocate requested subnet from the available set of prefixes"))
}

/// A range with a prefix of this length. Ranges of an engine never overlap, so those of subnets
/// outside the pool are not free either.
fn find(connection: &Connection, pool: &SubnetPool, length: i64) -> Result<IpNet> {
    let free = prefixes::without(&pool.prefixes, &subnets::store::ranges(connection)?);
    let fitting = u8::try_from(length).ok().and_then(|length| prefixes::fit(&free, length));
    fitting.ok_or_else(|| {
        errors::no_room(format!("Insufficient prefix space to allocate subnet size /{length}"))
    })
}

/// Counts addresses in IPv4, ranges of 64 bits in IPv6.
fn check_quota(
    connection: &Connection,
    pool: &SubnetPool,
    project: &ProjectId,
    length: i64,
) -> Result<()> {
    // Neutron: no quota and a quota of none are the same.
    let Some(quota) = pool.default_quota.filter(|quota| *quota != 0) else {
        return Ok(());
    };
    let (_, _, unit) = lengths(pool.ip_version());
    let units = |length: i64| 2_f64.powi(i32::try_from(unit - length).unwrap_or_default());
    let own = store::ranges(connection, &pool.id, Some(project))?;
    let used: f64 = own.iter().map(|range| units(i64::from(range.prefix_len()))).sum();
    #[expect(clippy::cast_precision_loss, reason = "quotas are far below 2^52")]
    let exceeded = used + units(length) > quota as f64;
    if exceeded { Err(errors::over_quota()) } else { Ok(()) }
}

fn check_versions(ranges: &[IpNet]) -> Result<()> {
    let Some(first) = ranges.first() else {
        return Err(errors::empty());
    };
    if ranges.iter().any(|range| ip_version(*range) != ip_version(*first)) {
        return Err(errors::mixed_versions());
    }
    Ok(())
}

fn bounds(version: i64, wanted: WantedBounds) -> Result<Bounds> {
    let (shortest, longest, _) = lengths(version);
    let min = wanted.min.unwrap_or(shortest);
    let max = wanted.max.unwrap_or(longest);
    let default = wanted.default.unwrap_or(min);
    let bounds = [
        (min > max, ("min_prefixlen", min), ("max_prefixlen", max)),
        (max > longest, ("max_prefixlen", max), ("ip_version_max", longest)),
        (default < min, ("default_prefixlen", default), ("min_prefixlen", min)),
        (default > max, ("default_prefixlen", default), ("max_prefixlen", max)),
    ];
    match bounds.into_iter().find(|(wrong, _, _)| *wrong) {
        Some((_, one, other)) => Err(errors::bounds(one, other)),
        None => Ok(Bounds { min, max, default }),
    }
}

fn check_only_default(connection: &Connection, pool: &SubnetPool) -> Result<()> {
    match store::default_of(connection, pool.ip_version())? {
        Some(_) => Err(general::invalid_input(
            "A default subnetpool for this IP family has already been set. Only one default may \
             exist per IP family",
        )),
        None => Ok(()),
    }
}

/// A scope that the caller may use, of the pool's IP version, with none of its addresses.
fn check_scope(actor: &Actor, connection: &Connection, pool: &SubnetPool) -> Result<()> {
    let Some(scope) = &pool.address_scope else {
        return Ok(());
    };
    let scope: AddressScope = actor.see(connection, scope.as_str())?.0;
    if scope.ip_version != pool.ip_version() {
        return Err(errors::scope_version(&pool.id, &scope.id, scope.ip_version));
    }
    let beside = store::of_scope(connection, &scope.id)?;
    let meets =
        |other: &SubnetPool| other.id != pool.id && prefixes::meet(&other.prefixes, &pool.prefixes);
    if beside.iter().any(meets) { Err(errors::scope_conflict()) } else { Ok(()) }
}
