//! Floating IPs in the words of nova-network (`nova/api/openstack/compute/floating_ips.py`).

use serde_json::{Value, json};

use super::logic::Described;

/// A floating IP.
pub(super) fn floating_ip(described: &Described) -> Value {
    let row = &described.row;
    json!({
        "id": row.id,
        "ip": row.address,
        "fixed_ip": row.association.as_ref().map(|to| to.fixed_address),
        "instance_id": described.server,
        "pool": described.pool,
    })
}
