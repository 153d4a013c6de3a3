//! What the API shows of a security group.

use kit::http::{Cx, View};
use serde_json::{Value, json};

use super::model::SecurityGroup;
use crate::security_group_rules;
use crate::view::field;

/// A security group, whole.
pub(super) static SECURITY_GROUP: View<SecurityGroup> = View(&[
    field("id", |g, _| json!(g.id)),
    field("name", |g, _| json!(g.name)),
    field("stateful", |g, _| json!(g.stateful)),
    field("tenant_id", |g, _| json!(g.project)),
    field("project_id", |g, _| json!(g.project)),
    field("description", |g, _| json!(g.description)),
    field("shared", |g, cx| json!(g.shares.with_caller(cx.call.caller.as_ref()))),
    field("security_group_rules", rules),
    field("tags", |g, _| json!(g.standard.tags)),
    field("created_at", |g, _| json!(g.standard.created_at.iso_z())),
    field("updated_at", |g, _| json!(g.standard.updated_at.iso_z())),
    field("revision_number", |g, _| json!(g.standard.revision)),
]);

fn rules(group: &SecurityGroup, cx: &Cx<'_>) -> Value {
    let rule = &security_group_rules::view::RULE;
    group.rules.iter().map(|row| rule.render(row, cx)).collect()
}
