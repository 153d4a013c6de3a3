//! Checks of single values that only rules have (`neutron/extensions/securitygroup.py`). PURE.

use ipnet::IpNet;
use kit::error::Error;
use kit::http::pyrepr::Str;
use serde_json::Value;

use super::model::{Direction, Ethertype};
use crate::checks::Bad;
use crate::errors::invalid_input_of;

/// The protocols that a rule can name, and their numbers; the others go by number.
pub(crate) static PROTOCOLS: &[(&str, u8)] = &[
    ("ah", 51),
    ("dccp", 33),
    ("egp", 8),
    ("esp", 50),
    ("gre", 47),
    ("hopopt", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ip", 0),
    ("ipip", 4),
    ("ipv6-encap", 41),
    ("ipv6-frag", 44),
    ("ipv6-icmp", 58),
    ("icmpv6", 58),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("ipv6-route", 43),
    ("ospf", 89),
    ("pgm", 113),
    ("rsvp", 46),
    ("sctp", 132),
    ("tcp", 6),
    ("udp", 17),
    ("udplite", 136),
    ("vrrp", 112),
];

/// In or out.
pub(super) fn direction(value: &Value) -> Result<Value, Bad> {
    match value.as_str().and_then(Direction::parse) {
        Some(_) => Ok(value.clone()),
        None => Err(Bad::Reason(format!("'{}' is not in ['ingress', 'egress']", Str(value)))),
    }
}

/// The IP version, in any case.
pub(super) fn ethertype(value: &Value) -> Result<Value, Bad> {
    let word = value.as_str().unwrap_or_default();
    let found = Ethertype::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(word));
    match found {
        Some(known) => Ok(Value::from(known.as_str())),
        None => Err(Bad::Whole(invalid_input_of(
            "SecurityGroupRuleInvalidEtherType",
            format!(
                "Security group rule for ethertype '{}' not supported. Allowed values are \
                 ['IPv4', 'IPv6'].",
                Str(value)
            ),
        ))),
    }
}

/// A name or a number; `any` and nothing are all of them.
pub(super) fn protocol(value: &Value) -> Result<Value, Bad> {
    let text = Str(value).to_string().to_ascii_lowercase();
    if value.is_null() || matches!(text.as_str(), "any" | "ip") {
        return Ok(Value::Null);
    }
    let known = PROTOCOLS.iter().any(|(name, _)| *name == text) || text.parse::<u8>().is_ok();
    if known { Ok(Value::from(text)) } else { Err(Bad::Whole(unknown_protocol(value))) }
}

fn unknown_protocol(value: &Value) -> Error {
    let names: Vec<String> = PROTOCOLS.iter().map(|(name, _)| format!("'{name}'")).collect();
    // Neutron lists `any` behind nothing, and the rest in the order of its own table.
    let names = names.join(", ").replacen("'ah'", "'any', 'ah'", 1);
    invalid_input_of(
        "SecurityGroupRuleInvalidProtocol",
        format!(
            "Security group rule protocol {} not supported. Only protocol values (None, {names}) \
             and integer representations [0 to 255] are supported.",
            Str(value)
        ),
    )
}

/// A port, or an ICMP type or code.
pub(super) fn port(value: &Value) -> Result<Value, Bad> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    match Str(value).to_string().parse::<u16>() {
        Ok(port) => Ok(Value::from(port)),
        Err(_) => Err(Bad::Whole(invalid_port(&Str(value)))),
    }
}

/// Neutron's sentence for what is no port.
pub(super) fn invalid_port(port: &dyn std::fmt::Display) -> Error {
    invalid_input_of("SecurityGroupInvalidPortValue", format!("Invalid value for port {port}"))
}

/// A range; an address alone is a range of one.
pub(super) fn prefix(value: &Value) -> Result<Value, Bad> {
    let text = match value.as_str() {
        None if value.is_null() => return Ok(Value::Null),
        Some("") => return Ok(Value::Null),
        Some(text) => text,
        None => "",
    };
    let range: Option<IpNet> = text
        .parse()
        .ok()
        .or_else(|| text.parse().ok().map(|address: std::net::IpAddr| address.into()));
    range.map(|range| Value::from(range.to_string())).ok_or_else(|| {
        let sentence = format!("Invalid CIDR {} given as IP prefix.", Str(value));
        Bad::Whole(Error::bad_request(sentence).tag("InvalidCIDR"))
    })
}
