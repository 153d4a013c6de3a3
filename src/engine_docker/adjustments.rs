//! What an interface has beyond what Docker gives, where we run as root beside the engine: addresses
//! after the first of each IP version, set in the guest's network namespace, and a cable that is out. An
//! interface whose cable is out is there, with its addresses and routes, and carries nothing: the end on
//! the host is set down. All of it ends with the guest, and who starts it asks again
//! ([`kit::engine::Instances::attach`]).

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use bollard::models::EndpointSettings;
use kit::engine::{Attachment, EngineError, EngineResult, beyond_first};

use crate::DockerEngine;
use crate::filter::namespace;
use crate::namespace::within;
use crate::netlink::{self, Address};

/// An interface as Docker made it.
#[derive(Debug)]
struct Interface {
    mac: String,
    /// The address of IPv4 that Docker gave, and the length of its network's prefix.
    own: Option<(Ipv4Addr, u8)>,
}

/// What it shall have beyond that.
#[derive(Debug)]
struct Beyond {
    addresses: Vec<Ipv4Addr>,
    up: bool,
}

impl Beyond {
    fn of(wish: &Attachment) -> EngineResult<Self> {
        let mut addresses = Vec::new();
        for address in beyond_first(wish.addresses.iter().copied()) {
            match address {
                IpAddr::V4(address) => addresses.push(address),
                IpAddr::V6(_) => return Err(one_address("of IPv6")),
            }
        }
        Ok(Self { addresses, up: wish.up })
    }

    /// The answer where nothing of it can be had.
    fn refused(&self, why: &str) -> EngineResult<()> {
        if !self.addresses.is_empty() {
            return Err(one_address(why));
        }
        if self.up {
            return Ok(());
        }
        Err(EngineError::Unsupported(format!("an interface carries what it gets {why}")))
    }
}

fn one_address(why: &str) -> EngineError {
    EngineError::Unsupported(format!("an interface has one address of each IP version {why}"))
}

impl DockerEngine {
    /// Gives the interface all the addresses of the wish, takes away what is not in it, and plugs the
    /// cable in or out.
    pub(crate) async fn adjust(&self, name: &str, wish: &Attachment) -> EngineResult<()> {
        let beyond = Beyond::of(wish)?;
        if !self.connection.link().await?.beside {
            return beyond.refused("at a remote engine");
        }
        let Some(seen) = self.look(name).await? else { return Ok(()) };
        let Some(namespace) = namespace(&seen) else { return Ok(()) };
        let networks = seen.network_settings.and_then(|settings| settings.networks);
        let endpoint = networks.and_then(|mut networks| networks.remove(&wish.network));
        let Some(interface) = endpoint.and_then(interface) else { return Ok(()) };
        let without_rights = beyond.refused("without the rights of root");
        let up = beyond.up;
        let adjusted = match within(namespace.into(), move || inside(&interface, &beyond)).await {
            Ok(Some(end)) => tokio::task::spawn_blocking(move || netlink::set_link(end, up))
                .await
                .unwrap_or_else(|error| Err(io::Error::other(error))),
            other => other.map(drop),
        };
        match adjusted {
            Ok(()) => Ok(()),
            // It has ended meanwhile, and its namespace with it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => without_rights,
            Err(error) => Err(EngineError::Other(format!("an interface of {name}: {error}"))),
        }
    }
}

fn interface(endpoint: EndpointSettings) -> Option<Interface> {
    let own = endpoint.ip_address.and_then(|address| address.parse().ok());
    let prefix = endpoint.ip_prefix_len.and_then(|length| u8::try_from(length).ok());
    Some(Interface { mac: endpoint.mac_address?, own: own.zip(prefix) })
}

/// Inside: the interface is found by the MAC that Docker gave it. The answer is the end on the host of
/// a cable that is not as it shall be.
fn inside(interface: &Interface, beyond: &Beyond) -> io::Result<Option<u32>> {
    let links = netlink::links()?;
    let Some(link) = links.into_iter().find(|link| link.mac == interface.mac) else {
        return Ok(None);
    };
    if let Some((own, prefix)) = interface.own {
        give(link.index, own, prefix, &beyond.addresses)?;
    }
    Ok((link.carries != beyond.up).then_some(link.peer))
}

/// Gives the interface these addresses besides its own, and no others.
fn give(link: u32, own: Ipv4Addr, prefix: u8, more: &[Ipv4Addr]) -> io::Result<()> {
    let mut there = netlink::addresses()?;
    there.retain(|address| address.link == link && address.ip != own);
    for gone in there.iter().filter(|address| !more.contains(&address.ip)) {
        netlink::take_address(*gone)?;
    }
    for ip in more.iter().filter(|ip| !there.iter().any(|address| address.ip == **ip)) {
        netlink::add_address(Address { link, ip: *ip, prefix })?;
    }
    Ok(())
}
