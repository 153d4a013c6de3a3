//! The attributes of a floating IP: a row each.

use crate::attributes::Attribute;
use crate::checks::{address_or_none, tags, text, uuid, uuid_or_none};
use crate::policy;

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::created("floating_ip_address", address_or_none)
        .rules(Some(&policy::CREATE_FLOATINGIP_ADDRESS), None),
    Attribute::created("subnet_id", uuid_or_none).unlisted(),
    Attribute::required("floating_network_id", uuid),
    Attribute::shown("router_id"),
    Attribute::set("port_id", uuid_or_none).unsorted(),
    Attribute::set("fixed_ip_address", address_or_none),
    Attribute::set("description", text),
    Attribute::shown("status"),
    Attribute::created("tags", tags).unlisted(),
];
