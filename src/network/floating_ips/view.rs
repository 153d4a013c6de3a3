//! What the API shows of a floating IP.

use kit::http::View;
use serde_json::{Value, json};

use super::model::{Association, FloatingIp};
use crate::port_forwardings::of_floating_ip;
use crate::view::field;

/// A floating IP, whole.
pub(super) static FLOATING_IP: View<FloatingIp> = View(&[
    field("id", |f, _| json!(f.id)),
    field("tenant_id", |f, _| json!(f.project)),
    field("project_id", |f, _| json!(f.project)),
    field("floating_ip_address", |f, _| json!(f.address)),
    field("floating_network_id", |f, _| json!(f.network)),
    field("router_id", |f, _| json!(f.router())),
    field("port_id", |f, _| of(f, |to| json!(to.port))),
    field("fixed_ip_address", |f, _| of(f, |to| json!(to.fixed_address))),
    field("port_forwardings", |f, _| f.forwardings.iter().map(of_floating_ip).collect()),
    field("status", |f, _| json!(f.status)),
    field("description", |f, _| json!(f.description)),
    field("tags", |f, _| json!(f.standard.tags)),
    field("created_at", |f, _| json!(f.standard.created_at.iso_z())),
    field("updated_at", |f, _| json!(f.standard.updated_at.iso_z())),
    field("revision_number", |f, _| json!(f.standard.revision)),
]);

fn of(row: &FloatingIp, member: fn(&Association) -> Value) -> Value {
    row.association.as_ref().map_or(Value::Null, member)
}
