//! `OS::Neutron::Port`: a place on a network that a server can take.
//!
//! One that is replaced leaves its addresses and its MAC to its successor, and keeps what they were
//! until it is known that the successor stays.

use kit::error::{Error, Result};
use kit::ids::PortId;
use network::facade::{self, Delegate, Kind, Place};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Plain, put_id, resolve};
use crate::resources::{Act, Attribute, SHOW_ROW};
use crate::stack_resources::model::Resource;
use crate::template::diff::Frozen;
use crate::template::{Property, Resolved, Schema};

/// Where the resource keeps the place that it has left.
const PLACE: &str = "place";

pub(crate) static PORT: Plain = Plain {
    name: "OS::Neutron::Port",
    kind: Kind::Port,
    schema,
    attributes: ATTRIBUTES,
    validate: |_| Ok(()),
    translate,
    take_away: |_, _, _| {},
};

/// Whether every update of the stack puts another port in its place.
const REPLACEMENT_POLICY: &str = "replacement_policy";
const ALWAYS: &str = "REPLACE_ALWAYS";

/// It has no address at all.
pub(in crate::resources) const NO_FIXED_IPS: &str = "no_fixed_ips";

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "admin_state_up",
        kind: "string",
        description: "The administrative state of this port.",
    },
    Attribute {
        name: "device_id",
        kind: "string",
        description: "Unique identifier for the device.",
    },
    Attribute {
        name: "device_owner",
        kind: "string",
        description: "Name of the network owning the port.",
    },
    Attribute {
        name: "allowed_address_pairs",
        kind: "list",
        description: "Additional MAC/IP address pairs allowed to pass through a port.",
    },
    Attribute { name: "fixed_ips", kind: "list", description: "Fixed IP addresses." },
    Attribute { name: "mac_address", kind: "string", description: "MAC address of the port." },
    Attribute { name: "name", kind: "string", description: "Friendly name of the port." },
    Attribute {
        name: "network_id",
        kind: "string",
        description: "Unique identifier for the network owning the port.",
    },
    Attribute {
        name: "security_groups",
        kind: "list",
        description: "A list of security groups for the port.",
    },
    Attribute {
        name: "port_security_enabled",
        kind: "boolean",
        description: "Port security enabled of the port.",
    },
    Attribute { name: "status", kind: "string", description: "The status of the port." },
    Attribute {
        name: "subnets",
        kind: "list",
        description: "A list of all subnet attributes for the port.",
    },
    Attribute {
        name: "network",
        kind: "map",
        description: "The attributes of the network owning the port.",
    },
    Attribute { name: "tenant_id", kind: "string", description: "Tenant owning the port." },
    SHOW_ROW,
];

fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("A symbolic name for this port."),
        Property::string("network_id").alias_of("network"),
        Property::string("network")
            .required()
            .custom("neutron.network")
            .described("Network this port belongs to. If you plan to use current port to assign Floating IP, you should specify fixed_ips with subnet."),
        Property::string("device_id").default("").updatable().described("Device ID of this port."),
        Property::string("device_owner")
            .default("")
            .updatable()
            .described("Name of the network owning the port."),
        Property::list("fixed_ips")
            .updatable()
            .of(Property::map("*").with([
                Property::string("subnet_id").alias_of("subnet"),
                Property::string("subnet").custom("neutron.subnet"),
                Property::string("ip_address").custom("ip_addr"),
            ]))
            .described("Desired IPs for this port."),
        Property::string(REPLACEMENT_POLICY)
            .default("AUTO")
            .allowed([ALWAYS, "AUTO"])
            .updatable()
            .described("Policy on how to respond to a stack-update for this resource. REPLACE_ALWAYS will replace the port regardless of any property changes. AUTO will update the existing port for any changed update-allowed property."),
        Property::list("security_groups")
            .updatable()
            .described("Security group IDs to associate with this port."),
        Property::list("tags")
            .updatable()
            .of(Property::string("*"))
            .described("The tags to be added to the port."),
        Property::map("value_specs")
            .default(Map::new())
            .updatable()
            .described("Extra parameters to include in the request."),
        Property::boolean("port_security_enabled")
            .updatable()
            .described("Flag to enable/disable port security on the port. When disable this feature(set it to False), there will be no packages filtering, like security-group and address-pairs."),
        Property::boolean("admin_state_up")
            .default(true)
            .updatable()
            .described("The administrative state of this port."),
        Property::string("mac_address")
            .custom("mac_addr")
            .described("MAC address to give to this port."),
        Property::list("allowed_address_pairs")
            .updatable()
            .of(Property::map("*").with([
                Property::string("mac_address").custom("mac_addr"),
                Property::string("ip_address").required().custom("ip_or_cidr"),
            ]))
            .described("Additional MAC/IP address pairs allowed to pass through the port."),
        Property::string("binding:vnic_type")
            .default("normal")
            .updatable()
            .allowed(["normal"])
            .described("The vnic type to be bound on the neutron port."),
        Property::boolean(NO_FIXED_IPS)
            .default(false)
            .updatable()
            .described("Flag to disable all fixed ips on the port."),
    ])
}

