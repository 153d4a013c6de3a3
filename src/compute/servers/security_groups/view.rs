//! Security groups in Nova's old words (`nova/api/openstack/compute/security_groups.py`).

use network::security_group_rules::model::{Direction, SecurityGroupRule};
use network::security_groups::model::SecurityGroup;
use serde_json::{Value, json};

/// The groups with their rules. Nova knew rules for what comes in only.
pub(crate) fn groups(groups: &[SecurityGroup]) -> Value {
    groups.iter().map(|group| shown(group, groups)).collect()
}

fn shown(group: &SecurityGroup, all: &[SecurityGroup]) -> Value {
    let incoming = group.rules.iter().filter(|rule| rule.traffic.direction == Direction::Ingress);
    json!({
        "id": group.id,
        "description": group.description,
        "name": group.name,
        "tenant_id": group.project,
        "rules": incoming.map(|rule| rule_of(rule, all)).collect::<Vec<_>>(),
    })
}

fn rule_of(rule: &SecurityGroupRule, all: &[SecurityGroup]) -> Value {
    let traffic = &rule.traffic;
    let remote = all.iter().find(|group| Some(&group.id) == traffic.remote_group.as_ref());
    let group = remote
        .map_or_else(|| json!({}), |group| json!({"name": group.name, "tenant_id": group.project}));
    let range = match (&traffic.remote_ip_prefix, &traffic.remote_group) {
        (Some(cidr), _) => json!({"cidr": cidr}),
        (None, Some(_)) => json!({}),
        (None, None) => json!({"cidr": "0.0.0.0/0"}),
    };
    json!({
        "id": rule.id,
        "parent_group_id": rule.security_group,
        "ip_protocol": traffic.protocol,
        "from_port": traffic.port_range_min,
        "to_port": traffic.port_range_max,
        "group": group,
        "ip_range": range,
    })
}
