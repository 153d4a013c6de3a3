//! The addresses of an interface beyond the one per IP version that Docker gives: set in the guest's
//! network namespace, where we run as root beside the engine. They end with the guest, and who starts
//! it asks for them again ([`kit::engine::Instances::attach`]).

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
    /// The address that Docker gave, and the length of its network's prefix.
    own: Ipv4Addr,
    prefix: u8,
}

impl DockerEngine {
    /// Gives the interface all the addresses of the wish, and takes away what is not in it.
    pub(crate) async fn keep_addresses(&self, name: &str, wish: &Attachment) -> EngineResult<()> {
        let mut more = Vec::new();
        for address in beyond_first(wish.addresses.iter().copied()) {
            match address {
                IpAddr::V4(address) => more.push(address),
                IpAddr::V6(_) => return Err(unsupported("of IPv6")),
            }
        }
        if !self.connection.link().await?.beside {
            return if more.is_empty() { Ok(()) } else { Err(unsupported("at a remote engine")) };
        }
        let Some(seen) = self.look(name).await? else { return Ok(()) };
        let Some(namespace) = namespace(&seen) else { return Ok(()) };
        let networks = seen.network_settings.and_then(|settings| settings.networks);
        let endpoint = networks.and_then(|mut networks| networks.remove(&wish.network));
        let Some(interface) = endpoint.and_then(interface) else { return Ok(()) };
        let none = more.is_empty();
        match within(namespace.into(), move || adjust(&interface, &more)).await {
            Ok(()) => Ok(()),
            // It has ended meanwhile, and its namespace with it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                if none {
                    Ok(())
                } else {
                    Err(unsupported("without the rights of root"))
                }
            }
            Err(error) => Err(EngineError::Other(format!("the addresses of {name}: {error}"))),
        }
    }
}

fn unsupported(why: &str) -> EngineError {
    EngineError::Unsupported(format!("an interface has one address of each IP version {why}"))
}

fn interface(endpoint: EndpointSettings) -> Option<Interface> {
    Some(Interface {
        mac: endpoint.mac_address?,
        own: endpoint.ip_address?.parse().ok()?,
        prefix: u8::try_from(endpoint.ip_prefix_len?).ok()?,
    })
}

/// Inside: the interface is found by the MAC that Docker gave it.
fn adjust(interface: &Interface, more: &[Ipv4Addr]) -> io::Result<()> {
    let links = netlink::links()?;
    let Some(link) = links.into_iter().find(|link| link.mac == interface.mac) else {
        return Ok(());
    };
    let mut there = netlink::addresses()?;
    there.retain(|address| address.link == link.index && address.ip != interface.own);
    for gone in there.iter().filter(|address| !more.contains(&address.ip)) {
        netlink::take_address(*gone)?;
    }
    for ip in more.iter().filter(|ip| !there.iter().any(|address| address.ip == **ip)) {
        netlink::add_address(Address { link: link.index, ip: *ip, prefix: interface.prefix })?;
    }
    Ok(())
}
