//! What a port wants becomes addresses that nobody else has.

use std::collections::BTreeSet;
use std::net::IpAddr;

use kit::error::{Error, Result};
use kit::ids::{NetworkId, SubnetId};
use rusqlite::Connection;

use super::model::{FixedIp, WantedIp};
use crate::subnets::model::Subnet;
use crate::{errors, ipam, subnets};

/// The addresses of a new port, or the new addresses of one that has `own` already.
///
/// Call it inside the write closure that inserts them.
pub(crate) fn choose(
    connection: &Connection,
    network: &NetworkId,
    wanted: Option<&[WantedIp]>,
    own: &[FixedIp],
) -> Result<Vec<FixedIp>> {
    let subnets = subnets::store::of_network(connection, network)?;
    let mut chooser = Chooser { connection, network, subnets: &subnets, own, chosen: Vec::new() };
    match wanted {
        None => chooser.one_per_version()?,
        Some(wanted) => wanted.iter().try_for_each(|wish| chooser.one(wish))?,
    }
    Ok(chooser.chosen)
}

struct Chooser<'a> {
    connection: &'a Connection,
    network: &'a NetworkId,
    subnets: &'a [Subnet],
    own: &'a [FixedIp],
    chosen: Vec<FixedIp>,
}

impl Chooser<'_> {
    /// Neutron: a port that asks for nothing gets one address per IP version that there is.
    fn one_per_version(&mut self) -> Result<()> {
        for version in [4, 6] {
            let subnets = self.subnets;
            let mut of_version =
                subnets.iter().filter(|subnet| subnet.ip_version() == version).peekable();
            if of_version.peek().is_none() {
                continue;
            }
            let free = of_version.find_map(|subnet| self.free(subnet).transpose()).transpose()?;
            self.chosen.push(free.ok_or_else(|| errors::no_more_addresses(self.network))?);
        }
        Ok(())
    }

    fn one(&mut self, wish: &WantedIp) -> Result<()> {
        let chosen = match (&wish.subnet_id, wish.ip_address) {
            (Some(id), None) => {
                let subnet = self.subnet(id)?;
                self.free(subnet)?.ok_or_else(|| errors::no_more_addresses(self.network))?
            }
            (Some(id), Some(address)) => {
                let subnet = self.subnet(id)?;
                if !ipam::is_host(subnet.cidr, address) {
                    return Err(errors::not_of_subnet(address));
                }
                self.this_one(subnet, address)?
            }
            (None, Some(address)) => {
                let holds = |subnet: &&Subnet| ipam::is_host(subnet.cidr, address);
                let subnet = self.subnets.iter().find(holds);
                self.this_one(subnet.ok_or_else(|| errors::not_of_network(address))?, address)?
            }
            (None, None) => {
                return Err(errors::invalid_input(
                    "IP allocation requires subnet_id or ip_address",
                ));
            }
        };
        self.chosen.push(chosen);
        Ok(())
    }

    fn subnet(&self, id: &SubnetId) -> Result<&'_ Subnet> {
        if self.subnets.is_empty() {
            return Err(errors::invalid_input("IP allocation requires subnets for network"));
        }
        if let Some(subnet) = self.subnets.iter().find(|subnet| subnet.id == *id) {
            return Ok(subnet);
        }
        if subnets::store::get(self.connection, id)?.is_none() {
            return Err(errors::subnet_not_found(id));
        }
        Err(errors::invalid_input(format!(
            "Failed to create port on network {}, because fixed_ips included invalid subnet {id}",
            self.network
        )))
    }

    fn this_one(&self, subnet: &Subnet, address: IpAddr) -> Result<FixedIp> {
        let held = self.taken(subnet)?.contains(&address);
        if held || address == subnet.engine_address() {
            return Err(errors::address_allocated(address, &subnet.id));
        }
        Ok(FixedIp { subnet_id: subnet.id.clone(), ip_address: address })
    }

    fn free(&self, subnet: &Subnet) -> Result<Option<FixedIp>, Error> {
        let mut taken = self.taken(subnet)?;
        taken.insert(subnet.engine_address());
        let free = ipam::next_free(&subnet.allocation_pools, &taken);
        Ok(free.map(|ip_address| FixedIp { subnet_id: subnet.id.clone(), ip_address }))
    }

    /// What ports have: others' addresses and those just chosen, not the port's own old ones.
    fn taken(&self, subnet: &Subnet) -> Result<BTreeSet<IpAddr>> {
        let mut taken = subnets::store::taken(self.connection, &subnet.id)?;
        for old in self.own {
            taken.remove(&old.ip_address);
        }
        taken.extend(self.chosen.iter().map(|fixed| fixed.ip_address));
        Ok(taken)
    }
}
