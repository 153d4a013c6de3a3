//! The rules of rules (`neutron/db/securitygroups_db.py`).

use ipnet::IpNet;
use kit::Result;
use kit::clock::Time;
use kit::ids::SecurityGroupRuleId;
use rusqlite::Connection;

use super::checks::{PROTOCOLS, invalid_port};
use super::model::{Ethertype, NewRule, SecurityGroupRule, Traffic};
use super::store;
use crate::errors::{self, invalid_input_of};
use crate::security_groups;
use crate::security_groups::model::SecurityGroup;

/// Protocols with ports.
const WITH_PORTS: &[u8] = &[33, 132, 6, 17, 136];
/// ICMP, of both IP versions.
pub(crate) const ICMP: &[u8] = &[1, 58];
/// Protocols that only IPv6 has.
const ONLY_IPV6: &[u8] = &[41, 44, 58, 59, 60, 43];

/// Adds a rule to a group that the caller may change. Quotas are the caller's business.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    group: &SecurityGroup,
    new: NewRule,
) -> Result<SecurityGroupRule> {
    let traffic = canonical(new.traffic());
    check(&traffic)?;
    if let Some(twin) = group.rules.iter().find(|rule| same(&rule.traffic, &traffic)) {
        return Err(errors::rule_exists(&twin.id));
    }
    let rule = SecurityGroupRule {
        id: SecurityGroupRuleId::random(),
        project: group.project.clone(),
        security_group: group.id.clone(),
        of_default_group: group.is_default,
        traffic,
        description: Some(new.description.unwrap_or_default()),
        revision: 0,
        created_at: now,
        updated_at: now,
    };
    store::insert(connection, &rule)?;
    security_groups::store::touch(connection, &group.id, now)?;
    Ok(rule)
}

/// Takes a rule away.
pub(crate) fn delete(connection: &Connection, now: Time, rule: &SecurityGroupRule) -> Result<()> {
    store::delete(connection, &rule.id)?;
    security_groups::store::touch(connection, &rule.security_group, now)
}

/// The whole range of ports is no range; ICMP of IPv6 has one name.
fn canonical(mut traffic: Traffic) -> Traffic {
    if (traffic.port_range_min, traffic.port_range_max) == (Some(1), Some(65535)) {
        (traffic.port_range_min, traffic.port_range_max) = (None, None);
    }
    if traffic.ethertype == Ethertype::Ipv6 {
        match traffic.protocol.as_deref() {
            Some("icmp" | "icmpv6") => traffic.protocol = Some("ipv6-icmp".to_owned()),
            Some("1") => traffic.protocol = Some("58".to_owned()),
            Some(_) | None => {}
        }
    }
    traffic
}

fn check(traffic: &Traffic) -> Result<()> {
    check_ports(traffic)?;
    if let Some(prefix) = &traffic.remote_ip_prefix {
        let version = match prefix.parse() {
            Ok(IpNet::V6(_)) => Ethertype::Ipv6,
            Ok(IpNet::V4(_)) | Err(_) => Ethertype::Ipv4,
        };
        if version != traffic.ethertype {
            return Err(invalid_input_of(
                "SecurityGroupRuleParameterConflict",
                format!("Conflicting value ethertype {} for CIDR {prefix}", traffic.ethertype),
            ));
        }
    }
    check_remote(traffic)?;
    let only_six = number(traffic).is_some_and(|number| ONLY_IPV6.contains(&number));
    match &traffic.protocol {
        Some(protocol) if only_six && traffic.ethertype == Ethertype::Ipv4 => {
            Err(invalid_input_of(
                "SecurityGroupEthertypeConflictWithProtocol",
                format!("Invalid ethertype {} for protocol {protocol}.", traffic.ethertype),
            ))
        }
        Some(_) | None => Ok(()),
    }
}

fn check_remote(traffic: &Traffic) -> Result<()> {
    let named = [
        traffic.remote_ip_prefix.is_some(),
        traffic.remote_group.is_some(),
        traffic.remote_address_group.is_some(),
    ];
    if named.into_iter().filter(|named| *named).count() > 1 {
        return Err(invalid_input_of(
            "SecurityGroupMultipleRemoteEntites",
            "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be \
             provided.",
        ));
    }
    Ok(())
}

