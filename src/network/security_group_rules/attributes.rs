//! The attributes of a rule: a row each.

use super::checks::{direction, ethertype, port, prefix, protocol};
use crate::attributes::Attribute;
use crate::checks::{id_or_none, text, uuid};

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::required("security_group_id", uuid),
    Attribute::required("direction", direction),
    Attribute::created("ethertype", ethertype),
    Attribute::created("protocol", protocol),
    Attribute::created("port_range_min", port),
    Attribute::created("port_range_max", port),
    Attribute::created("remote_ip_prefix", prefix),
    Attribute::created("remote_group_id", id_or_none),
    Attribute::created("remote_address_group_id", id_or_none),
    Attribute::created("description", text),
    Attribute::shown("normalized_cidr"),
    Attribute::shown("belongs_to_default_sg").unsorted(),
];
