//! What the API shows of a subnet.

use kit::http::View;
use serde_json::json;

use super::model::Subnet;
use crate::view::field;

/// A subnet, whole.
pub(super) static SUBNET: View<Subnet> = View(&[
    field("id", |s, _| json!(s.id)),
    field("name", |s, _| json!(s.name)),
    field("tenant_id", |s, _| json!(s.project)),
    field("project_id", |s, _| json!(s.project)),
    field("network_id", |s, _| json!(s.network)),
    field("ip_version", |s, _| json!(s.ip_version())),
    field("subnetpool_id", |s, _| json!(s.pool)),
    field("enable_dhcp", |s, _| json!(s.enable_dhcp)),
    field("ipv6_ra_mode", |s, _| json!(s.ipv6_ra_mode)),
    field("ipv6_address_mode", |s, _| json!(s.ipv6_address_mode)),
    field("gateway_ip", |s, _| json!(s.gateway_ip)),
    field("cidr", |s, _| json!(s.cidr)),
    field("allocation_pools", |s, _| json!(s.allocation_pools)),
    field("host_routes", |s, _| json!(s.host_routes)),
    field("dns_nameservers", |s, _| json!(s.dns_nameservers)),
    field("router:external", |s, _| json!(s.network_external)),
    field("description", |s, _| json!(s.description)),
    field("tags", |s, _| json!(s.standard.tags)),
    field("created_at", |s, _| json!(s.standard.created_at.iso_z())),
    field("updated_at", |s, _| json!(s.standard.updated_at.iso_z())),
    field("revision_number", |s, _| json!(s.standard.revision)),
]);
