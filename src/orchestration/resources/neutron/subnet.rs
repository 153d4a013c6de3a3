//! `OS::Neutron::Subnet`: a range of addresses of a network.

use kit::error::Result;
use network::facade::{Delegate, Kind};
use serde_json::{Map, Value};

use super::{Plain, put_id};
use crate::resources::nested::Form;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{self, Error, Property, Schema};

pub(crate) static SUBNET: Plain = Plain {
    name: "OS::Neutron::Subnet",
    kind: Kind::Subnet,
    schema,
    attributes: ATTRIBUTES,
    validate,
    translate,
    take_away,
};

static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "name", kind: "string", description: "Friendly name of the subnet." },
    Attribute { name: "network_id", kind: "string", description: "Parent network of the subnet." },
    Attribute { name: "tenant_id", kind: "string", description: "Tenant owning the subnet." },
    Attribute {
        name: "allocation_pools",
        kind: "list",
        description: "Ip allocation pools and their ranges.",
    },
    Attribute { name: "gateway_ip", kind: "string", description: "Ip of the subnet's gateway." },
    Attribute {
        name: "host_routes",
        kind: "list",
        description: "Additional routes for this subnet.",
    },
    Attribute { name: "ip_version", kind: "string", description: "Ip version for the subnet." },
    Attribute { name: "cidr", kind: "string", description: "CIDR block notation for this subnet." },
    Attribute { name: "dns_nameservers", kind: "list", description: "List of dns nameservers." },
    Attribute {
        name: "enable_dhcp",
        kind: "string",
        description: "'true' if DHCP is enabled for this subnet; 'false' otherwise.",
    },
    SHOW_ROW,
];

fn schema() -> Schema {
    Schema::of([
        Property::string("network_id").alias_of("network"),
        Property::string("network")
            .required()
            .custom("neutron.network")
            .described("The ID of the attached network."),
        Property::string("subnetpool")
            .custom("neutron.subnetpool")
            .described("The name or ID of the subnet pool."),
        Property::integer("prefixlen")
            .at_least(0)
            .described("Prefix length for subnet allocation from subnet pool."),
        Property::string("cidr").custom("net_cidr").described("The CIDR."),
        Property::map("value_specs")
            .default(Map::new())
            .updatable()
            .described("Extra parameters to include in the request."),
        Property::string("name").updatable().described("The name of the subnet."),
        Property::integer("ip_version")
            .default(4)
            .allowed([4, 6])
            .described("The IP version, which is 4 or 6."),
        Property::list("dns_nameservers")
            .default(Vec::<Value>::new())
            .updatable()
            .described("A specified set of DNS name servers to be used."),
        Property::string("gateway_ip")
            .updatable()
            .described("The gateway IP address. Set to any of [ null | ~ | \"\" ] to create/update a subnet without a gateway. If omitted when creation, neutron will assign the first free IP address within the subnet to the gateway automatically. If remove this from template when update, the old gateway IP address will be detached."),
        Property::boolean("enable_dhcp")
            .default(true)
            .updatable()
            .described("Set to true if DHCP is enabled and false if DHCP is disabled."),
        Property::list("allocation_pools")
            .updatable()
            .of(Property::map("*").with([
                Property::string("start").required().custom("ip_addr"),
                Property::string("end").required().custom("ip_addr"),
            ]))
            .described("The start and end addresses for the allocation pools."),
        Property::string("tenant_id").described("The ID of the tenant who owns the network. Only administrative users can specify a tenant ID other than their own."),
        Property::list("host_routes")
            .updatable()
            .of(Property::map("*").with([
                Property::string("destination").required().custom("net_cidr"),
                Property::string("nexthop").required().custom("ip_addr"),
            ]))
            .described("A list of host route dictionaries for the subnet."),
        ipv6_mode("ipv6_ra_mode").described("IPv6 RA (Router Advertisement) mode."),
        ipv6_mode("ipv6_address_mode").described("IPv6 address mode."),
        Property::list("tags")
            .updatable()
            .of(Property::string("*"))
            .described("The tags to be added to the subnet."),
    ])
}

fn ipv6_mode(name: &str) -> Property {
    Property::string(name).allowed(["dhcpv6-stateful", "dhcpv6-stateless", "slaac"])
}

/// A range is given, or cut from a pool; only the addresses of IPv6 have modes.
fn validate(form: &Form<'_>) -> template::Result<()> {
    let both = |one: &str, other: &str| {
        let sentence =
            format!("Cannot define the following properties at the same time: {one}, {other}.");
        Err(Error::new("ResourcePropertyConflict", sentence))
    };
    match (form.is_given("subnetpool"), form.is_given("cidr")) {
        (true, true) => return both("subnetpool", "cidr"),
        (false, false) => {
            return Err(Error::new(
                "PropertyUnspecifiedError",
                "At least one of the following properties must be specified: subnetpool, cidr.",
            ));
        }
        (false, true) if form.is_given("prefixlen") => return both("prefixlen", "cidr"),
        (true, false) | (false, true) => {}
    }
    let modes = [form.text("ipv6_ra_mode"), form.text("ipv6_address_mode")];
    match modes {
        [None, None] => Ok(()),
        _ if form.number("ip_version") == Some(4) => {
            Err(Error::validation("ipv6_ra_mode and ipv6_address_mode are not supported for ipv4."))
        }
        [Some(one), Some(other)] if one != other => Err(Error::validation(
            "When both ipv6_ra_mode and ipv6_address_mode are set, they must be equal.",
        )),
        _ => Ok(()),
    }
}

/// Heat: a gateway or a list that the template no longer names is taken away from the subnet.
fn take_away(given: &mut Map<String, Value>, properties: &Map<String, Value>, changed: &[String]) {
    let nothing = [
        ("gateway_ip", Value::Null),
        ("allocation_pools", Value::Array(Vec::new())),
        ("host_routes", Value::Array(Vec::new())),
    ];
    for (name, value) in nothing {
        let is_told = properties.get(name).is_some_and(|value| !value.is_null());
        if !is_told && changed.iter().any(|other| other == name) {
            given.insert(name.to_owned(), value);
        }
    }
}

fn translate(delegate: &Delegate<'_>, given: &mut Map<String, Value>) -> Result<()> {
    put_id(delegate, given, "network", Kind::Network, "network_id")?;
    put_id(delegate, given, "subnetpool", Kind::SubnetPool, "subnetpool_id")?;
    // Heat: an empty text means no gateway at all.
    if given.get("gateway_ip").and_then(Value::as_str) == Some("") {
        given.insert("gateway_ip".to_owned(), Value::Null);
    }
    Ok(())
}
