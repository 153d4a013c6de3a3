//! Neutron's errors about subnet pools (`neutron_lib/exceptions`). A list.

use kit::error::Error;
use kit::ids::{AddressScopeId, SubnetPoolId};

/// No such pool, or none that the caller may see.
pub(crate) fn not_found(id: &str) -> Error {
    Error::not_found(format!("Subnet pool {id} could not be found.")).tag("SubnetPoolNotFound")
}

/// A pool without a range.
pub(crate) fn empty() -> Error {
    Error::bad_request("Empty subnet pool prefix list.").tag("EmptySubnetPoolPrefixList")
}

/// Ranges of both IP versions.
pub(crate) fn mixed_versions() -> Error {
    Error::bad_request("Cannot mix IPv4 and IPv6 prefixes in a subnet pool.")
        .tag("PrefixVersionMismatch")
}

/// A length of prefixes that contradicts another.
pub(crate) fn bounds(one: (&str, i64), other: (&str, i64)) -> Error {
    Error::bad_request(format!(
        "Illegal prefix bounds: {}={}, {}={}.",
        one.0, one.1, other.0, other.1
    ))
    .tag("IllegalSubnetPoolPrefixBounds")
}

/// Ranges that subnets need.
pub(crate) fn prefix_update(reason: &str) -> Error {
    Error::bad_request(format!("Illegal update to prefixes: {reason}."))
        .tag("IllegalSubnetPoolPrefixUpdate")
}

/// A pool in a scope of others.
pub(crate) fn bound_to_scope(id: &SubnetPoolId, scope: &AddressScopeId) -> Error {
    Error::bad_request(format!(
        "Illegal subnetpool update : subnetpool {id} cannot be updated when associated with \
         shared address scope {scope}."
    ))
    .tag("IllegalSubnetPoolUpdate")
}

/// A scope of the other IP version.
pub(crate) fn scope_version(id: &SubnetPoolId, scope: &AddressScopeId, version: i64) -> Error {
    Error::bad_request(format!(
        "Illegal subnetpool association: subnetpool {id} cannot associate with address scope \
         {scope} because subnetpool ip_version is not {version}."
    ))
    .tag("IllegalSubnetPoolIpVersionAssociationToAddressScope")
}

/// A range that another pool of the scope has.
pub(crate) fn scope_conflict() -> Error {
    Error::conflict(
        "Failed to associate address scope: subnetpools within an address scope must have unique \
         prefixes.",
    )
    .tag("AddressScopePrefixConflict")
}

/// A pool that subnets were cut from.
pub(crate) fn has_subnets() -> Error {
    Error::bad_request("Unable to delete subnet pool: Subnet pool has existing allocations.")
        .tag("SubnetPoolDeleteError")
}

/// A subnet larger than the pool allows.
pub(crate) fn too_large(length: i64, min: i64) -> Error {
    Error::bad_request(format!(
        "Unable to allocate subnet with prefix length {length}, minimum allowed prefix is {min}."
    ))
    .tag("MinPrefixSubnetAllocationError")
}

/// A subnet smaller than the pool allows.
pub(crate) fn too_small(length: i64, max: i64) -> Error {
    Error::bad_request(format!(
        "Unable to allocate subnet with prefix length {length}, maximum allowed prefix is {max}."
    ))
    .tag("MaxPrefixSubnetAllocationError")
}

/// A project has its share of the pool.
pub(crate) fn over_quota() -> Error {
    Error::quota("Per-project subnet pool prefix quota exceeded.").tag("SubnetPoolQuotaExceeded")
}

/// No room. Neutron answers this with an internal error.
pub(crate) fn no_room(reason: impl std::fmt::Display) -> Error {
    Error::conflict(format!("Failed to allocate subnet: {reason}.")).tag("SubnetAllocationError")
}
