//! What the API shows of a network's addresses.

use kit::http::{Cx, View};
use serde_json::{Value, json};

use super::logic::Availability;
use crate::view::field;

/// A network's addresses, whole.
pub(super) static AVAILABILITY: View<Availability> = View(&[
    field("network_id", |a, _| json!(a.network.id)),
    field("network_name", |a, _| json!(a.network.name)),
    field("tenant_id", |a, _| json!(a.network.project)),
    field("project_id", |a, _| json!(a.network.project)),
    field("total_ips", |a, _| number(a.total())),
    field("used_ips", |a, _| json!(a.used())),
    field("subnet_ip_availability", subnets),
]);

fn subnets(availability: &Availability, _: &Cx<'_>) -> Value {
    let rows = availability.subnets.iter().map(|row| {
        json!({
            "subnet_id": row.subnet.id, "subnet_name": row.subnet.name, "cidr": row.subnet.cidr,
            "ip_version": row.subnet.ip_version(), "total_ips": number(row.total),
            "used_ips": row.used,
        })
    });
    rows.collect()
}

/// JSON has no integers of 128 bits; IPv6 subnets have that many addresses.
fn number(count: u128) -> Value {
    json!(u64::try_from(count).unwrap_or(u64::MAX))
}
