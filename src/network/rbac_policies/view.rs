//! What the API shows of a policy.

use kit::http::View;
use serde_json::json;

use super::model::RbacPolicy;
use crate::view::field;

/// A policy, whole.
pub(super) static RBAC_POLICY: View<RbacPolicy> = View(&[
    field("id", |p, _| json!(p.id)),
    field("tenant_id", |p, _| json!(p.project)),
    field("project_id", |p, _| json!(p.project)),
    field("target_tenant", |p, _| json!(p.target)),
    field("action", |p, _| json!(p.action)),
    field("object_id", |p, _| json!(p.object)),
    field("object_type", |p, _| json!(p.object_type)),
]);
