//! The cable of an interface, in or out: an interface whose cable is out is there, with its addresses
//! and routes, and carries nothing. The end on the host is what is set, where we run as root beside the
//! engine. A guest that starts has all its cables in, and who starts it asks again
//! ([`kit::engine::Instances::attach`]).

use std::io;

use kit::engine::{Attachment, EngineError, EngineResult};

use crate::DockerEngine;
use crate::filter::namespace;
use crate::namespace::within;
use crate::netlink;

impl DockerEngine {
    /// Plugs the cable of the interface in, or out, as the wish has it.
    pub(crate) async fn keep_cable(&self, name: &str, wish: &Attachment) -> EngineResult<()> {
        if !self.connection.link().await?.beside {
            return if wish.up { Ok(()) } else { Err(unsupported("at a remote engine")) };
        }
        let Some(seen) = self.look(name).await? else { return Ok(()) };
        let Some(namespace) = namespace(&seen) else { return Ok(()) };
        let networks = seen.network_settings.and_then(|settings| settings.networks);
        let endpoint = networks.and_then(|mut networks| networks.remove(&wish.network));
        let Some(mac) = endpoint.and_then(|endpoint| endpoint.mac_address) else { return Ok(()) };
        let up = wish.up;
        let turned = match within(namespace.into(), move || other_end(&mac, up)).await {
            Ok(Some(end)) => tokio::task::spawn_blocking(move || netlink::set_link(end, up))
                .await
                .unwrap_or_else(|error| Err(io::Error::other(error))),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        match turned {
            Ok(()) => Ok(()),
            // It has ended meanwhile, and its namespace with it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && up => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Err(unsupported("without the rights of root"))
            }
            Err(error) => Err(EngineError::Other(format!("the cable of {name}: {error}"))),
        }
    }
}

fn unsupported(why: &str) -> EngineError {
    EngineError::Unsupported(format!("an interface carries what it gets {why}"))
}

/// Inside: the end on the host of the cable that is not as it shall be.
fn other_end(mac: &str, up: bool) -> io::Result<Option<u32>> {
    let links = netlink::links()?;
    let turned = links.into_iter().find(|link| link.mac == mac && link.carries != up);
    Ok(turned.map(|link| link.peer))
}
