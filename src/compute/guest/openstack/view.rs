//! The documents of the OpenStack metadata tree, in their latest form
//! (`nova/api/metadata/base.py`, `nova/virt/netutils.py`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use network::facade::Nic;
use network::subnets::model::Subnet;
use serde_json::{Map, Value, json};
use std::net::IpAddr;

use crate::guest::facts::GuestFacts;

/// `meta_data.json`. `seed` is random bytes for the guest's generator.
pub fn meta_data(facts: &GuestFacts, seed: &[u8]) -> Value {
    let mut document = Map::new();
    document.insert("uuid".to_owned(), json!(facts.id));
    if !facts.metadata.is_empty() {
        document.insert("meta".to_owned(), json!(facts.metadata));
    }
    if let Some(key) = &facts.key_pair {
        document.insert("public_keys".to_owned(), json!({&key.name: key.public_key}));
        let keys = json!([{"name": key.name, "type": key.kind, "data": key.public_key}]);
        document.insert("keys".to_owned(), keys);
    }
    let rest = json!({
        "hostname": facts.full_hostname(),
        "name": facts.name,
        "launch_index": facts.launch_index,
        "availability_zone": facts.availability_zone,
        "random_seed": STANDARD.encode(seed),
        "project_id": facts.project_id,
        "devices": [],
        "dedicated_cpus": [],
    });
    document.extend(rest.as_object().cloned().unwrap_or_default());
    Value::Object(document)
}

/// `network_data.json`.
pub fn network_data(facts: &GuestFacts) -> Value {
    let networks: Vec<Value> = facts
        .nics
        .iter()
        .flat_map(|nic| nic.addresses.iter().map(move |address| (nic, address)))
        .enumerate()
        .filter_map(|(index, (nic, (address, subnet)))| {
            let subnet = nic.subnets.iter().find(|known| known.id == *subnet)?;
            Some(network(index, nic, *address, subnet))
        })
        .collect();
    json!({
        "links": facts.nics.iter().map(link).collect::<Vec<_>>(),
        "networks": networks,
        "services": services(facts),
    })
}

fn link_id(nic: &Nic) -> String {
    let port: String = nic.port.as_str().chars().take(11).collect();
    format!("tap{port}")
}

fn link(nic: &Nic) -> Value {
    json!({
        "id": link_id(nic),
        "vif_id": nic.port,
        "type": "bridge",
        "mtu": nic.mtu,
        "ethernet_mac_address": nic.mac,
    })
}

fn network(index: usize, nic: &Nic, address: IpAddr, subnet: &Subnet) -> Value {
    let version = if address.is_ipv4() { 4 } else { 6 };
    let any = if address.is_ipv4() { "0.0.0.0" } else { "::" };
    let mut routes: Vec<Value> = subnet
        .gateway_ip
        .iter()
        .map(|gateway| json!({"network": any, "netmask": any, "gateway": gateway}))
        .collect();
    routes.extend(subnet.host_routes.iter().filter_map(|route| {
        let (network, length) = route.destination.split_once('/')?;
        Some(json!({"network": network, "netmask": length, "gateway": route.nexthop}))
    }));
    json!({
        "id": format!("network{index}"),
        "type": format!("ipv{version}"),
        "link": link_id(nic),
        "ip_address": address,
        "netmask": subnet.cidr.netmask(),
        "routes": routes,
        "network_id": nic.network,
        "services": subnet.dns_nameservers.iter().map(dns).collect::<Vec<_>>(),
    })
}

fn services(facts: &GuestFacts) -> Vec<Value> {
    let subnets = facts.nics.iter().flat_map(|nic| &nic.subnets);
    let mut servers: Vec<&String> = subnets.flat_map(|subnet| &subnet.dns_nameservers).collect();
    servers.sort();
    servers.dedup();
    servers.into_iter().map(dns).collect()
}

fn dns(address: &String) -> Value {
    json!({"type": "dns", "address": address})
}
