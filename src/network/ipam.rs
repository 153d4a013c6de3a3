//! Addresses: which are free, which pools are sound, which ranges collide. PURE.
//!
//! Chooses only. That no two ports have one address is held by an index of the database, and
//! between choosing and inserting nobody else writes: there is one writer.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A range of addresses that ports may get, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// The first address.
    pub start: IpAddr,
    /// The last address.
    pub end: IpAddr,
}

/// What is wrong with a list of pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolFault {
    /// It ends before it begins, or is of the other IP version.
    Invalid(Pool),
    /// It leaves the subnet.
    OutOfBounds(Pool),
    /// Two share an address.
    Overlap(Pool, Pool),
    /// The gateway lies inside.
    HoldsGateway(Pool),
}

impl Pool {
    /// Whether the address lies inside.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.start.is_ipv4() == address.is_ipv4() && (self.start..=self.end).contains(&address)
    }

    /// How many addresses it has.
    pub(crate) fn size(&self) -> u128 {
        number(self.end).saturating_sub(number(self.start)).saturating_add(1)
    }
}

impl std::fmt::Display for Pool {
    /// As Python's `netaddr.IPRange` prints itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.start, self.end)
    }
}

/// The first and last address that a guest may have: not the subnet's own and, in IPv4, not the
/// broadcast, unless the subnet is too small to have them.
pub(crate) fn hosts(cidr: IpNet) -> Pool {
    let (first, last) = (cidr.network(), cidr.broadcast());
    match cidr {
        IpNet::V4(net) if net.prefix_len() < 31 => Pool { start: next(first), end: previous(last) },
        IpNet::V6(net) if net.prefix_len() < 127 => Pool { start: next(first), end: last },
        IpNet::V4(_) | IpNet::V6(_) => Pool { start: first, end: last },
    }
}

/// The gateway of a subnet whose maker named none: its first address.
pub(crate) fn default_gateway(cidr: IpNet) -> IpAddr {
    next(cidr.network())
}

/// Whether `address` can be a guest's in this subnet.
pub(crate) fn is_host(cidr: IpNet, address: IpAddr) -> bool {
    cidr.contains(&address) && hosts(cidr).contains(address)
}

/// The pools of a subnet whose maker named none: everything but the gateway.
pub(crate) fn default_pools(cidr: IpNet, gateway: Option<IpAddr>) -> Vec<Pool> {
    let all = hosts(cidr);
    let Some(gateway) = gateway.filter(|gateway| all.contains(*gateway)) else {
        return vec![all];
    };
    let below = (gateway > all.start).then(|| Pool { start: all.start, end: previous(gateway) });
    let above = (gateway < all.end).then(|| Pool { start: next(gateway), end: all.end });
    below.into_iter().chain(above).collect()
}

/// Holds pools to the rules of a subnet: ordered, inside, disjoint, without the gateway.
pub(crate) fn check_pools(
    cidr: IpNet,
    pools: &[Pool],
    gateway: Option<IpAddr>,
) -> Result<(), PoolFault> {
    let all = hosts(cidr);
    for (index, pool) in pools.iter().enumerate() {
        let one_version = pool.start.is_ipv4() == pool.end.is_ipv4();
        if !one_version || pool.start.is_ipv4() != all.start.is_ipv4() || pool.start > pool.end {
            return Err(PoolFault::Invalid(*pool));
        }
        if pool.start < all.start || pool.end > all.end {
            return Err(PoolFault::OutOfBounds(*pool));
        }
        let overlaps = |other: &&Pool| other.start <= pool.end && pool.start <= other.end;
        if let Some(other) = pools.iter().take(index).find(overlaps) {
            return Err(PoolFault::Overlap(*other, *pool));
        }
    }
    let holds = |pool: &&Pool| gateway.is_some_and(|gateway| pool.contains(gateway));
    pools.iter().find(holds).map_or(Ok(()), |pool| Err(PoolFault::HoldsGateway(*pool)))
}

/// The lowest address of the pools, in their order, that nobody has.
pub(crate) fn next_free(pools: &[Pool], taken: &BTreeSet<IpAddr>) -> Option<IpAddr> {
    pools.iter().find_map(|pool| {
        let mut candidate = pool.start;
        for used in taken.range(pool.start..=pool.end) {
            if *used != candidate {
                break;
            }
            if candidate == pool.end {
                return None;
            }
            candidate = next(candidate);
        }
        Some(candidate)
    })
}

