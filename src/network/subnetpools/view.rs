//! What the API shows of a subnet pool.

use kit::http::View;
use serde_json::json;

use super::model::SubnetPool;
use crate::view::field;

/// A subnet pool, whole. Neutron shows the lengths of prefixes as text.
pub(super) static SUBNETPOOL: View<SubnetPool> = View(&[
    field("id", |p, _| json!(p.id)),
    field("name", |p, _| json!(p.name)),
    field("tenant_id", |p, _| json!(p.project)),
    field("project_id", |p, _| json!(p.project)),
    field("default_prefixlen", |p, _| json!(p.bounds.default.to_string())),
    field("min_prefixlen", |p, _| json!(p.bounds.min.to_string())),
    field("max_prefixlen", |p, _| json!(p.bounds.max.to_string())),
    field("is_default", |p, _| json!(p.is_default)),
    field("shared", |p, cx| json!(p.shares.with_caller(cx.call.caller.as_ref()))),
    field("prefixes", |p, _| json!(p.prefixes)),
    field("ip_version", |p, _| json!(p.ip_version())),
    field("default_quota", |p, _| json!(p.default_quota)),
    field("address_scope_id", |p, _| json!(p.address_scope)),
    field("description", |p, _| json!(p.description)),
    field("tags", |p, _| json!(p.standard.tags)),
    field("created_at", |p, _| json!(p.standard.created_at.iso_z())),
    field("updated_at", |p, _| json!(p.standard.updated_at.iso_z())),
    field("revision_number", |p, _| json!(p.standard.revision)),
]);
