//! Neutron's errors about port forwardings, as `services/portforwarding` has them.

use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr};

use kit::engine::PortRange;
use kit::error::Error;
use kit::ids::{FloatingIpId, PortForwardingId, PortId};

use crate::errors::bad_resource;

/// No such port forwarding, or none of this floating IP.
pub(super) fn not_found(id: &PortForwardingId) -> Error {
    Error::not_found(format!("Port Forwarding {id} could not be found."))
        .tag("PortForwardingNotFound")
}

/// A floating IP of which some ports lead somewhere.
pub(crate) fn in_use(id: &FloatingIpId) -> Error {
    Error::conflict(format!("Floating IP {id} in use by Port Forwarding resources."))
        .tag("FipInUseByPortForwarding")
}

/// A port that a floating IP leads to as a whole.
pub(super) fn has_floating_ip(
    floating: (IpAddr, &FloatingIpId),
    port: &PortId,
    fixed: Ipv4Addr,
) -> Error {
    let (address, id) = floating;
    Error::conflict(format!(
        "Cannot create port forwarding to floating IP {address} ({id}) with port {port} using \
         fixed IP {fixed}, as that port already has a binding floating IP."
    ))
    .tag("PortHasBindingFloatingIP")
}

/// Ports that lead somewhere, or are led to, already.
pub(super) fn collision(key: &str, existing: PortRange, wanted: PortRange) -> Error {
    bad(format!(
        "There is a port collision with the {key}. The following ranges collide: {existing} and \
         {wanted}"
    ))
}

/// A port forwarding that cannot be, for this reason.
pub(super) fn bad(reason: impl Display) -> Error {
    bad_resource("port_forwarding", reason)
}