fn check_ports(traffic: &Traffic) -> Result<()> {
    let (min, max) = (traffic.port_range_min, traffic.port_range_max);
    if min.is_none() && max.is_none() {
        return Ok(());
    }
    let Some(number) = number(traffic) else {
        return Err(invalid_input_of(
            "SecurityGroupProtocolRequiredWithPorts",
            "Must also specify protocol if port range is given.",
        ));
    };
    if WITH_PORTS.contains(&number) {
        return check_port_range(min, max);
    }
    if ICMP.contains(&number) {
        return check_icmp(min, max);
    }
    Err(invalid_input_of(
        "SecurityGroupInvalidProtocolForPort",
        format!(
            "Ports cannot be specified for protocol {number}. Ports are only supported for DCCP, \
             SCTP, TCP, UDP, UDPLITE."
        ),
    ))
}

fn check_port_range(min: Option<i64>, max: Option<i64>) -> Result<()> {
    if min == Some(0) || max == Some(0) {
        return Err(invalid_port(&0));
    }
    if min.zip(max).is_some_and(|(min, max)| min <= max) {
        return Ok(());
    }
    Err(invalid_input_of(
        "SecurityGroupInvalidPortRange",
        "For TCP/UDP protocols, port_range_min must be <= port_range_max",
    ))
}

fn check_icmp(kind: Option<i64>, code: Option<i64>) -> Result<()> {
    for (value, attribute, field) in
        [(kind, "port_range_min", "type"), (code, "port_range_max", "code")]
    {
        if let Some(value) = value.filter(|value| !(0..=255).contains(value)) {
            return Err(invalid_input_of(
                "SecurityGroupInvalidIcmpValue",
                format!(
                    "Invalid value for ICMP {field} ({attribute}) {value}. It must be 0 to 255."
                ),
            ));
        }
    }
    match (kind, code) {
        (None, Some(code)) => Err(invalid_input_of(
            "SecurityGroupMissingIcmpType",
            format!(
                "ICMP code (port-range-max) {code} is provided but ICMP type (port-range-min) is \
                 missing."
            ),
        )),
        (_, _) => Ok(()),
    }
}

/// The number of the protocol; none for all protocols.
pub(crate) fn number(traffic: &Traffic) -> Option<u8> {
    let protocol = traffic.protocol.as_deref()?;
    let named = PROTOCOLS.iter().find(|(name, _)| *name == protocol).map(|(_, number)| *number);
    named.or_else(|| protocol.parse().ok())
}

/// Whether two rules let the same through, however they spell it.
fn same(a: &Traffic, b: &Traffic) -> bool {
    let anywhere = |prefix: &Option<String>| {
        prefix.clone().filter(|prefix| prefix != "0.0.0.0/0" && prefix != "::/0")
    };
    let spelled = |traffic: &Traffic| Traffic {
        protocol: number(traffic).map(|number| number.to_string()),
        remote_ip_prefix: anywhere(&traffic.remote_ip_prefix),
        ..traffic.clone()
    };
    spelled(a) == spelled(b)
}

#[cfg(test)]
mod tests {
    use super::super::model::Direction;
    use super::*;

    fn tcp(min: i64, max: i64) -> Traffic {
        Traffic {
            protocol: Some("tcp".to_owned()),
            port_range_min: Some(min),
            port_range_max: Some(max),
            ..Traffic::all(Direction::Ingress, Ethertype::Ipv4)
        }
    }

    #[test]
    fn the_same_rule_is_known_in_other_words() {
        let named = tcp(22, 22);
        let numbered = Traffic {
            protocol: Some("6".to_owned()),
            remote_ip_prefix: Some("0.0.0.0/0".to_owned()),
            ..named.clone()
        };
        assert!(same(&named, &numbered));
        assert!(!same(&named, &tcp(22, 23)));
        assert_eq!(canonical(tcp(1, 65535)).port_range_min, None);
    }

    #[test]
    fn contradictions_are_refused() {
        let without = Traffic { protocol: None, ..tcp(1, 2) };
        let six = Traffic { remote_ip_prefix: Some("::/0".to_owned()), ..tcp(1, 2) };
        let esp = Traffic { protocol: Some("esp".to_owned()), ..tcp(1, 2) };
        let icmp = Traffic { protocol: Some("icmp".to_owned()), ..tcp(256, 2) };
        let cases = [
            (tcp(9, 2), "For TCP/UDP protocols"),
            (tcp(0, 2), "Invalid value for port 0"),
            (without, "Must also specify protocol"),
            (six, "Conflicting value ethertype IPv4"),
            (esp, "Ports cannot be specified for protocol 50"),
            (icmp, "Invalid value for ICMP type"),
        ];
        for (traffic, sentence) in cases {
            let error = check(&traffic).unwrap_err();
            assert!(error.public.starts_with(sentence), "{error}");
        }
        assert!(check(&tcp(22, 23)).is_ok());
    }
}
