//! What the API shows of a network.

use kit::http::View;
use serde_json::json;

use super::model::Network;
use crate::policy;
use crate::view::{field, for_some};

/// A network, whole.
pub(super) static NETWORK: View<Network> = View(&[
    field("id", |n, _| json!(n.id)),
    field("name", |n, _| json!(n.name)),
    field("tenant_id", |n, _| json!(n.project)),
    field("project_id", |n, _| json!(n.project)),
    field("admin_state_up", |n, _| json!(n.admin_state_up)),
    field("mtu", |n, _| json!(n.mtu)),
    field("port_security_enabled", |n, _| json!(n.port_security_enabled)),
    field("status", |n, _| json!(if n.admin_state_up { "ACTIVE" } else { "DOWN" })),
    field("subnets", |n, _| json!(n.subnets)),
    field("shared", |n, cx| json!(n.shares.with_caller(cx.call.caller.as_ref()))),
    field("ipv4_address_scope", |n, _| json!(n.ipv4_address_scope)),
    field("ipv6_address_scope", |n, _| json!(n.ipv6_address_scope)),
    field("availability_zone_hints", |_, _| json!([])),
    field("availability_zones", |_, _| json!([])),
    field("router:external", |n, _| json!(n.external)),
    for_some("provider:network_type", &policy::GET_NETWORK_TYPE, |_, _| json!("local")),
    for_some("provider:physical_network", &policy::GET_NETWORK_PHYSICAL, |_, _| json!(null)),
    for_some("provider:segmentation_id", &policy::GET_NETWORK_SEGMENT, |_, _| json!(null)),
    field("description", |n, _| json!(n.description)),
    field("tags", |n, _| json!(n.standard.tags)),
    field("created_at", |n, _| json!(n.standard.created_at.iso_z())),
    field("updated_at", |n, _| json!(n.standard.updated_at.iso_z())),
    field("revision_number", |n, _| json!(n.standard.revision)),
]);
