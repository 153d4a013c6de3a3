//! `OS::Neutron::FloatingIP`: an address of an external network that can lead to a port.

use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use super::{attribute, delegate, hidden, put_id};
use crate::resources::nested::Form;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{self, Error, HiddenNeeds, Property, Schema};

pub(crate) struct FloatingIp;

const KIND: Kind = Kind::FloatingIp;
/// Where it leads to, which is all of it that changes.
const PLACE: [&str; 2] = ["port_id", "fixed_ip_address"];

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "router_id",
        kind: "string",
        description: "ID of the router used as gateway, set when associated with a port.",
    },
    Attribute {
        name: "tenant_id",
        kind: "string",
        description: "The tenant owning this floating IP.",
    },
    Attribute {
        name: "floating_network_id",
        kind: "string",
        description: "ID of the network in which this IP is allocated.",
    },
    Attribute {
        name: "fixed_ip_address",
        kind: "string",
        description: "IP address of the associated port, if specified.",
    },
    Attribute {
        name: "floating_ip_address",
        kind: "string",
        description: "The allocated address of this IP.",
    },
    Attribute {
        name: "port_id",
        kind: "string",
        description: "ID of the port associated with this IP.",
    },
    SHOW_ROW,
];

impl Plugin for FloatingIp {
    fn name(&self) -> &'static str {
        "OS::Neutron::FloatingIP"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("floating_network_id").alias_of("floating_network"),
            Property::string("floating_network")
                .required()
                .custom("neutron.network")
                .described("Network to allocate floating IP from."),
            Property::string("floating_subnet")
                .custom("neutron.subnet")
                .described("Subnet to allocate floating IP from."),
            Property::map("value_specs")
                .default(Map::new())
                .described("Extra parameters to include in the \"floatingip\" object in the creation request. Parameters are often specific to installed hardware or extensions."),
            Property::string("port_id")
                .updatable()
                .custom("neutron.port")
                .described("ID of an existing port with at least one IP address to associate with this floating IP."),
            Property::string("fixed_ip_address")
                .updatable()
                .custom("ip_addr")
                .described("IP address to use if the port has multiple addresses."),
            Property::string("floating_ip_address")
                .custom("ip_addr")
                .described("IP address of the floating IP. NOTE: The default policy setting in Neutron restricts usage of this property to administrative users only."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        Some(hidden::of_floating_ip)
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        if form.is_given("fixed_ip_address") && !form.is_given("port_id") {
            let sentence = "fixed_ip_address cannot be specified without port_id.";
            return Err(Error::new("ResourcePropertyDependency", sentence));
        }
        Ok(())
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let delegate = delegate(act);
        let mut given = act.resource.properties.clone();
        given.retain(|_, value| !value.is_null());
        if let Some(Value::Object(specs)) = given.remove("value_specs") {
            given.extend(specs);
        }
        put_id(&delegate, &mut given, "floating_network", Kind::Network, "floating_network_id")?;
        put_id(&delegate, &mut given, "floating_subnet", Kind::Subnet, "subnet_id")?;
        let made = delegate.create(KIND, given)?;
        act.resource.physical = made.get("id").and_then(Value::as_str).map(str::to_owned);
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        delegate(act).update(KIND, act.physical(), place(properties))?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(KIND, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(KIND, act.physical()).map(drop)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        attribute(KIND, look, name)
    }
}

/// Where these properties lead to; nowhere without a port.
pub(super) fn place(properties: &Map<String, Value>) -> Map<String, Value> {
    let said = |name: &str| properties.get(name).cloned().unwrap_or_default();
    PLACE.iter().map(|name| ((*name).to_owned(), said(name))).collect()
}

/// Leads a floating IP to a port: to that address of it, or to the one that it has.
pub(in crate::resources) fn lead(
    act: &Act<'_>,
    id: &str,
    port: &str,
    address: Option<String>,
) -> Result<()> {
    let ends = [Value::from(port), address.map_or(Value::Null, Value::String)];
    let place = PLACE.map(str::to_owned).into_iter().zip(ends);
    delegate(act).update(KIND, id, place.collect())
}

/// What resources do that lead a floating IP to a place, however they name the two.
pub(in crate::resources) struct Association {
    /// The property that names the floating IP.
    pub(in crate::resources) floating_ip: &'static str,
    /// Leads it where the properties say.
    pub(in crate::resources) lead: fn(&Act<'_>, &Map<String, Value>) -> Result<()>,
}

impl Association {
    pub(in crate::resources) fn create(&self, act: &mut Act<'_>) -> Result<()> {
        (self.lead)(act, &act.resource.properties)?;
        act.resource.physical = Some(act.resource.number.to_string());
        Ok(())
    }

    pub(in crate::resources) fn update(
        &self,
        act: &Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        if changed.iter().any(|name| name == self.floating_ip) {
            self.part(act)?;
        }
        (self.lead)(act, properties)?;
        Ok(Updated::InPlace)
    }

    pub(in crate::resources) fn delete(&self, act: &Act<'_>) -> Result<()> {
        if act.physical().is_empty() { Ok(()) } else { self.part(act) }
    }

    fn part(&self, act: &Act<'_>) -> Result<()> {
        part(act, act.text(self.floating_ip).unwrap_or_default())
    }
}

/// Leads a floating IP nowhere; gone already is success.
pub(in crate::resources) fn part(act: &Act<'_>, id: &str) -> Result<()> {
    gone_is_fine(delegate(act).update(KIND, id, place(&Map::new())))
}
