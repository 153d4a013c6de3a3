//! The way out of a guest with several interfaces: by the first, as from a virtual machine.
//!
//! Before API 1.48 an engine can't be told. It takes the network whose name sorts first, and looks
//! again at each one that comes or goes. Where we run beside it and may enter the guest's network
//! namespace (as root), the default route is set there, from outside: no program in the guest is
//! needed. Elsewhere the engine's choice stays; every interface is reachable all the same.
//!
//! **Invariant:** the engine never finds a default route that is not its own when an interface
//! comes or goes: it would refuse to set another. Ours is taken away before and set again after.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::DockerEngine;
use crate::dialect::GATEWAY_PRIORITY;
use crate::interfaces::made_with;
use crate::namespace::within;
use crate::netlink;
use bollard::models::ContainerInspectResponse;
use kit::engine::EngineResult;

/// Where a guest's default routes lead, one per family.
#[derive(Debug)]
struct WayOut {
    /// The file of the guest's network namespace.
    namespace: PathBuf,
    gateways: Vec<IpAddr>,
}

/// What is done about a default route.
#[derive(Clone, Copy, Debug)]
enum Change {
    Set,
    Delete,
}

impl DockerEngine {
    /// Sets the default routes to those of the first interface.
    pub(crate) async fn keep_way_out(&self, name: &str) -> EngineResult<()> {
        self.change_way_out(name, Change::Set).await
    }

    /// Takes the default routes away, for the engine to set its own.
    pub(crate) async fn leave_way_out(&self, name: &str) -> EngineResult<()> {
        self.change_way_out(name, Change::Delete).await
    }

    async fn change_way_out(&self, name: &str, change: Change) -> EngineResult<()> {
        let link = self.connection.link().await?;
        if !link.beside || link.api >= GATEWAY_PRIORITY {
            return Ok(());
        }
        let seen = self.look(name).await?;
        let Some(way) = seen.and_then(|seen| way_out(seen, change)) else { return Ok(()) };
        let WayOut { namespace, gateways } = way;
        if let Err(error) = within(namespace, move || set(&gateways, change)).await {
            tracing::debug!(name, %error, "the engine chooses the guest's way out");
        }
        Ok(())
    }
}

/// `None` where there is nothing to do: a guest at rest, one without a gateway. That of a guest with
/// one interface is the engine's own and stays; but where the other one has just gone, the engine
/// does not set again what was taken away before.
fn way_out(seen: ContainerInspectResponse, change: Change) -> Option<WayOut> {
    let order = made_with(&seen);
    let settings = seen.network_settings?;
    let networks = settings.networks?;
    let first = order.iter().find_map(|(network, _)| networks.get(network))?;
    let gateways: Vec<IpAddr> = [&first.gateway, &first.ipv6_gateway]
        .into_iter()
        .filter_map(|gateway| gateway.as_deref()?.parse().ok())
        .collect();
    let namespace = settings.sandbox_key.filter(|path| !path.is_empty())?;
    let is_ours = networks.len() > 1 || matches!(change, Change::Set);
    (is_ours && !gateways.is_empty()).then(|| WayOut { namespace: namespace.into(), gateways })
}

fn set(gateways: &[IpAddr], change: Change) -> io::Result<()> {
    const NO_SUCH_ROUTE: i32 = -3;
    let tell = |gateway: &IpAddr| netlink::tell(&request(change, *gateway), &[NO_SUCH_ROUTE]);
    gateways.iter().try_for_each(tell)
}

/// `rtmsg` and one attribute, as `rtnetlink(7)` has them: the default route of the main
/// table in the gateway's family.
fn request(change: Change, gateway: IpAddr) -> Vec<u8> {
    const RTA_GATEWAY: u16 = 5;
    // RTM_NEWROUTE: request, acknowledge, replace or create; made by an administrator.
    // RTM_DELROUTE: request, acknowledge; whoever made it, wherever it leads.
    let (kind, flags, protocol): (u16, u16, u8) = match change {
        Change::Set => (24, 0x505, 4),
        Change::Delete => (25, 0x005, 0),
    };
    let (family, gateway) = match gateway {
        IpAddr::V4(address) => (2, address.octets().to_vec()),
        IpAddr::V6(address) => (10, address.octets().to_vec()),
    };
    // Of the main table, from and to everywhere, unicast.
    let mut body = vec![family, 0, 0, 0, 254, protocol, 0, 1, 0, 0, 0, 0];
    if matches!(change, Change::Set) {
        body.extend(netlink::attribute(RTA_GATEWAY, &gateway));
    }
    netlink::request(kind, flags, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_its_own_length() {
        for (gateway, set) in [("10.0.0.1", 36), ("fd00::1", 48)] {
            let gateway = gateway.parse().unwrap();
            for (change, length) in [(Change::Set, set), (Change::Delete, 28)] {
                let message = request(change, gateway);
                assert_eq!(message.len(), length);
                assert_eq!(message[..4], u32::try_from(length).unwrap().to_ne_bytes());
            }
        }
    }
}
