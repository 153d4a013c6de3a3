//! The attributes of an address scope: a row each.

use crate::attributes::Attribute;
use crate::checks::{boolean, ip_version, text};
use crate::policy;

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::set("name", text),
    Attribute::required("ip_version", ip_version),
    Attribute::set("shared", boolean).rules(
        Some(&policy::CREATE_ADDRESS_SCOPE_SHARED),
        Some(&policy::UPDATE_ADDRESS_SCOPE_SHARED),
    ),
];
