//! `OS::Neutron::Net`: a network.

use network::facade::Kind;

use super::Plain;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

pub(crate) static NET: Plain = Plain {
    name: "OS::Neutron::Net",
    kind: Kind::Network,
    schema,
    attributes: ATTRIBUTES,
    validate: |_| Ok(()),
    translate: |_, _| Ok(()),
    take_away: |_, _, _| {},
};

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "status", kind: "string", description: "The status of the network." },
    Attribute { name: "name", kind: "string", description: "The name of the network." },
    Attribute { name: "subnets", kind: "list", description: "Subnets of this network." },
    Attribute {
        name: "admin_state_up",
        kind: "string",
        description: "The administrative status of the network.",
    },
    Attribute { name: "tenant_id", kind: "string", description: "The tenant owning this network." },
    Attribute {
        name: "port_security_enabled",
        kind: "boolean",
        description: "Port security enabled of the network.",
    },
    Attribute {
        name: "mtu",
        kind: "integer",
        description: "The maximum transmission unit size(in bytes) for the network.",
    },
    SHOW_ROW,
];

fn schema() -> Schema {
    Schema::of([
        Property::string("name")
            .updatable()
            .described("A string specifying a symbolic name for the network, which is not required to be unique."),
        Property::map("value_specs")
            .default(serde_json::Map::new())
            .updatable()
            .described("Extra parameters to include in the request."),
        Property::boolean("admin_state_up")
            .default(true)
            .updatable()
            .described("A boolean value specifying the administrative status of the network."),
        Property::string("tenant_id").described("The ID of the tenant which will own the network."),
        Property::boolean("shared")
            .default(false)
            .updatable()
            .described("Whether this network should be shared across all tenants."),
        Property::boolean("port_security_enabled")
            .updatable()
            .described("Flag to enable/disable port security on the network. It provides the default value for the attribute of the ports created on this network."),
        Property::list("availability_zone_hints")
            .described("Availability zone candidates for the network."),
        Property::list("tags")
            .updatable()
            .of(Property::string("*"))
            .described("The tags to be added to the network."),
    ])
}
