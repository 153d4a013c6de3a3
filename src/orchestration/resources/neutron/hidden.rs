//! What a place on a network needs without naming it: the subnets of that network, one of which
//! gives it an address; and what a floating IP needs to get through: the routers between. Types of
//! ports, servers, routers and floating IPs say so; the graph of a template asks.
//!
//! So a subnet is made before whatever takes an address of it, and goes after that. Heat compares
//! what templates say, too: a resource stands for itself, and what is not known may be anything.

use serde_json::Value;

use super::router::GATEWAY;
use crate::template::{Definition, Resource};

/// The properties that name a network.
const NETWORK: &[&str] = &["network", "network_id", "uuid"];
/// Those that name a subnet.
const SUBNET: &[&str] = &["subnet", "subnet_id"];
/// Those that name a router.
const ROUTER: &[&str] = &["router", "router_id"];
/// Those that name the network of a floating IP.
const FLOATING_NETWORK: &[&str] = &["floating_network", "floating_network_id"];

/// The type of the routers that a VPC may have besides its own.
pub(in crate::resources) const ROUTE_TABLE: &str = "AWS::EC2::RouteTable";

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

/// The subnets that a router with a way out needs.
pub(super) fn of_router(definition: &Definition, router: &Resource) -> Vec<String> {
    match gateway_network(definition, router) {
        Some(network) => subnets(definition, |other| other.as_ref() == Some(&network)),
        None => Vec::new(),
    }
}

/// What a way out needs: its router's interfaces, and the subnets that give it an address.
pub(super) fn of_router_gateway(definition: &Definition, gateway: &Resource) -> Vec<String> {
    let router = definition.foreseen_at(gateway, &["router_id"]);
    let interfaces = of_type(definition, "OS::Neutron::RouterInterface");
    let near = interfaces.filter(|row| definition.foreseen_at(row, ROUTER) == router);
    let network = definition.foreseen_at(gateway, NETWORK);
    near.map(|row| row.name.clone()).chain(subnets(definition, |other| other == network)).collect()
}

/// What a floating IP needs, or what leads it to a port: the routers that lead out to its network,
/// and the interfaces that lead on to the port's subnets.
pub(super) fn of_floating_ip(definition: &Definition, floating_ip: &Resource) -> Vec<String> {
    let interfaces = interfaces_to(definition, floating_ip, "port_id");
    let network = definition.foreseen_at(floating_ip, FLOATING_NETWORK);
    let leads_out = |out: Option<Value>| network.is_some() && out == network;
    let routers = of_type(definition, "OS::Neutron::Router")
        .filter(|row| leads_out(gateway_network(definition, row)));
    let gateways = of_type(definition, "OS::Neutron::RouterGateway")
        .filter(|row| leads_out(definition.foreseen_at(row, NETWORK)));
    let others = routers.chain(gateways).map(|row| row.name.clone());
    interfaces.into_iter().chain(others).collect()
}

/// What a forwarded port needs: the interfaces that lead on to the port's subnets. The floating IP
/// needs the rest.
pub(super) fn of_port_forwarding(definition: &Definition, forwarding: &Resource) -> Vec<String> {
    interfaces_to(definition, forwarding, "internal_port")
}

/// What extra routes need: their router's interfaces and way out, where the next hops are.
pub(super) fn of_extra_routes(definition: &Definition, extra: &Resource) -> Vec<String> {
    let router = definition.foreseen_at(extra, ROUTER);
    let places = ["OS::Neutron::RouterInterface", "OS::Neutron::RouterGateway"];
    let near = places.into_iter().flat_map(|place| of_type(definition, place));
    let near = near.filter(|row| definition.foreseen_at(row, ROUTER) == router);
    near.map(|row| row.name.clone()).collect()
}

/// The interfaces that lead on to the subnets of a port of the template, which a property names. A
/// port that is not known yet, as a server's own, may be behind any of them.
fn interfaces_to(definition: &Definition, row: &Resource, property: &str) -> Vec<String> {
    let interfaces = of_type(definition, "OS::Neutron::RouterInterface");
    let names = |row: &Resource| row.name.clone();
    let Some(port) = definition.foreseen_at(row, &[property]) else {
        let members = row.properties.members();
        let is_given = members.iter().any(|(name, _)| name == property);
        return if is_given { interfaces.map(names).collect() } else { Vec::new() };
    };
    let Some(port) = port.as_str().and_then(|name| definition.resource(name)) else {
        return Vec::new();
    };
    let subnets = subnets_of_port(definition, port);
    let leads_on = |row: &&Resource| {
        let subnet = definition.foreseen_at(row, SUBNET);
        subnets.is_empty() || subnet.as_ref().is_none_or(|subnet| subnets.contains(subnet))
    };
    interfaces.filter(leads_on).map(names).collect()
}

/// The route tables that the way out of a VPC is for.
pub(in crate::resources) fn of_gateway_attachment(
    definition: &Definition,
    attachment: &Resource,
) -> Vec<String> {
    let vpc = |row| definition.foreseen_at(row, &["VpcId"]);
    let own = vpc(attachment);
    let tables = of_type(definition, ROUTE_TABLE).filter(|row| vpc(*row) == own);
    tables.map(|row| row.name.clone()).collect()
}

/// The subnets that a port takes its addresses of; none if that is left to the network.
fn subnets_of_port(definition: &Definition, port: &Resource) -> Vec<Value> {
    let ips = definition.foreseen_at(port, &["fixed_ips"]);
    let ips = ips.as_ref().and_then(Value::as_array).into_iter().flatten();
    ips.filter_map(|ip| SUBNET.iter().find_map(|name| ip.get(name)).cloned()).collect()
}

fn gateway_network(definition: &Definition, router: &Resource) -> Option<Value> {
    definition.foreseen_at(router, &[GATEWAY])?.get("network").cloned()
}

fn of_type<'a>(
    definition: &'a Definition,
    resource_type: &'static str,
) -> impl Iterator<Item = &'a Resource> {
    definition.resources().filter(move |row| row.resource_type == resource_type)
}

fn network_of(nic: &Value) -> Option<Value> {
    let mut named = NETWORK.iter().filter_map(|name| nic.get(name));
    named.find(|value| !value.is_null()).cloned()
}

/// The subnets of the template on networks that `is_near` picks.
fn subnets(definition: &Definition, is_near: impl Fn(Option<Value>) -> bool) -> Vec<String> {
    let subnets = of_type(definition, "OS::Neutron::Subnet");
    let near = subnets.filter(|row| is_near(definition.foreseen_at(row, NETWORK)));
    near.map(|row| row.name.clone()).collect()
}
