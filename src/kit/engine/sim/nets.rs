//! The networks of the simulated engine: pools that may not overlap, addresses that are taken.
//!
//! As on Docker, an address is taken by a guest that runs, and free again when it stops.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;

use super::no_such;
use crate::engine::{Attachment, EngineError, EngineNetwork, EngineResult, NetworkSpec, Pool};

#[derive(Debug)]
pub(super) struct Net {
    spec: NetworkSpec,
    engine_id: String,
    ranges: Vec<IpNet>,
    /// The instances on it, running or not.
    members: BTreeSet<String>,
    /// Who has an address; the gateway has one too.
    taken: HashMap<IpAddr, String>,
}

/// Networks by name, and their pools in order.
#[derive(Debug, Default)]
pub(super) struct Nets {
    by_name: BTreeMap<String, Net>,
    /// First address of a pool → its last. Pools never overlap, so neighbours tell all.
    pools: BTreeMap<IpAddr, IpAddr>,
}

impl Nets {
    pub(super) fn len(&self) -> usize {
        self.by_name.len()
    }

    pub(super) fn views(&self) -> impl Iterator<Item = EngineNetwork> {
        self.by_name.values().map(view)
    }

    pub(super) fn get(&self, name: &str) -> Option<EngineNetwork> {
        self.by_name.get(name).map(view)
    }

    pub(super) fn insert(&mut self, mut spec: NetworkSpec, engine_id: String) -> EngineResult<()> {
        let ranges = spec.pools.iter().map(range).collect::<EngineResult<Vec<_>>>()?;
        for range in &ranges {
            self.refuse_overlap(range)?;
        }
        let mut taken = HashMap::new();
        for (pool, range) in spec.pools.iter_mut().zip(&ranges) {
            let gateway = pool.gateway.or_else(|| range.hosts().next());
            pool.gateway = gateway;
            taken.extend(gateway.map(|gateway| (gateway, "the gateway".to_owned())));
        }
        self.pools.extend(ranges.iter().map(|range| (range.network(), last(range))));
        let net = Net { engine_id, ranges, members: BTreeSet::new(), taken, spec };
        self.by_name.insert(net.spec.name.clone(), net);
        Ok(())
    }

    fn refuse_overlap(&self, range: &IpNet) -> EngineResult<()> {
        let before = self.pools.range(..=last(range)).next_back();
        match before {
            Some((first, end))
                if first.is_ipv4() == range.addr().is_ipv4() && *end >= range.network() =>
            {
                Err(EngineError::Refused(format!(
                    "Pool overlaps with other one on this address space: {range}"
                )))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Removes it; whether it was there.
    pub(super) fn remove(&mut self, name: &str) -> EngineResult<bool> {
        let Some(net) = self.by_name.get(name) else { return Ok(false) };
        if let Some(member) = net.members.first() {
            return Err(EngineError::Busy(format!("{member} is on the network {name}")));
        }
        self.remove_behind_back(name);
        Ok(true)
    }

    pub(super) fn remove_behind_back(&mut self, name: &str) {
        let Some(net) = self.by_name.remove(name) else { return };
        for range in &net.ranges {
            self.pools.remove(&range.network());
        }
    }

    /// Notes that an instance has an interface here, and completes what the attachment leaves
    /// open: an address, a MAC.
    pub(super) fn join(&mut self, instance: &str, wish: &Attachment) -> EngineResult<Attachment> {
        let net = self.net(&wish.network)?;
        for address in &wish.addresses {
            if !net.ranges.iter().any(|range| range.contains(address)) {
                return Err(EngineError::Refused(format!(
                    "no configured subnet of {} contains {address}",
                    wish.network
                )));
            }
        }
        let mut attachment = wish.clone();
        if attachment.addresses.is_empty() {
            attachment.addresses = net.ranges.iter().filter_map(|range| net.free(range)).collect();
        }
        if attachment.mac.is_empty() {
            attachment.mac = mac_of(attachment.addresses.first());
        }
        net.members.insert(instance.to_owned());
        Ok(attachment)
    }

    pub(super) fn leave(&mut self, instance: &str, network: &str) {
        if let Some(net) = self.by_name.get_mut(network) {
            net.members.remove(instance);
        }
    }

    /// Takes the addresses of all attachments for an instance that starts, or none.
    pub(super) fn claim(&mut self, instance: &str, all: &[Attachment]) -> EngineResult<()> {
        for attachment in all {
            let net = self.net(&attachment.network)?;
            for address in &attachment.addresses {
                if net.taken.get(address).is_some_and(|holder| holder != instance) {
                    return Err(EngineError::Refused(format!("Address already in use: {address}")));
                }
            }
        }
        for attachment in all {
            let net = self.net(&attachment.network)?;
            for address in &attachment.addresses {
                net.taken.insert(*address, instance.to_owned());
            }
        }
        Ok(())
    }

    /// Gives the addresses back.
    pub(super) fn release(&mut self, instance: &str, all: &[Attachment]) {
        for attachment in all {
            let Some(net) = self.by_name.get_mut(&attachment.network) else { continue };
            for address in &attachment.addresses {
                if net.taken.get(address).is_some_and(|holder| holder == instance) {
                    net.taken.remove(address);
                }
            }
        }
    }

    fn net(&mut self, name: &str) -> EngineResult<&mut Net> {
        self.by_name.get_mut(name).ok_or_else(|| no_such("network", name))
    }
}

impl Net {
    fn free(&self, range: &IpNet) -> Option<IpAddr> {
        range.hosts().find(|address| !self.taken.contains_key(address))
    }
}

fn view(net: &Net) -> EngineNetwork {
    EngineNetwork {
        name: net.spec.name.clone(),
        engine_id: net.engine_id.clone(),
        labels: net.spec.labels.clone(),
        pools: net.spec.pools.clone(),
        mtu: net.spec.mtu,
        instances: net.members.iter().cloned().collect(),
    }
}

fn range(pool: &Pool) -> EngineResult<IpNet> {
    let net: IpNet = pool
        .cidr
        .parse()
        .map_err(|_| EngineError::Refused(format!("not an address pool: {}", pool.cidr)))?;
    Ok(net.trunc())
}

fn last(range: &IpNet) -> IpAddr {
    range.broadcast()
}

/// A MAC that follows from the address, as Docker's default does.
fn mac_of(address: Option<&IpAddr>) -> String {
    let bits = match address {
        Some(IpAddr::V4(address)) => address.to_bits(),
        Some(IpAddr::V6(address)) => (address.to_bits() & 0xffff_ffff) as u32,
        None => 0,
    };
    let [a, b, c, d] = bits.to_be_bytes();
    format!("02:42:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}
