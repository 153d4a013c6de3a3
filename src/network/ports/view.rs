//! What the API shows of a port.

use kit::http::View;
use serde_json::json;

use super::model::Port;
use crate::policy;
use crate::view::{field, for_some};

/// A port, whole.
pub(super) static PORT: View<Port> = View(&[
    field("id", |p, _| json!(p.id)),
    field("name", |p, _| json!(p.name)),
    field("network_id", |p, _| json!(p.network)),
    field("tenant_id", |p, _| json!(p.project)),
    field("project_id", |p, _| json!(p.project)),
    field("mac_address", |p, _| json!(p.mac)),
    field("admin_state_up", |p, _| json!(p.admin_state_up)),
    field("status", |p, _| json!(p.shown_status())),
    field("device_id", |p, _| json!(p.device_id)),
    field("device_owner", |p, _| json!(p.device_owner)),
    field("fixed_ips", |p, _| json!(p.fixed_ips)),
    field("security_groups", |p, _| json!(p.security_groups)),
    field("allowed_address_pairs", |p, _| json!(p.allowed_address_pairs)),
    field("port_security_enabled", |p, _| json!(p.port_security_enabled)),
    for_some("binding:host_id", &policy::GET_PORT_HOST, |p, _| json!(p.host)),
    field("binding:vnic_type", |p, _| json!(p.vnic_type)),
    for_some("binding:profile", &policy::GET_PORT_PROFILE, |p, _| json!(p.profile)),
    for_some("binding:vif_type", &policy::GET_PORT_VIF_TYPE, |p, _| {
        json!(if p.host.is_empty() { "unbound" } else { "bridge" })
    }),
    for_some("binding:vif_details", &policy::GET_PORT_VIF_DETAILS, |_, _| json!({})),
    field("description", |p, _| json!(p.description)),
    field("tags", |p, _| json!(p.standard.tags)),
    field("created_at", |p, _| json!(p.standard.created_at.iso_z())),
    field("updated_at", |p, _| json!(p.standard.updated_at.iso_z())),
    field("revision_number", |p, _| json!(p.standard.revision)),
]);
