//! The attributes of a subnet pool: a row each.

use crate::attributes::Attribute;
use crate::checks::{boolean, name, not_negative, ranges, tags, text, uuid_or_none};
use crate::policy;

/// Its ranges: set with the rest, and added to and taken from alone.
pub(super) const PREFIXES: Attribute = Attribute::needed("prefixes", ranges).unlisted();

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::needed("name", name),
    Attribute::set("description", text),
    PREFIXES,
    Attribute::set("default_quota", not_negative),
    Attribute::shown("ip_version"),
    Attribute::set("default_prefixlen", not_negative),
    Attribute::set("min_prefixlen", not_negative),
    Attribute::set("max_prefixlen", not_negative),
    Attribute::set("is_default", boolean)
        .rules(Some(&policy::CREATE_SUBNETPOOL_DEFAULT), Some(&policy::UPDATE_SUBNETPOOL_DEFAULT)),
    Attribute::created("shared", boolean).rules(Some(&policy::CREATE_SUBNETPOOL_SHARED), None),
    Attribute::set("address_scope_id", uuid_or_none),
    Attribute::created("tags", tags).unlisted(),
];
