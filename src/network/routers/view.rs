//! What the API shows of a router.

use kit::http::View;
use serde_json::json;

use super::model::Router;
use crate::view::field;

/// A router, whole.
pub(super) static ROUTER: View<Router> = View(&[
    field("id", |r, _| json!(r.id)),
    field("name", |r, _| json!(r.name)),
    field("tenant_id", |r, _| json!(r.project)),
    field("project_id", |r, _| json!(r.project)),
    field("admin_state_up", |r, _| json!(r.admin_state_up)),
    field("status", |_, _| json!("ACTIVE")),
    field("external_gateway_info", |r, _| match &r.gateway {
        None => json!(null),
        Some(gateway) => json!({
            "network_id": gateway.network,
            "external_fixed_ips": gateway.fixed_ips,
            "enable_snat": r.enable_snat,
        }),
    }),
    field("routes", |r, _| json!(r.routes)),
    field("availability_zone_hints", |_, _| json!([])),
    field("availability_zones", |_, _| json!([])),
    field("description", |r, _| json!(r.description)),
    field("tags", |r, _| json!(r.standard.tags)),
    field("created_at", |r, _| json!(r.standard.created_at.iso_z())),
    field("updated_at", |r, _| json!(r.standard.updated_at.iso_z())),
    field("revision_number", |r, _| json!(r.standard.revision)),
]);
