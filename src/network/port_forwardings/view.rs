//! What the API shows of a port forwarding, and a floating IP of its own.

use kit::engine::PortRange;
use kit::http::View;
use serde_json::{Value, json};

use super::model::PortForwarding;
use crate::view::field;

/// A port forwarding, whole.
pub(super) static PORT_FORWARDING: View<PortForwarding> = View(&[
    field("id", |f, _| json!(f.id)),
    field("description", |f, _| json!(f.description)),
    field("protocol", |f, _| json!(f.inside.protocol)),
    field("internal_port_id", |f, _| json!(f.inside.port)),
    field("internal_ip_address", |f, _| json!(f.inside.address)),
    field("internal_port", |f, _| only(f.inside.ports)),
    field("internal_port_range", |f, _| range(f.inside.ports)),
    field("external_port", |f, _| only(f.external)),
    field("external_port_range", |f, _| range(f.external)),
]);

/// One of `port_forwardings` of a floating IP.
pub(crate) fn of_floating_ip(row: &PortForwarding) -> Value {
    let mut shown = json!({
        "id": row.id, "protocol": row.inside.protocol, "internal_port_id": row.inside.port,
        "internal_ip_address": row.inside.address,
    });
    // Neutron: what is no single port is left out here.
    for (key, ports) in [("internal_port", row.inside.ports), ("external_port", row.external)] {
        if let (Some(port), Value::Object(members)) = (ports.only(), &mut shown) {
            members.insert(key.to_owned(), port.into());
        }
    }
    shown
}

fn only(ports: PortRange) -> Value {
    json!(ports.only())
}

fn range(ports: PortRange) -> Value {
    Value::String(ports.to_string())
}
