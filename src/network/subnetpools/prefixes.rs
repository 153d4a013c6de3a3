//! Sets of ranges: what is left of them, and where a subnet of a size fits. PURE.

use std::cmp::Reverse;

use ipnet::IpNet;

use crate::ipam::overlap;

/// The same addresses in the fewest ranges, in order.
pub(crate) fn compact(prefixes: &[IpNet]) -> Vec<IpNet> {
    let whole: Vec<IpNet> = prefixes.iter().map(IpNet::trunc).collect();
    IpNet::aggregate(&whole)
}

/// Whether two sets share an address.
pub(crate) fn meet(ours: &[IpNet], theirs: &[IpNet]) -> bool {
    ours.iter().any(|one| theirs.iter().any(|other| overlap(*one, *other)))
}

/// Whether every address of `part` is in `whole`.
pub(crate) fn covers(whole: &[IpNet], part: &[IpNet]) -> bool {
    without(part, whole).is_empty()
}

/// What is left of `whole`, in order.
pub(crate) fn without(whole: &[IpNet], taken: &[IpNet]) -> Vec<IpNet> {
    compact(whole).into_iter().flat_map(|range| left_of(range, taken)).collect()
}

fn left_of(range: IpNet, taken: &[IpNet]) -> Vec<IpNet> {
    let inside: Vec<IpNet> = taken.iter().copied().filter(|net| overlap(range, *net)).collect();
    if inside.is_empty() {
        return vec![range];
    }
    if inside.iter().any(|net| net.prefix_len() <= range.prefix_len()) {
        return Vec::new();
    }
    let halves = range.subnets(range.prefix_len() + 1).into_iter().flatten();
    halves.flat_map(|half| left_of(half, &inside)).collect()
}

/// Where a subnet with this length of prefix goes: the beginning of the smallest range that holds
/// it, so that large ones stay whole.
pub(crate) fn fit(free: &[IpNet], length: u8) -> Option<IpNet> {
    let holding = free.iter().filter(|range| range.prefix_len() <= length);
    let tightest = holding.min_by_key(|range| (Reverse(range.prefix_len()), **range))?;
    IpNet::new(tightest.network(), length).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nets(text: &str) -> Vec<IpNet> {
        text.split_whitespace().map(|net| net.parse().unwrap()).collect()
    }

    #[test]
    fn neighbours_become_one() {
        assert_eq!(compact(&nets("10.1.0.0/16 10.0.0.0/16 10.0.3.0/24")), nets("10.0.0.0/15"));
    }

    #[test]
    fn what_is_left_is_cut_as_coarsely_as_can_be() {
        let left = without(&nets("10.0.0.0/22"), &nets("10.0.1.0/24 192.0.2.0/24"));
        assert_eq!(left, nets("10.0.0.0/24 10.0.2.0/23"));
        assert!(without(&left, &nets("10.0.0.0/8")).is_empty());
        assert!(covers(&nets("10.0.0.0/9 10.128.0.0/9"), &nets("10.0.0.0/8")));
        assert!(!covers(&left, &nets("10.0.0.0/22")));
    }

    #[test]
    fn a_subnet_goes_where_the_least_is_broken() {
        let free = nets("10.0.0.0/24 10.0.2.0/23");
        assert_eq!(fit(&free, 25), Some("10.0.0.0/25".parse().unwrap()));
        assert_eq!(fit(&free, 23), Some("10.0.2.0/23".parse().unwrap()));
        assert_eq!(fit(&free, 22), None);
    }
}
