//! What a place on a network needs without naming it: the subnets of that network, one of which
//! gives it an address. Types of ports and of servers say so; the graph of a template asks.
//!
//! So a subnet is made before whatever takes an address of it, and goes after that. Heat compares
//! what templates say, too: a resource stands for itself, and what is not known may be anything.

use serde_json::Value;

use crate::template::{Definition, Resource};

/// The properties that name a network.
const NETWORK: &[&str] = &["network", "network_id", "uuid"];

/// The subnets that a port needs.
pub(super) fn of_port(definition: &Definition, port: &Resource) -> Vec<String> {
    let network = definition.foreseen_at(port, NETWORK);
    subnets(definition, |other| other == network)
}

/// The subnets that a server with `networks` needs.
pub(in crate::resources) fn of_server(definition: &Definition, server: &Resource) -> Vec<String> {
    if !server.properties.members().iter().any(|(name, _)| name == "networks") {
        return Vec::new();
    }
    let networks = match definition.foreseen_at(server, &["networks"]) {
        Some(Value::Array(nics)) => nics.iter().map(network_of).collect(),
        Some(_) | None => vec![None],
    };
    subnets(definition, |other| {
        let is_near = |network: &Option<Value>| network.is_none() || *network == other;
        !networks.is_empty() && (other.is_none() || networks.iter().any(is_near))
    })
}

fn network_of(nic: &Value) -> Option<Value> {
    let mut named = NETWORK.iter().filter_map(|name| nic.get(name));
    named.find(|value| !value.is_null()).cloned()
}

/// The subnets of the template on networks that `is_near` picks.
fn subnets(definition: &Definition, is_near: impl Fn(Option<Value>) -> bool) -> Vec<String> {
    let subnets = definition.resources().filter(|row| row.resource_type == "OS::Neutron::Subnet");
    let near = subnets.filter(|row| is_near(definition.foreseen_at(row, NETWORK)));
    near.map(|row| row.name.clone()).collect()
}
