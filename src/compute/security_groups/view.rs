//! Security groups in Nova's old words (`nova/api/openstack/compute/security_groups.py`).

use network::security_group_rules::model::{Direction, SecurityGroupRule};
use network::security_groups::model::SecurityGroup;
use serde_json::{Value, json};

use super::logic::Sources;

/// Groups with their rules, by project and name.
pub(crate) fn groups(groups: &[SecurityGroup], sources: &Sources) -> Value {
    let mut sorted: Vec<&SecurityGroup> = groups.iter().collect();
    sorted.sort_by_key(|group| (group.project.as_str(), group.name.as_str()));
    sorted.into_iter().map(|row| group(row, sources)).collect()
}

/// A group with its rules. Nova knew rules for what comes in only.
pub(crate) fn group(group: &SecurityGroup, sources: &Sources) -> Value {
    let incoming = group.rules.iter().filter(|rule| rule.traffic.direction == Direction::Ingress);
    json!({
        "id": group.id,
        "description": group.description,
        "name": group.name,
        "tenant_id": group.project,
        "rules": incoming.filter_map(|row| rule(row, sources)).collect::<Vec<_>>(),
    })
}

/// A rule; nothing where the group that it lets in is not there for the caller, as in Nova.
pub(crate) fn rule(rule: &SecurityGroupRule, sources: &Sources) -> Option<Value> {
    let traffic = &rule.traffic;
    let (group, range) = match (&traffic.remote_group, &traffic.remote_ip_prefix) {
        (Some(remote), _) => {
            let (name, project) = sources.get(remote)?;
            (json!({"name": name, "tenant_id": project}), json!({}))
        }
        (None, Some(cidr)) => (json!({}), json!({"cidr": cidr})),
        (None, None) => (json!({}), json!({"cidr": "0.0.0.0/0"})),
    };
    let (from_port, to_port) = ports(rule);
    Some(json!({
        "id": rule.id,
        "parent_group_id": rule.security_group,
        "ip_protocol": traffic.protocol,
        "from_port": from_port,
        "to_port": to_port,
        "group": group,
        "ip_range": range,
    }))
}

/// Nova says what no limit is: every port, and -1 for what has no ports.
fn ports(rule: &SecurityGroupRule) -> (Option<i64>, Option<i64>) {
    let traffic = &rule.traffic;
    match (traffic.protocol.as_deref(), traffic.port_range_min, traffic.port_range_max) {
        (Some("tcp" | "udp"), None, None) => (Some(1), Some(65535)),
        (Some(_), None, None) => (Some(-1), Some(-1)),
        (_, from, to) => (from, to),
    }
}
