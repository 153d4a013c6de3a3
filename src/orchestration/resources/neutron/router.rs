//! `OS::Neutron::Router`: what joins subnets, and leads out.

use kit::error::Result;
use network::facade::{Delegate, Kind};
use serde_json::{Map, Value};

use super::{Plain, delegate, put_id};
use crate::resources::{Act, Attribute, SHOW_ROW, object};
use crate::template::{Property, Schema};

pub(crate) static ROUTER: Plain = Plain {
    name: "OS::Neutron::Router",
    kind: Kind::Router,
    schema,
    attributes: ATTRIBUTES,
    validate: |_| Ok(()),
    translate,
    take_away,
};

/// The way out.
pub(super) const GATEWAY: &str = "external_gateway_info";

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "status", kind: "string", description: "The status of the router." },
    Attribute { name: GATEWAY, kind: "map", description: "Gateway network for the router." },
    Attribute { name: "name", kind: "string", description: "Friendly name of the router." },
    Attribute {
        name: "admin_state_up",
        kind: "string",
        description: "Administrative state of the router.",
    },
    Attribute { name: "tenant_id", kind: "string", description: "Tenant owning the router." },
    SHOW_ROW,
];

fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("The name of the router."),
        Property::map(GATEWAY)
            .updatable()
            .with([
                Property::string("network")
                    .required()
                    .updatable()
                    .described("ID or name of the external network for the gateway."),
                Property::boolean("enable_snat")
                    .updatable()
                    .described("Enables Source NAT on the router gateway. NOTE: The default policy setting in Neutron restricts usage of this property to administrative users only."),
                Property::list("external_fixed_ips")
                    .updatable()
                    .of(Property::map("*").with([
                        Property::string("ip_address")
                            .custom("ip_addr")
                            .described("External fixed IP address."),
                        Property::string("subnet")
                            .custom("neutron.subnet")
                            .described("Subnet of external fixed IP address."),
                    ]))
                    .described("External fixed IP addresses for the gateway."),
            ])
            .described("External network gateway configuration for a router."),
        Property::map("value_specs")
            .default(Map::new())
            .updatable()
            .described("Extra parameters to include in the creation request."),
        Property::boolean("admin_state_up")
            .default(true)
            .updatable()
            .described("The administrative state of the router."),
        Property::list("availability_zone_hints")
            .updatable()
            .described("Availability zone candidates for the router. It requires the availability_zone extension to be available."),
        Property::list("tags")
            .updatable()
            .of(Property::string("*"))
            .described("The tags to be added to the router."),
        Property::string("tenant_id").described("The ID of the tenant which will own the router. Only administrative users can set the tenant identifier; this cannot be changed using authorization policies."),
    ])
}

/// Heat: a router whose way out the template no longer names has none.
fn take_away(given: &mut Map<String, Value>, properties: &Map<String, Value>, changed: &[String]) {
    let is_told = properties.get(GATEWAY).is_some_and(|value| !value.is_null());
    if !is_told && changed.iter().any(|name| name == GATEWAY) {
        given.insert(GATEWAY.to_owned(), Value::Null);
    }
}

/// Gives a router a way out by that network, or none.
pub(in crate::resources) fn lead_out(
    act: &Act<'_>,
    router: &str,
    network: Option<&str>,
) -> Result<()> {
    let gateway = network.map(|network| object([("network_id", Value::from(network))]));
    let given = Map::from_iter([(GATEWAY.to_owned(), gateway.unwrap_or_default())]);
    delegate(act).update(Kind::Router, router, given)
}

fn translate(delegate: &Delegate<'_>, given: &mut Map<String, Value>) -> Result<()> {
    let Some(Value::Object(gateway)) = given.get_mut(GATEWAY) else { return Ok(()) };
    gateway.retain(|_, value| !value.is_null());
    put_id(delegate, gateway, "network", Kind::Network, "network_id")?;
    let ips = gateway.get_mut("external_fixed_ips").and_then(Value::as_array_mut);
    for ip in ips.into_iter().flatten().filter_map(Value::as_object_mut) {
        ip.retain(|_, value| !value.is_null());
        put_id(delegate, ip, "subnet", Kind::Subnet, "subnet_id")?;
    }
    Ok(())
}
