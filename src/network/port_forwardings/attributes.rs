//! The attributes of a port forwarding: a row each, and the checks that only they have.

use std::net::Ipv4Addr;

use kit::http::pyrepr::Str;
use serde_json::Value;

use super::model::Protocol;
use crate::attributes::Attribute;
use crate::checks::{Bad, text, uuid};

/// What requests may set and lists filter and sort by. The path says of which floating IP.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute::required("floatingip_id", uuid).unlisted(),
    Attribute::set("external_port", port),
    Attribute::set("external_port_range", ports),
    Attribute::set("internal_port", port).unlisted(),
    Attribute::set("internal_port_range", ports).unlisted(),
    Attribute::needed("internal_port_id", uuid),
    Attribute::needed("internal_ip_address", address).unlisted(),
    Attribute::needed("protocol", protocol),
    Attribute::set("description", text).unsorted(),
];

/// A port, or none.
fn port(value: &Value) -> Result<Value, Bad> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let number = Str(value).to_string().parse::<i64>();
    let number = number.map_err(|_| Bad::Reason(format!("'{}' is not an integer", Str(value))))?;
    match number {
        ..1 => Err(Bad::Reason(format!("'{number}' is too small - must be at least '1'"))),
        1..=65535 => Ok(number.into()),
        65536.. => {
            let sentence = format!("'{number}' is too large - must be no larger than '65535'");
            Err(Bad::Reason(sentence))
        }
    }
}

/// Ports with a colon between the first and the last, one alone, or none.
fn ports(value: &Value) -> Result<Value, Bad> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let text = Str(value).to_string();
    let ends: Vec<&str> = text.split(':').collect();
    if ends.len() > 2 || ends.contains(&"") {
        let sentence = "Port range must be two integers separated by a colon";
        return Err(Bad::Reason(sentence.to_owned()));
    }
    let mut numbers = Vec::new();
    for end in ends {
        match end.parse::<u16>() {
            Err(_) => return Err(Bad::Reason(format!("Invalid port: {end}"))),
            Ok(0) => {
                let sentence = "Invalid port: 0, the port must be in the range [1, 65535]";
                return Err(Bad::Reason(sentence.to_owned()));
            }
            Ok(number) => numbers.push(number),
        }
    }
    if !numbers.is_sorted() {
        let sentence = "First port in a port range must be lower than the second port";
        return Err(Bad::Reason(sentence.to_owned()));
    }
    Ok(Value::String(text))
}

/// An IPv4 address: guests are reached by no other.
fn address(value: &Value) -> Result<Value, Bad> {
    match value.as_str().and_then(|text| text.parse::<Ipv4Addr>().ok()) {
        Some(address) => Ok(Value::String(address.to_string())),
        None => Err(Bad::Reason(format!("'{}' is not a valid IP address", Str(value)))),
    }
}

/// Of the protocols that Neutron knows, those that have ports and that the host leads.
fn protocol(value: &Value) -> Result<Value, Bad> {
    let text = Str(value).to_string().to_ascii_lowercase();
    match Protocol::parse(&text) {
        Some(_) => Ok(Value::String(text)),
        None => Err(Bad::Reason(format!("{} is not in valid_values", Str(value)))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ports_are_read_or_refused_in_neutrons_words() {
        let said = |outcome: Result<Value, Bad>| match outcome {
            Ok(value) => value.to_string(),
            Err(Bad::Reason(reason)) => reason,
            Err(Bad::Whole(error)) => error.public,
        };
        assert_eq!(said(port(&json!("80"))), "80");
        assert_eq!(said(port(&json!(0))), "'0' is too small - must be at least '1'");
        assert_eq!(
            said(port(&json!(65536))),
            "'65536' is too large - must be no larger than '65535'"
        );
        assert_eq!(said(ports(&json!("80:90"))), "\"80:90\"");
        assert_eq!(said(ports(&json!(80))), "\"80\"");
        assert_eq!(
            said(ports(&json!("80:"))),
            "Port range must be two integers separated by a colon"
        );
        assert_eq!(said(ports(&json!("80:x"))), "Invalid port: x");
        assert_eq!(
            said(ports(&json!("90:80"))),
            "First port in a port range must be lower than the second port"
        );
    }
}
