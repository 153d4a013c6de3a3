//! Who asks: the address that a connection comes from → port → server.

use std::net::IpAddr;

use compute::facade::{self, GuestFacts};
use kit::error::Result;
use kit::platform::Platform;

/// What the guest behind `peer` may know; `None` when no server has that address.
pub(crate) async fn by_address(platform: &Platform, peer: IpAddr) -> Result<Option<GuestFacts>> {
    let peer = peer.to_canonical();
    platform
        .store
        .read(move |connection| match network::facade::server_of_address(connection, peer)? {
            Some((server, _)) => facade::guest_facts(connection, &server),
            None => Ok(None),
        })
        .await
}
