//! Checks of single values: what Neutron converts and what it refuses, in its words
//! (`neutron_lib/api/{validators,converters}`). PURE. The tables of attributes name them.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::error::Error;
use kit::http::pyrepr::Str;
use kit::ids::is_uuid_like;
use serde_json::{Map, Value};

use crate::ipam::Pool;
use crate::{errors, mac};

/// Takes a value as clients write it, gives it as the house keeps it.
pub(crate) type Check = fn(&Value) -> Result<Value, Bad>;

/// Why a value is refused.
#[derive(Clone, Debug)]
pub(crate) enum Bad {
    /// A validator's reason; the sentence around it names the attribute.
    Reason(String),
    /// A converter's error, whole.
    Whole(Error),
}

impl From<Error> for Bad {
    fn from(error: Error) -> Self {
        Self::Whole(error)
    }
}

fn reason<T>(text: String) -> Result<T, Bad> {
    Err(Bad::Reason(text))
}

/// Longest name, description or project id.
const MAX_TEXT: usize = 255;

/// Anything at all: attributes that nobody may write, or that are checked as a whole.
#[expect(clippy::unnecessary_wraps, reason = "a Check like the others")]
pub(crate) fn anything(value: &Value) -> Result<Value, Bad> {
    Ok(value.clone())
}

/// Text of at most 255 characters.
pub(crate) fn text(value: &Value) -> Result<Value, Bad> {
    match value {
        Value::String(text) if text.chars().count() > MAX_TEXT => {
            reason(format!("'{text}' exceeds maximum length of {MAX_TEXT}"))
        }
        Value::String(_) => Ok(value.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            reason(format!("'{}' is not a valid string", Str(value)))
        }
    }
}

/// Text that says something.
pub(crate) fn name(value: &Value) -> Result<Value, Bad> {
    let value = text(value)?;
    let blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    if blank {
        reason(format!("'{}' Blank strings are not permitted", Str(&value)))
    } else {
        Ok(value)
    }
}

/// The name of a security group: any but that of the group that every project has.
pub(crate) fn group_name(value: &Value) -> Result<Value, Bad> {
    let value = text(value)?;
    let taken = value.as_str().is_some_and(|name| name.eq_ignore_ascii_case("default"));
    if taken { Err(errors::default_group_exists().into()) } else { Ok(value.clone()) }
}

/// True or false, as text or number too.
pub(crate) fn boolean(value: &Value) -> Result<Value, Bad> {
    let word = Str(value).to_string().to_ascii_lowercase();
    match word.as_str() {
        "true" | "1" => Ok(Value::Bool(true)),
        "false" | "0" => Ok(Value::Bool(false)),
        _ => Err(errors::invalid_input(format!("'{}' cannot be converted to boolean", Str(value)))
            .into()),
    }
}

/// A whole number, as text too.
fn integer(value: &Value) -> Result<i64, Bad> {
    let number = Str(value).to_string().parse();
    number.map_err(|_| errors::invalid_input(format!("'{}' is not an integer", Str(value))).into())
}

/// A number that counts something.
pub(crate) fn not_negative(value: &Value) -> Result<Value, Bad> {
    let number = integer(value)?;
    if number < 0 {
        reason(format!("'{number}' should be non-negative"))
    } else {
        Ok(number.into())
    }
}

/// 4 or 6.
pub(crate) fn ip_version(value: &Value) -> Result<Value, Bad> {
    let number = integer(value)?;
    if number == 4 || number == 6 {
        Ok(Value::from(number))
    } else {
        reason(format!("'{number}' is not in [4, 6]"))
    }
}

/// A UUID.
pub(crate) fn uuid(value: &Value) -> Result<Value, Bad> {
    if value.as_str().is_some_and(is_uuid_like) {
        return Ok(value.clone());
    }
    reason(format!("'{}' is not a valid UUID", Str(value)))
}

/// A UUID, or none.
pub(crate) fn uuid_or_none(value: &Value) -> Result<Value, Bad> {
    if value.is_null() { Ok(Value::Null) } else { uuid(value) }
}

