//! The attributes of an address group: a row each.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use kit::error::{Error, Result};
use kit::http::pyrepr::Str;
use serde_json::Value;

use super::errors;
use crate::attributes::Attribute;
use crate::checks::{Bad, ranges, text};

/// What requests may set and lists filter and sort by.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::set("name", text),
    Attribute::set("description", text),
    Attribute::created("addresses", ranges_or_none).unlisted(),
];

fn ranges_or_none(value: &Value) -> std::result::Result<Value, Bad> {
    if value.is_null() { Ok(Value::Array(Vec::new())) } else { ranges(value) }
}

/// The ranges that a body adds or takes away. Neutron takes addresses without a prefix here, which
/// it refuses in a new group.
pub(super) fn changed(body: &Value) -> Result<BTreeSet<IpNet>> {
    let given = body.get("addresses").and_then(Value::as_array);
    let given = given.ok_or_else(|| Error::bad_request("Request body contains invalid data"))?;
    given.iter().map(range).collect()
}

fn range(value: &Value) -> Result<IpNet> {
    let text = value.as_str().unwrap_or_default();
    let range: Option<IpNet> =
        text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    range.map(|range| range.trunc()).ok_or_else(|| errors::no_range(&Str(value).to_string()))
}
