//! Neutron's errors: a type and a sentence each, as `neutron_lib/exceptions` has them. A list.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::error::Error;
use kit::ids::{NetworkId, PortId, SecurityGroupId, SecurityGroupRuleId, SubnetId};

use crate::ipam::{Pool, PoolFault};

/// The request's values contradict each other or the database.
pub(crate) fn invalid_input(message: impl std::fmt::Display) -> Error {
    Error::bad_request(format!("Invalid input for operation: {message}.")).tag("InvalidInput")
}

/// The request as a whole cannot be.
pub(crate) fn bad_resource(resource: &str, message: impl std::fmt::Display) -> Error {
    Error::bad_request(format!("Bad {resource} request: {message}.")).tag("BadRequest")
}

/// Only an administrator may, whatever the rules say.
pub(crate) fn admin_required(reason: &str) -> Error {
    Error::forbidden(format!("User does not have admin privileges: {reason}.")).tag("AdminRequired")
}

/// No such network, or none that the caller may see.
pub(crate) fn network_not_found(id: &NetworkId) -> Error {
    Error::not_found(format!("Network {id} could not be found.")).tag("NetworkNotFound")
}

/// Packets too small for a subnet.
pub(crate) fn mtu_conflict(id: &NetworkId, least: i64) -> Error {
    Error::conflict(format!("MTU of {id} is not valid, subnet requires a minimum of {least}"))
        .tag("NetworkMTUSubnetConflict")
}

/// No such subnet.
pub(crate) fn subnet_not_found(id: &SubnetId) -> Error {
    Error::not_found(format!("Subnet {id} could not be found.")).tag("SubnetNotFound")
}

/// No such port.
pub(crate) fn port_not_found(id: &PortId) -> Error {
    Error::not_found(format!("Port {id} could not be found.")).tag("PortNotFound")
}

/// An allowed address pair came twice.
pub(crate) fn duplicate_pair(mac: &str, address: &str) -> Error {
    let sentence =
        format!("Request contains duplicate address pair: mac_address {mac} ip_address {address}.");
    Error::bad_request(sentence).tag("DuplicateAddressPairInRequest")
}

/// More allowed address pairs than a port may have.
pub(crate) fn too_many_pairs(limit: usize) -> Error {
    let sentence = format!("The number of allowed address pair exceeds the maximum {limit}.");
    Error::bad_request(sentence).tag("AllowedAddressPairExhausted")
}

/// An allowed address pair without an address.
pub(crate) fn pair_without_address() -> Error {
    Error::bad_request("AllowedAddressPair must contain ip_address").tag("AddressPairMissingIP")
}

/// No such security group.
pub(crate) fn security_group_not_found(id: &SecurityGroupId) -> Error {
    Error::not_found(format!("Security group {id} does not exist")).tag("SecurityGroupNotFound")
}

/// No such rule.
pub(crate) fn rule_not_found(id: &SecurityGroupRuleId) -> Error {
    Error::not_found(format!("Security group rule {id} does not exist"))
        .tag("SecurityGroupRuleNotFound")
}

/// A network that still has ports.
pub(crate) fn network_in_use(id: &NetworkId, ports: &[PortId]) -> Error {
    let ports: Vec<&str> = ports.iter().map(PortId::as_str).collect();
    Error::conflict(format!(
        "Unable to complete operation on network {id}. There are one or more ports still in use \
         on the network, id for these ports is: {}.",
        ports.join(",")
    ))
    .tag("NetworkInUse")
}

/// A subnet that still gives addresses.
pub(crate) fn subnet_in_use(id: &SubnetId) -> Error {
    Error::conflict(format!(
        "Unable to complete operation on subnet {id}: One or more ports have an IP allocation \
         from this subnet."
    ))
    .tag("SubnetInUse")
}

/// A shared network that others use.
pub(crate) fn invalid_shared_setting(network: &str) -> Error {
    Error::conflict(format!(
        "Unable to reconfigure sharing settings for network {network}. Multiple projects are \
         using it."
    ))
    .tag("InvalidSharedSetting")
}

/// An address that somebody has.
pub(crate) fn address_allocated(address: IpAddr, subnet: &SubnetId) -> Error {
    Error::conflict(format!("IP address {address} already allocated in subnet {subnet}"))
        .tag("IpAddressAlreadyAllocated")
}

/// A subnet without a free address.
pub(crate) fn no_more_addresses(network: &NetworkId) -> Error {
    Error::conflict(format!("No more IP addresses available on network {network}."))
        .tag("IpAddressGenerationFailure")
}

/// An address outside the subnet asked for.
pub(crate) fn not_of_subnet(address: IpAddr) -> Error {
    Error::bad_request(format!("IP address {address} is not a valid IP for the specified subnet."))
        .tag("InvalidIpForSubnet")
}

/// An address outside every subnet.
pub(crate) fn not_of_network(address: IpAddr) -> Error {
    Error::bad_request(format!(
        "IP address {address} is not a valid IP for any of the subnets on the specified network."
    ))
    .tag("InvalidIpForNetwork")
}