/// An id of whatever shape, or none: Neutron looks it up, and does not find it.
pub(crate) fn id_or_none(value: &Value) -> Result<Value, Bad> {
    if value.is_null() || value.is_string() { Ok(value.clone()) } else { uuid(value) }
}

/// A list of UUIDs, none twice; none at all is an empty one.
pub(crate) fn uuids(value: &Value) -> Result<Value, Bad> {
    let items = list(value, |value| format!("'{}' is not a list", Str(value)))?;
    refuse_twice(&items)?;
    Ok(Value::Array(items.iter().map(uuid).collect::<Result<_, _>>()?))
}

/// An address, or none.
pub(crate) fn address_or_none(value: &Value) -> Result<Value, Bad> {
    if value.is_null() { Ok(Value::Null) } else { address(value) }
}

/// A MAC, in its canonical spelling.
pub(crate) fn mac_address(value: &Value) -> Result<Value, Bad> {
    match value.as_str().and_then(mac::canonical) {
        Some(mac) => Ok(Value::String(mac)),
        None => reason(format!("'{}' is not a valid MAC address", Str(value))),
    }
}

/// A range, in its canonical spelling.
pub(crate) fn cidr(value: &Value) -> Result<Value, Bad> {
    let parsed: Option<IpNet> = value.as_str().and_then(|text| text.parse().ok());
    match parsed {
        Some(cidr) => Ok(Value::String(cidr.trunc().to_string())),
        None => {
            Err(errors::invalid_input(format!("{} is not in a CIDR format", Str(value))).into())
        }
    }
}

/// Ranges, none twice, each as its network is written.
pub(crate) fn ranges(value: &Value) -> Result<Value, Bad> {
    let items = value.as_array();
    let items = items.ok_or_else(|| Bad::Reason(format!("'{}' is not a list", Str(value))))?;
    refuse_twice(items)?;
    Ok(Value::Array(items.iter().map(range).collect::<Result<_, _>>()?))
}

fn refuse_twice(items: &[Value]) -> Result<(), Bad> {
    let twice = |(index, item): &(usize, &Value)| items.iter().take(*index).any(|it| it == *item);
    match items.iter().enumerate().find(twice) {
        Some((_, item)) => reason(format!("Duplicate items in the list: '{}'", Str(item))),
        None => Ok(()),
    }
}

fn range(value: &Value) -> Result<Value, Bad> {
    match value.as_str().and_then(|text| text.parse::<IpNet>().ok()) {
        Some(range) => Ok(Value::String(range.trunc().to_string())),
        None => reason(format!("'{}' is not a valid IP subnet", Str(value))),
    }
}

/// One of the ways in which IPv6 guests learn their addresses, or none.
pub(crate) fn ipv6_mode(value: &Value) -> Result<Value, Bad> {
    const MODES: &str = "['dhcpv6-stateful', 'dhcpv6-stateless', 'slaac', None]";
    match value.as_str() {
        None if value.is_null() => Ok(value.clone()),
        Some("dhcpv6-stateful" | "dhcpv6-stateless" | "slaac") => Ok(value.clone()),
        Some(_) | None => reason(format!("'{}' is not in {MODES}", Str(value))),
    }
}

/// Ranges of a subnet that ports may get.
pub(crate) fn pools(value: &Value) -> Result<Value, Bad> {
    let items = list(value, |value| format!("Invalid data format for IP pool: '{}'", Str(value)))?;
    for item in &items {
        if serde_json::from_value::<Pool>(item.clone()).is_err() {
            return reason(format!("Invalid data format for IP pool: '{}'", Str(item)));
        }
    }
    Ok(Value::Array(items))
}

/// Addresses of name servers.
pub(crate) fn nameservers(value: &Value) -> Result<Value, Bad> {
    let items =
        list(value, |value| format!("Invalid data format for nameserver: '{}'", Str(value)))?;
    for (index, host) in items.iter().enumerate() {
        if address(host).is_err() {
            return reason(format!(
                "'{host}' is not a valid nameserver. '{host}' is not a valid IP address",
                host = Str(host)
            ));
        }
        if items.iter().take(index).any(|other| other == host) {
            return reason(format!("Duplicate nameserver '{}'", Str(host)));
        }
    }
    Ok(Value::Array(items))
}

