//! The attributes of a subnet: a row each.

use crate::attributes::Attribute;
use crate::checks::{
    address_or_none, boolean, cidr, host_routes, ip_version, ipv6_mode, nameservers, not_negative,
    pools, tags, text, uuid, uuid_or_none,
};

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::set("name", text),
    Attribute::set("description", text),
    Attribute::required("ip_version", ip_version),
    Attribute::required("network_id", uuid),
    Attribute::created("cidr", cidr),
    Attribute::created("prefixlen", not_negative).unlisted(),
    Attribute::created("subnetpool_id", uuid_or_none),
    Attribute::created("use_default_subnetpool", boolean).unlisted(),
    Attribute::set("gateway_ip", address_or_none),
    Attribute::set("allocation_pools", pools).unlisted(),
    Attribute::set("dns_nameservers", nameservers).unlisted(),
    Attribute::set("host_routes", host_routes).unlisted(),
    Attribute::set("enable_dhcp", boolean),
    Attribute::created("ipv6_ra_mode", ipv6_mode),
    Attribute::created("ipv6_address_mode", ipv6_mode),
    Attribute::shown("router:external").unsorted(),
    Attribute::filtered("shared", boolean),
    Attribute::created("tags", tags).unlisted(),
];
