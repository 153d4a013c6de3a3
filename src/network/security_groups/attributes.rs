//! The attributes of a security group: a row each.

use crate::attributes::Attribute;
use crate::checks::{boolean, group_name, tags, text};

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::set("name", group_name),
    Attribute::set("description", text),
    Attribute::set("stateful", boolean),
    Attribute::filtered("shared", boolean),
    Attribute::shown("security_group_rules").unlisted(),
    Attribute::created("tags", tags).unlisted(),
];
