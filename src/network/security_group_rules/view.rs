//! What the API shows of a rule.

use ipnet::IpNet;
use kit::http::{Cx, View};
use serde_json::{Value, json};

use super::model::SecurityGroupRule;
use crate::view::field;

/// A rule, whole.
pub(crate) static RULE: View<SecurityGroupRule> = View(&[
    field("id", |r, _| json!(r.id)),
    field("project_id", |r, _| json!(r.project)),
    field("tenant_id", |r, _| json!(r.project)),
    field("security_group_id", |r, _| json!(r.security_group)),
    field("ethertype", |r, _| json!(r.traffic.ethertype)),
    field("direction", |r, _| json!(r.traffic.direction)),
    field("protocol", |r, _| json!(r.traffic.protocol)),
    field("port_range_min", |r, _| json!(r.traffic.port_range_min)),
    field("port_range_max", |r, _| json!(r.traffic.port_range_max)),
    field("remote_ip_prefix", |r, _| json!(r.traffic.remote_ip_prefix)),
    field("remote_address_group_id", |r, _| json!(r.traffic.remote_address_group)),
    field("normalized_cidr", normalized),
    field("remote_group_id", |r, _| json!(r.traffic.remote_group)),
    field("belongs_to_default_sg", |r, _| json!(r.of_default_group)),
    field("description", |r, _| json!(r.description)),
    field("created_at", |r, _| json!(r.created_at.iso_z())),
    field("updated_at", |r, _| json!(r.updated_at.iso_z())),
    field("revision_number", |r, _| json!(r.revision)),
]);

/// The range without the bits that its mask hides.
fn normalized(rule: &SecurityGroupRule, _: &Cx<'_>) -> Value {
    let range = rule.traffic.remote_ip_prefix.as_deref().and_then(|text| text.parse().ok());
    json!(range.map(|range: IpNet| range.trunc().to_string()))
}
