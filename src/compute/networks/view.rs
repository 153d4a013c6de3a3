//! Networks in the words of nova-network (`nova/api/openstack/compute/networks.py`).

use network::networks::model::Network;
use serde_json::{Map, Value, json};

/// What nova-network knew of a network and nobody does now.
static UNKNOWN: &[&str] = &[
    "cidr",
    "netmask",
    "gateway",
    "broadcast",
    "dns1",
    "dns2",
    "cidr_v6",
    "gateway_v6",
    "netmask_v6",
];
/// The same, for administrators.
static UNKNOWN_TO_ADMINISTRATORS: &[&str] = &[
    "created_at",
    "updated_at",
    "deleted_at",
    "deleted",
    "injected",
    "bridge",
    "vlan",
    "vpn_public_address",
    "vpn_public_port",
    "vpn_private_address",
    "dhcp_start",
    "project_id",
    "host",
    "bridge_interface",
    "multi_host",
    "priority",
    "rxtx_base",
    "mtu",
    "dhcp_server",
    "enable_dhcp",
    "share_address",
];

/// A network of `os-networks`.
pub(super) fn network(network: &Network, for_administrator: bool) -> Value {
    let more = if for_administrator { UNKNOWN_TO_ADMINISTRATORS } else { &[] };
    let unknown = UNKNOWN.iter().chain(more);
    let mut shown: Map<String, Value> =
        unknown.map(|key| ((*key).to_owned(), Value::Null)).collect();
    shown.insert("id".to_owned(), json!(network.id));
    shown.insert("label".to_owned(), json!(network.name));
    Value::Object(shown)
}

/// A network of `os-tenant-networks`; that `cidr` is this word is upstream's.
pub(super) fn of_project(network: &Network) -> Value {
    json!({"id": network.id, "cidr": "None", "label": network.name})
}
