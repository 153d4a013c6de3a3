//! Neutron's errors about routers and floating IPs, as `neutron_lib/exceptions/l3.py` has them.

use std::fmt::Display;
use std::net::IpAddr;

use kit::error::Error;
use kit::ids::{FloatingIpId, NetworkId, PortId, RouterId, SubnetId};

use crate::ports::model::Port;

/// No such router.
pub(crate) fn router_not_found(id: &RouterId) -> Error {
    Error::not_found(format!("Router {id} could not be found")).tag("RouterNotFound")
}

/// A router that still has interfaces.
pub(crate) fn router_in_use(id: &RouterId, ports: &[Port]) -> Error {
    let ports: Vec<&str> = ports.iter().map(|port| port.id.as_str()).collect();
    Error::conflict(format!("Router {id} has ports still attached: {}", ports.join(", ")))
        .tag("RouterInUse")
}

/// The router has no such port.
pub(crate) fn interface_not_found(id: &RouterId, port: &PortId) -> Error {
    Error::not_found(format!("Router {id} does not have an interface with id {port}"))
        .tag("RouterInterfaceNotFound")
}

/// The router has no port on the subnet.
pub(crate) fn interface_not_found_on(id: &RouterId, subnet: &SubnetId) -> Error {
    Error::not_found(format!("Router {id} has no interface on subnet {subnet}"))
        .tag("RouterInterfaceNotFoundForSubnet")
}

/// The port is not on the subnet named beside it.
pub(crate) fn subnet_mismatch(port: &PortId, subnet: &SubnetId) -> Error {
    Error::bad_request(format!(
        "Subnet on port {port} does not match the requested subnet {subnet}."
    ))
    .tag("SubnetMismatchForPort")
}

/// An interface through which floating IPs lead.
pub(crate) fn interface_in_use(id: &RouterId, subnet: &SubnetId) -> Error {
    Error::conflict(format!(
        "Router interface for subnet {subnet} on router {id} cannot be deleted, as it is required \
         by one or more floating IPs."
    ))
    .tag("RouterInterfaceInUseByFloatingIP")
}

/// An interface by which guests are reached that are next hops.
pub(crate) fn interface_in_use_by_route(id: &RouterId, subnet: &SubnetId) -> Error {
    Error::conflict(format!(
        "Router interface for subnet {subnet} on router {id} cannot be deleted, as it is required \
         by one or more routes."
    ))
    .tag("RouterInterfaceInUseByRoute")
}

/// Routes that a router cannot have.
pub(crate) fn invalid_routes(routes: impl Display, reason: &str) -> Error {
    Error::bad_request(format!("Invalid format for routes: {routes}, {reason}"))
        .tag("InvalidRoutes")
}

/// A gateway through which floating IPs lead.
pub(crate) fn gateway_in_use(id: &RouterId, network: &NetworkId) -> Error {
    Error::conflict(format!(
        "Gateway cannot be updated for router {id}, since a gateway to external network {network} \
         is required by one or more floating IPs."
    ))
    .tag("RouterExternalGatewayInUseByFloatingIp")
}

/// A port that a device has.
pub(crate) fn port_in_use(port: &Port) -> Error {
    Error::conflict(format!(
        "Unable to complete operation on port {} for network {}. Port already has an attached \
         device {}.",
        port.id, port.network, port.device_id
    ))
    .tag("PortInUse")
}

/// A port that goes with its router or floating IP.
pub(crate) fn service_port_in_use(port: &Port) -> Error {
    Error::conflict(format!(
        "Port {} cannot be deleted directly via the port API: has device owner {}.",
        port.id, port.device_owner
    ))
    .tag("ServicePortInUse")
}

/// A network by which routers lead out.
pub(crate) fn external_network_in_use(id: &NetworkId) -> Error {
    Error::conflict(format!(
        "External network {id} cannot be updated to be made non-external, since it has existing \
         gateway ports."
    ))
    .tag("ExternalNetworkInUse")
}

/// No such floating IP.
pub(crate) fn floating_ip_not_found(id: &FloatingIpId) -> Error {
    Error::not_found(format!("Floating IP {id} could not be found")).tag("FloatingIPNotFound")
}

/// No router leads from the subnet to the external network.
pub(crate) fn not_reachable(network: &NetworkId, subnet: &SubnetId, port: &PortId) -> Error {
    Error::not_found(format!(
        "External network {network} is not reachable from subnet {subnet}.  Therefore, cannot \
         associate Port {port} with a Floating IP."
    ))
    .tag("ExternalGatewayForFloatingIPNotFound")
}

/// The address of the port has a floating IP of that network.
pub(crate) fn already_associated(
    floating: (IpAddr, &FloatingIpId),
    port: &PortId,
    fixed: IpAddr,
    network: &NetworkId,
) -> Error {
    let (address, id) = floating;
    Error::conflict(format!(
        "Cannot associate floating IP {address} ({id}) with port {port} using fixed IP {fixed}, as \
         that fixed IP already has a floating IP on external network {network}."
    ))
    .tag("FloatingIPPortAlreadyAssociated")
}

/// An external network without an IPv4 address to give.
pub(crate) fn external_exhausted(network: &NetworkId) -> Error {
    Error::bad_request(format!("Unable to find any IP address on external network {network}."))
        .tag("ExternalIpAddressExhausted")
}