/// A MAC that somebody has.
pub(crate) fn mac_in_use(network: &NetworkId, mac: &str) -> Error {
    Error::conflict(format!(
        "Unable to complete operation for network {network}. The mac address {mac} is in use."
    ))
    .tag("MacAddressInUse")
}

/// Pools that break a rule.
pub(crate) fn bad_pools(cidr: IpNet, gateway: Option<IpAddr>, fault: PoolFault) -> Error {
    match fault {
        PoolFault::Invalid(pool) => invalid_pool(&pool),
        PoolFault::OutOfBounds(pool) => Error::bad_request(format!(
            "The allocation pool {pool} spans beyond the subnet cidr {cidr}."
        ))
        .tag("OutOfBoundsAllocationPool"),
        PoolFault::Overlap(one, other) => Error::conflict(format!(
            "Found overlapping allocation pools: {one} {other} for subnet {cidr}."
        ))
        .tag("OverlappingAllocationPools"),
        PoolFault::HoldsGateway(pool) => {
            let gateway = gateway.map(|address| address.to_string()).unwrap_or_default();
            Error::conflict(format!("Gateway ip {gateway} conflicts with allocation pool {pool}."))
                .tag("GatewayConflictWithAllocationPools")
        }
    }
}

fn invalid_pool(pool: &Pool) -> Error {
    Error::bad_request(format!("The allocation pool {pool} is not valid."))
        .tag("InvalidAllocationPool")
}

/// Limits that would be passed.
pub(crate) fn over_quota(names: &[&str]) -> Error {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    Error::quota(format!("Quota exceeded for resources: [{}].", quoted.join(", "))).tag("OverQuota")
}

/// The condition of `If-Match` does not hold.
pub(crate) fn revision_mismatch(expected: i64, current: i64) -> Error {
    Error::new(
        kit::Kind::PreconditionFailed,
        format!("Constrained to {expected}, but current revision is {current}"),
    )
    .tag("RevisionNumberConstraintFailed")
}

/// There is only one zone, and networks are in it all the same.
pub(crate) fn zone_not_found(zone: &str) -> Error {
    Error::not_found(format!("AvailabilityZone {zone} could not be found."))
        .tag("AvailabilityZoneNotFound")
}

/// The default group is made by the house.
pub(crate) fn default_group_exists() -> Error {
    Error::conflict("Default security group already exists.")
        .tag("SecurityGroupDefaultAlreadyExists")
}

/// A port that a device uses.
pub(crate) fn unsupported_owner(operation: &str, owner: &str, port: &PortId) -> Error {
    Error::conflict(format!(
        "Operation {operation} is not supported for device_owner {owner} on port {port}."
    ))
    .tag("UnsupportedPortDeviceOwner")
}

/// A kind of invalid input with a type of its own.
pub(crate) fn invalid_input_of(tag: &'static str, message: impl Into<String>) -> Error {
    Error::bad_request(message).tag(tag)
}

/// The same rule in the same group.
pub(crate) fn rule_exists(id: &SecurityGroupRuleId) -> Error {
    Error::conflict(format!("Security group rule already exists. Rule id is {id}."))
        .tag("SecurityGroupRuleExists")
}

/// A group that ports are in.
pub(crate) fn security_group_in_use(id: &SecurityGroupId) -> Error {
    Error::conflict(format!("Security Group {id} in use.")).tag("SecurityGroupInUse")
}

/// The default group stays.
pub(crate) fn cannot_remove_default() -> Error {
    Error::conflict("Insufficient rights for removing default security group.")
        .tag("SecurityGroupCannotRemoveDefault")
}

/// The default group keeps its name.
pub(crate) fn cannot_update_default() -> Error {
    Error::conflict("Updating default security group not allowed.")
        .tag("SecurityGroupCannotUpdateDefault")
}

/// Pairs on a port that is not filtered.
pub(crate) fn pairs_need_port_security() -> Error {
    Error::conflict(
        "Port Security must be enabled in order to have allowed address pairs on a port.",
    )
    .tag("AddressPairAndPortSecurityRequired")
}

/// Groups on a port that is not filtered.
pub(crate) fn groups_need_port_security() -> Error {
    invalid_input_of(
        "PortSecurityAndIPRequiredForSecurityGroups",
        "Port security must be enabled and port must have an IP address in order to use security \
         groups.",
    )
}

/// A port that keeps its groups is to be filtered no more.
pub(crate) fn port_has_groups() -> Error {
    Error::conflict(
        "Port has security group associated. Cannot disable port security or IP address until \
         security group is removed.",
    )
    .tag("PortSecurityPortHasSecurityGroup")
}

/// Groups that let answers through beside groups that don't.
pub(crate) fn mixed_groups() -> Error {
    let reason = "Cannot apply both stateful and stateless security groups on the same port at the \
                  same time";
    Error::conflict(format!("Error {reason} while attempting the operation."))
        .tag("SecurityGroupConflict")
}
