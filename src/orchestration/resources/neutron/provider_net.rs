//! `OS::Neutron::ProviderNet`: a network of which an administrator says how it is made.

use network::facade::Kind;
use serde_json::{Map, Value};

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

pub(crate) static PROVIDER_NET: Plain = Plain {
    name: "OS::Neutron::ProviderNet",
    kind: Kind::Network,
    schema,
    attributes: ATTRIBUTES,
    validate: |_| Ok(()),
    translate: |_, given| {
        translate(given);
        Ok(())
    },
    take_away: |_, _, _| {},
};

/// Neutron's names for what Heat calls otherwise.
static NAMES: &[(&str, &str)] = &[
    ("network_type", "provider:network_type"),
    ("physical_network", "provider:physical_network"),
    ("segmentation_id", "provider:segmentation_id"),
    ("router_external", "router:external"),
];

fn translate(given: &mut Map<String, Value>) {
    for (property, attribute) in NAMES {
        if let Some(value) = given.remove(*property) {
            given.insert((*attribute).to_owned(), value);
        }
    }
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "status", kind: "string", description: "The status of the network." },
    Attribute { name: "subnets", kind: "list", description: "Subnets of this network." },
    SHOW_ROW,
];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("A string specifying a symbolic name for the network, which is not required to be unique."),
        Property::string("network_type").required().updatable().allowed(["local", "vlan", "vxlan", "gre", "geneve", "flat"]).described("A string specifying the provider network type for the network."),
        Property::string("physical_network").updatable().described("A string specifying physical network mapping for the network."),
        Property::string("segmentation_id").updatable().described("A string specifying the segmentation id for the network."),
        Property::boolean("admin_state_up").default(true).updatable().described("A boolean value specifying the administrative status of the network."),
        Property::boolean("shared").default(true).updatable().described("Whether this network should be shared across all tenants."),
        Property::boolean("port_security_enabled").updatable().described("Flag to enable/disable port security on the network. It provides the default value for the attribute of the ports created on this network."),
        Property::boolean("router_external").default(false).updatable().described("Whether the network contains an external router."),
        Property::list("tags").updatable().of(Property::string("*")).described("The tags to be added to the provider network."),
        Property::list("availability_zone_hints").updatable().described("Availability zone candidates for the network. It requires the availability_zone extension to be available."),
        Property::string("tenant_id").described("The ID of the tenant which will own the provider network. Only administrative users can set the tenant identifier; this cannot be changed using authorization policies."),
    ])
}
