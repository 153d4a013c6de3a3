//! The attributes of a network: a row each.

use crate::attributes::Attribute;
use crate::checks::{anything, boolean, not_negative, tags, text};
use crate::policy;

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::set("name", text),
    Attribute::set("description", text),
    Attribute::set("admin_state_up", boolean),
    Attribute::shown("status"),
    Attribute::shown("subnets").unlisted(),
    Attribute::set("mtu", not_negative),
    Attribute::shown("ipv4_address_scope").unlisted(),
    Attribute::shown("ipv6_address_scope").unlisted(),
    Attribute::set("shared", boolean)
        .unsorted()
        .rules(Some(&policy::CREATE_NETWORK_SHARED), Some(&policy::UPDATE_NETWORK_SHARED)),
    Attribute::set("router:external", boolean)
        .unsorted()
        .rules(Some(&policy::CREATE_NETWORK_EXTERNAL), Some(&policy::UPDATE_NETWORK_EXTERNAL)),
    Attribute::set("port_security_enabled", boolean).without_default().rules(
        Some(&policy::CREATE_NETWORK_PORT_SECURITY),
        Some(&policy::UPDATE_NETWORK_PORT_SECURITY),
    ),
    Attribute::created("availability_zone_hints", tags).unsorted(),
    Attribute::created("provider:network_type", text)
        .unsorted()
        .rules(Some(&policy::CREATE_NETWORK_TYPE), None),
    Attribute::created("provider:physical_network", anything)
        .unsorted()
        .rules(Some(&policy::CREATE_NETWORK_PHYSICAL), None),
    Attribute::created("provider:segmentation_id", anything)
        .unsorted()
        .rules(Some(&policy::CREATE_NETWORK_SEGMENT), None),
    Attribute::created("tags", tags).unlisted(),
];