/// Routes that guests are told of.
pub(crate) fn host_routes(value: &Value) -> Result<Value, Bad> {
    let items =
        list(value, |value| format!("Invalid data format for hostroute: '{}'", Str(value)))?;
    for (index, route) in items.iter().enumerate() {
        let (destination, nexthop) = (route.get("destination"), route.get("nexthop"));
        let (Some(destination), Some(nexthop)) = (destination, nexthop) else {
            return reason(format!("Invalid data format for hostroute: '{}'", Str(route)));
        };
        if destination.as_str().is_none_or(|text| text.parse::<IpNet>().is_err()) {
            return reason(format!("'{}' is not a valid CIDR", Str(destination)));
        }
        address(nexthop)?;
        if items.iter().take(index).any(|other| other == route) {
            return reason(format!("Duplicate hostroute '{}'", Str(route)));
        }
    }
    Ok(Value::Array(items))
}

/// What a port wants for its addresses.
pub(crate) fn fixed_ips(value: &Value) -> Result<Value, Bad> {
    let invalid = |value: &Value| format!("Invalid data format for fixed IP: '{}'", Str(value));
    let items = list(value, invalid)?;
    for (index, item) in items.iter().enumerate() {
        if !item.is_object() {
            return reason(invalid(item));
        }
        if let Some(wanted) = item.get("ip_address").filter(|wanted| !wanted.is_null()) {
            let earlier = items.iter().take(index).filter_map(|other| other.get("ip_address"));
            if earlier.into_iter().any(|other| other == wanted) {
                return reason(format!("Duplicate IP address '{}'", Str(wanted)));
            }
            address(wanted)?;
        }
        if let Some(subnet) = item.get("subnet_id").filter(|subnet| !subnet.is_null()) {
            uuid(subnet)?;
        }
    }
    Ok(Value::Array(items))
}

/// A router's way out; null is none.
pub(crate) fn gateway_info(value: &Value) -> Result<Value, Bad> {
    let Value::Object(members) = value else {
        return if value.is_null() { Ok(Value::Null) } else { object(value) };
    };
    // Neutron: an empty object is none too, and clients say so.
    if members.is_empty() {
        return Ok(Value::Null);
    }
    let network = members.get("network_id").ok_or_else(|| {
        let keys: Vec<String> = members.keys().map(|key| format!("'{key}'")).collect();
        Bad::Reason(format!(
            "Validation of dictionary's keys failed. Expected keys: {{'network_id'}} Provided \
             keys: dict_keys([{}])",
            keys.join(", ")
        ))
    })?;
    uuid(network)?;
    let mut checked = members.clone();
    let parts: [(&str, Check); 2] = [("enable_snat", boolean), ("external_fixed_ips", fixed_ips)];
    for (key, check) in parts {
        if let Some(value) = checked.get_mut(key) {
            *value = check(value)?;
        }
    }
    Ok(Value::Object(checked))
}

/// How many allowed address pairs a port has at most (Neutron: `max_allowed_address_pair`).
const MAX_PAIRS: usize = 10;

/// What a port may send from besides; null takes them away.
pub(crate) fn address_pairs(value: &Value) -> Result<Value, Bad> {
    if value.is_null() {
        return Ok(Value::Array(Vec::new()));
    }
    let items = list(value, |_| "Allowed address pairs must be a list.".to_owned())?;
    if items.len() > MAX_PAIRS {
        return Err(errors::too_many_pairs(MAX_PAIRS).into());
    }
    items.iter().map(address_pair).collect()
}

