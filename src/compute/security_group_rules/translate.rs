//! PURE: what a rule in Nova's old words lets in, in the network service's, with Nova's own checks
//! and sentences (`nova/network/security_group_api.py`). Nova's contract holds none of it to a
//! type, so numbers may be texts.

use std::net::IpAddr;

use kit::error::{Error, Result};
use serde_json::{Map, Value, json};

use crate::loose;

/// The attributes of the network service's rule, all but its group.
pub(super) fn translate(body: &Value) -> Result<Map<String, Value>> {
    let given = |key: &str| body.get(key).filter(|value| !value.is_null());
    let group = given("group_id").map(loose::text);
    let protocol = given("ip_protocol").map(loose::text).filter(|word| !word.is_empty());
    let word = protocol.as_deref().unwrap_or_default().to_ascii_uppercase();
    let mut ports = (given("from_port").cloned(), given("to_port").cloned());
    if group.is_some() && ports == (None, None) {
        ports = unlimited(&word);
    }
    let limits = match (protocol, ports) {
        (Some(protocol), (Some(from), Some(to))) => {
            Some((limits(&protocol, &word, &from, &to)?, protocol))
        }
        (_, _) => None,
    };
    let cidr = if group.is_none() { Some(range(given("cidr"))?) } else { None };
    if cidr.is_some() && limits.is_none() {
        return Err(Error::bad_request("Not enough parameters to build a valid rule."));
    }
    let six = cidr.as_ref().is_some_and(|(address, _)| address.is_ipv6());
    let mut rule = Map::new();
    let mut set = |key: &str, value: Value| rule.insert(key.to_owned(), value);
    set("direction", json!("ingress"));
    set("ethertype", json!(if six { "IPv6" } else { "IPv4" }));
    set("remote_ip_prefix", json!(cidr.map(|(_, text)| text)));
    set("remote_group_id", json!(group));
    if let Some(((from, to), protocol)) = limits {
        set("protocol", json!(protocol));
        // Nova: -1 is any.
        set("port_range_min", json!(Some(from).filter(|port| *port != -1)));
        set("port_range_max", json!(Some(to).filter(|port| *port != -1)));
    }
    Ok(rule)
}

/// What a group may send where no ports are named.
fn unlimited(protocol: &str) -> (Option<Value>, Option<Value>) {
    match protocol {
        "ICMP" => (Some(json!(-1)), Some(json!(-1))),
        "TCP" | "UDP" => (Some(json!(1)), Some(json!(65535))),
        _ => (None, None),
    }
}

/// The ports, or the type and the code, checked.
fn limits(protocol: &str, word: &str, from: &Value, to: &Value) -> Result<(i64, i64)> {
    let no_number = |_| {
        Error::bad_request(if word == "ICMP" {
            "Invalid input received: Type and Code must be integers for ICMP protocol type"
        } else {
            "Invalid input received: To and From ports must be integers"
        })
    };
    let from = loose::integer("from_port", from).map_err(no_number)?;
    let to = loose::integer("to_port", to).map_err(no_number)?;
    let why = match word {
        "TCP" | "UDP" if from > to => "Former value cannot be greater than the later".to_owned(),
        "TCP" | "UDP" if from < 1 || to > 65535 => {
            format!("Valid {word} ports should be between 1-65535")
        }
        "ICMP" if !(-1..=255).contains(&from) || !(-1..=255).contains(&to) => {
            "For ICMP, the type:code must be valid".to_owned()
        }
        "TCP" | "UDP" | "ICMP" => return Ok((from, to)),
        _ => return Err(Error::bad_request(format!("Invalid IP protocol {protocol}."))),
    };
    Err(Error::bad_request(format!("Invalid port range {from}:{to}. {why}")))
}

/// The addresses that are let in: all of them where nothing is said.
fn range(cidr: Option<&Value>) -> Result<(IpAddr, String)> {
    let text = cidr.map(loose::text).filter(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| "0.0.0.0/0".to_owned());
    let no_range = || Error::bad_request(format!("{text} is not a valid IP network."));
    let (address, prefix) = text.split_once('/').ok_or_else(no_range)?;
    let address: IpAddr = address.parse().map_err(|_| no_range())?;
    let prefix: u8 = prefix.parse().map_err(|_| no_range())?;
    if prefix > if address.is_ipv6() { 128 } else { 32 } {
        return Err(no_range());
    }
    if prefix == 0 && !address.is_unspecified() {
        return Err(Error::bad_request(format!("Bad prefix for network in cidr {text}")));
    }
    Ok((address, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_speaks_of_what_comes_in() {
        let rule = json!({"ip_protocol": "tcp", "from_port": "22", "to_port": 23});
        let rule = translate(&rule).unwrap();
        assert_eq!(rule["direction"], "ingress");
        assert_eq!((&rule["port_range_min"], &rule["port_range_max"]), (&json!(22), &json!(23)));
        assert_eq!(rule["remote_ip_prefix"], "0.0.0.0/0");
        let six = json!({"ip_protocol": "icmp", "from_port": -1, "to_port": -1, "cidr": "::/0"});
        let six = translate(&six).unwrap();
        assert_eq!((&six["ethertype"], &six["port_range_min"]), (&json!("IPv6"), &Value::Null));
    }

    #[test]
    fn a_group_is_let_in_without_ports() {
        let all = translate(&json!({"group_id": "g"})).unwrap();
        assert_eq!((all.get("protocol"), &all["remote_group_id"]), (None, &json!("g")));
        let udp = translate(&json!({"group_id": "g", "ip_protocol": "udp"})).unwrap();
        assert_eq!((&udp["port_range_min"], &udp["port_range_max"]), (&json!(1), &json!(65535)));
        assert_eq!(udp["remote_ip_prefix"], Value::Null);
    }

    #[test]
    fn refusals_have_novas_sentences() {
        let tcp = |from: Value, to: Value| json!({"ip_protocol": "tcp", "from_port": from, "to_port": to});
        let from =
            |cidr: &str| json!({"ip_protocol": "udp", "from_port": 1, "to_port": 2, "cidr": cidr});
        let cases = [
            (json!({}), "Not enough parameters to build a valid rule."),
            (tcp(json!(9), json!(2)), "Invalid port range 9:2. Former value cannot be greater"),
            (tcp(json!(1), json!(65536)), "Invalid port range 1:65536. Valid TCP ports should be"),
            (tcp(json!("a"), json!(1)), "Invalid input received: To and From ports must be"),
            (
                json!({"ip_protocol": "icmp", "from_port": 256, "to_port": 1}),
                "Invalid port range 256:1. For ICMP, the type:code must be valid",
            ),
            (
                json!({"ip_protocol": "vrrp", "from_port": 1, "to_port": 1}),
                "Invalid IP protocol vrrp.",
            ),
            (from("10.0.0.1"), "10.0.0.1 is not a valid IP network."),
            (from("10.0.0.0/33"), "10.0.0.0/33 is not a valid IP network."),
            (from("10.0.0.0/0"), "Bad prefix for network in cidr 10.0.0.0/0"),
        ];
        for (body, sentence) in cases {
            let error = translate(&body).unwrap_err();
            assert!(error.public.starts_with(sentence), "{error}");
        }
    }
}
