//! Counts addresses.

use kit::Result;
use rusqlite::Connection;

use crate::ipam::Pool;
use crate::networks::model::Network;
use crate::subnets;
use crate::subnets::model::Subnet;

/// The addresses of a network, by subnet.
pub(super) struct Availability {
    pub(super) network: Network,
    pub(super) subnets: Vec<SubnetAvailability>,
}

/// The addresses of a subnet.
pub(super) struct SubnetAvailability {
    pub(super) subnet: Subnet,
    pub(super) total: u128,
    pub(super) used: i64,
}

impl Availability {
    /// Counts only subnets of this IP version.
    pub(super) fn keep_version(&mut self, version: &str) {
        self.subnets.retain(|row| row.subnet.ip_version().to_string() == version);
    }

    /// All addresses of the network.
    pub(super) fn total(&self) -> u128 {
        self.subnets.iter().map(|subnet| subnet.total).sum()
    }

    /// Those that ports have.
    pub(super) fn used(&self) -> i64 {
        self.subnets.iter().map(|subnet| subnet.used).sum()
    }
}

/// Counts the addresses of a network.
pub(super) fn count(connection: &Connection, network: Network) -> Result<Availability> {
    let subnets = subnets::store::of_network(connection, &network.id)?;
    let counted = subnets.into_iter().map(|subnet| {
        Ok(SubnetAvailability {
            total: subnet.allocation_pools.iter().map(Pool::size).sum(),
            used: subnets::store::count_taken(connection, &subnet.id)?,
            subnet,
        })
    });
    Ok(Availability { subnets: counted.collect::<Result<_>>()?, network })
}