fn translate(delegate: &Delegate<'_>, given: &mut Map<String, Value>) -> Result<()> {
    put_id(delegate, given, "network", Kind::Network, "network_id")?;
    given.remove(REPLACEMENT_POLICY);
    if given.remove(NO_FIXED_IPS) == Some(Value::Bool(true)) {
        if given.get("fixed_ips").and_then(Value::as_array).is_some_and(|ips| !ips.is_empty()) {
            let sentence = "Cannot define the following properties at the same time: fixed_ips, \
                            no_fixed_ips.";
            return Err(Error::bad_request(sentence).tag("ResourcePropertyConflict"));
        }
        given.insert("fixed_ips".to_owned(), Value::Array(Vec::new()));
    }
    let ips = given.get_mut("fixed_ips").and_then(Value::as_array_mut);
    for ip in ips.into_iter().flatten().filter_map(Value::as_object_mut) {
        ip.retain(|_, value| !value.is_null());
        put_id(delegate, ip, "subnet", Kind::Subnet, "subnet_id")?;
    }
    let groups = given.get_mut("security_groups").and_then(Value::as_array_mut);
    for group in groups.into_iter().flatten() {
        let id = resolve(delegate, Kind::SecurityGroup, group.as_str().unwrap_or_default())?;
        *group = Value::String(id);
    }
    Ok(())
}

/// Whether the template wants another port with every update of the stack.
pub(super) fn is_always_replaced(wanted: &Frozen) -> bool {
    wanted.properties.get(REPLACEMENT_POLICY) == Some(&Resolved::Known(Value::from(ALWAYS)))
}

/// Leaves its place to its successor. What is noted of it already is what it had at first.
pub(super) fn let_go(act: &mut Act<'_>) -> Result<()> {
    let place = vacate(act, &PortId::from(act.physical()))?;
    if let (Some(place), None) = (place, act.resource.data.get(PLACE)) {
        act.resource.data.insert(PLACE.to_owned(), serde_json::to_value(place)?);
    }
    Ok(())
}

/// Takes its place again; whoever has it by now leaves it.
pub(super) fn take_back(act: &mut Act<'_>, followers: &[Resource]) -> Result<()> {
    for follower in followers.iter().filter_map(|row| row.physical.as_deref()) {
        vacate(act, &PortId::from(follower))?;
    }
    let Some(place) = act.resource.data.remove(PLACE) else { return Ok(()) };
    let port = PortId::from(act.physical());
    facade::occupy_port(act.hand.connection, act.hand.now, &port, Place::deserialize(place)?)
}

fn vacate(act: &Act<'_>, port: &PortId) -> Result<Option<Place>> {
    facade::vacate_port(act.hand.platform, act.hand.connection, act.hand.now, port)
}