/// Whether two ranges share an address.
pub(crate) fn overlap(a: IpNet, b: IpNet) -> bool {
    a.contains(&b.network()) || b.contains(&a.network())
}

/// How many neighbours of a default range are tried before giving up.
const NEIGHBOURS: u32 = 256;

/// The first range of the size of `wanted`, from `wanted` upwards, that shares nothing with
/// `used`: several installations on one engine each find one.
pub(crate) fn next_free_range(wanted: IpNet, used: &[IpNet]) -> Option<IpNet> {
    let mut candidate = wanted.trunc();
    for _ in 0..NEIGHBOURS {
        if !used.iter().any(|other| overlap(candidate, *other)) {
            return Some(candidate);
        }
        let above = next(candidate.broadcast());
        candidate = IpNet::new(above, candidate.prefix_len()).ok()?;
    }
    None
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn next(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits().saturating_add(1)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits().saturating_add(1)).into(),
    }
}

fn previous(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits().saturating_sub(1)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits().saturating_sub(1)).into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn pool(start: &str, end: &str) -> Pool {
        Pool { start: at(start), end: at(end) }
    }

    #[test]
    fn the_default_pools_leave_the_gateway_out() {
        let all = default_pools(net("192.0.2.0/24"), Some(at("192.0.2.1")));
        assert_eq!(all, [pool("192.0.2.2", "192.0.2.254")]);
        let middle = default_pools(net("192.0.2.0/29"), Some(at("192.0.2.3")));
        assert_eq!(middle, [pool("192.0.2.1", "192.0.2.2"), pool("192.0.2.4", "192.0.2.6")]);
        assert_eq!(default_pools(net("192.0.2.0/31"), None), [pool("192.0.2.0", "192.0.2.1")]);
        let six = default_pools(net("2001:db8::/64"), Some(at("2001:db8::1")));
        assert_eq!(six, [pool("2001:db8::2", "2001:db8::ffff:ffff:ffff:ffff")]);
    }

    #[test]
    fn unsound_pools_are_named() {
        let cidr = net("192.0.2.0/24");
        let cases = [
            (vec![pool("192.0.2.9", "192.0.2.2")], None),
            (vec![pool("192.0.2.2", "192.0.3.2")], None),
            (vec![pool("192.0.2.2", "192.0.2.9"), pool("192.0.2.9", "192.0.2.12")], None),
            (vec![pool("192.0.2.2", "192.0.2.9")], Some(at("192.0.2.5"))),
        ];
        let faults: Vec<_> =
            cases.iter().map(|(pools, gateway)| check_pools(cidr, pools, *gateway)).collect();
        assert!(matches!(
            faults.as_slice(),
            [
                Err(PoolFault::Invalid(_)),
                Err(PoolFault::OutOfBounds(_)),
                Err(PoolFault::Overlap(..)),
                Err(PoolFault::HoldsGateway(_)),
            ]
        ));
    }

    #[test]
    fn a_second_installation_takes_the_range_beside() {
        let used = [net("172.24.4.0/24"), net("172.24.5.128/25")];
        assert_eq!(next_free_range(net("172.24.4.0/24"), &used), Some(net("172.24.6.0/24")));
        assert_eq!(next_free_range(net("255.255.255.0/24"), &[net("0.0.0.0/0")]), None);
    }

    proptest! {
        #[test]
        fn addresses_are_given_once_until_the_pool_is_empty(
            prefix in 26_u8..=32, gateway in any::<bool>(),
        ) {
            let cidr = IpNet::new(at("192.0.2.0"), prefix).unwrap();
            let gateway = gateway.then(|| default_gateway(cidr));
            let pools = default_pools(cidr, gateway);
            let room: u128 = pools.iter().map(Pool::size).sum();
            let mut taken = BTreeSet::new();
            while let Some(address) = next_free(&pools, &taken) {
                prop_assert!(is_host(cidr, address));
                prop_assert_ne!(Some(address), gateway);
                prop_assert!(taken.insert(address));
            }
            prop_assert_eq!(taken.len() as u128, room);
        }

        #[test]
        fn a_freed_address_is_found_again(freed in 2_u8..=254) {
            let pools = default_pools(net("192.0.2.0/24"), Some(at("192.0.2.1")));
            let mut taken: BTreeSet<IpAddr> =
                (2..=254).map(|last| Ipv4Addr::new(192, 0, 2, last).into()).collect();
            let address = IpAddr::from(Ipv4Addr::new(192, 0, 2, freed));
            taken.remove(&address);
            prop_assert_eq!(next_free(&pools, &taken), Some(address));
        }
    }
}