fn address_pair(item: &Value) -> Result<Value, Bad> {
    let ip = item.get("ip_address").filter(|ip| !ip.is_null());
    let ip = ip.ok_or_else(errors::pair_without_address)?;
    let text = ip.as_str().unwrap_or_default();
    if text.parse::<IpAddr>().is_err() && text.parse::<IpNet>().is_err() {
        return reason(format!("'{}' is not a valid IP subnet", Str(ip)));
    }
    let mac = item.get("mac_address").filter(|mac| !mac.is_null());
    let mac = mac.map(mac_address).transpose()?.unwrap_or_default();
    let members = [("ip_address", ip.clone()), ("mac_address", mac)];
    Ok(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Words to hang on a thing.
pub(crate) fn tags(value: &Value) -> Result<Value, Bad> {
    let items = list(value, |value| format!("'{}' is not a list", Str(value)))?;
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        let item = text(&item)?;
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    Ok(Value::Array(kept))
}

/// An object, or none.
pub(crate) fn object(value: &Value) -> Result<Value, Bad> {
    match value {
        Value::Null => Ok(Value::Object(Map::new())),
        Value::Object(_) => Ok(value.clone()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            reason(format!("'{}' is not a dictionary", Str(value)))
        }
    }
}

/// The kind of interface that a container can have.
pub(crate) fn vnic_type(value: &Value) -> Result<Value, Bad> {
    match value.as_str() {
        Some("normal") => Ok(value.clone()),
        Some(_) | None => reason(format!("'{}' is not in ['normal']", Str(value))),
    }
}

/// There is one kind of network, which has no place on a wire. No check of an attribute: whoever
/// may not choose is refused before it matters what.
pub(crate) fn local_network(given: &Map<String, Value>) -> kit::Result<()> {
    let set = |key: &str| given.get(key).filter(|value| !value.is_null());
    if let Some(kind) = set("provider:network_type").filter(|kind| *kind != "local") {
        let sentence = format!("network_type value '{}' not supported", Str(kind));
        return Err(errors::invalid_input(sentence));
    }
    if ["provider:physical_network", "provider:segmentation_id"]
        .into_iter()
        .any(|key| set(key).is_some())
    {
        return Err(errors::invalid_input(
            "provider:physical_network and provider:segmentation_id are prohibited for local networks",
        ));
    }
    Ok(())
}

fn address(value: &Value) -> Result<Value, Bad> {
    match value.as_str().and_then(|text| text.parse::<IpAddr>().ok()) {
        Some(address) => Ok(Value::String(address.to_string())),
        None => reason(format!("'{}' is not a valid IP address", Str(value))),
    }
}

fn list(value: &Value, otherwise: impl Fn(&Value) -> String) -> Result<Vec<Value>, Bad> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => Ok(items.clone()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            reason(otherwise(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn says(outcome: Result<Value, Bad>) -> String {
        match outcome {
            Ok(value) => value.to_string(),
            Err(Bad::Reason(reason)) => reason,
            Err(Bad::Whole(error)) => error.public,
        }
    }

    #[test]
    fn values_are_converted_or_refused_in_neutrons_words() {
        let cases: &[(Check, Value, &str)] = &[
            (boolean, json!("True"), "true"),
            (boolean, json!(0), "false"),
            (
                boolean,
                json!("x"),
                "Invalid input for operation: 'x' cannot be converted to boolean.",
            ),
            (text, json!(5), "'5' is not a valid string"),
            (uuid, json!("x"), "'x' is not a valid UUID"),
            (cidr, json!("x"), "Invalid input for operation: x is not in a CIDR format."),
            (cidr, json!("10.0.0.7/24"), "\"10.0.0.0/24\""),
            (ip_version, json!("6"), "6"),
            (ip_version, json!(5), "'5' is not in [4, 6]"),
            (mac_address, json!("FA:16:3E:00:00:01"), "\"fa:16:3e:00:00:01\""),
            (nameservers, json!(["::1", "::1"]), "Duplicate nameserver '::1'"),
            (fixed_ips, json!([{"ip_address": "x"}]), "'x' is not a valid IP address"),
            (
                pools,
                json!([{"start": "10.0.0.1"}]),
                "Invalid data format for IP pool: '{'start': '10.0.0.1'}'",
            ),
        ];
        for (check, value, wanted) in cases {
            assert_eq!(says(check(value)), *wanted);
        }
    }
}
