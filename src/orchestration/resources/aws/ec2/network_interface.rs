//! `AWS::EC2::NetworkInterface`: a port, told what it is in EC2's words.

use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use super::tags;
use crate::resources::neutron::{attribute, delegate, find, network_of_subnet};
use crate::resources::{
    Act, Attribute, Look, Plugin, SHOW, SHOW_ROW, Updated, gone_is_fine, object,
};
use crate::template::{Property, Schema};

pub(crate) struct NetworkInterface;

impl Plugin for NetworkInterface {
    fn name(&self) -> &'static str {
        "AWS::EC2::NetworkInterface"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let subnet = find(act, Kind::Subnet, act.text("SubnetId").unwrap_or_default())?;
        let mut address = Map::from_iter([("subnet_id".to_owned(), Value::from(subnet.as_str()))]);
        if let Some(wanted) = act.text("PrivateIpAddress") {
            address.insert("ip_address".to_owned(), Value::from(wanted));
        }
        let mut given = object([
            ("name", Value::String(act.resource.physical_name(act.stack, 255))),
            ("admin_state_up", Value::Bool(true)),
            ("network_id", Value::String(network_of_subnet(act, &subnet)?)),
            ("fixed_ips", Value::Array(vec![Value::Object(address)])),
        ]);
        if let (Some(groups), Value::Object(members)) =
            (groups(act, &act.resource.properties)?, &mut given)
        {
            members.insert("security_groups".to_owned(), groups);
        }
        let given = given.as_object().cloned().unwrap_or_default();
        let made = delegate(act).create(Kind::Port, given)?;
        act.resource.physical = made.get("id").and_then(Value::as_str).map(str::to_owned);
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        let default = || find(act, Kind::SecurityGroup, "default").map(|id| Value::from(vec![id]));
        let groups = groups(act, properties)?.map_or_else(default, Ok)?;
        let given = Map::from_iter([("security_groups".to_owned(), groups)]);
        delegate(act).update(Kind::Port, act.physical(), given)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(Kind::Port, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::Port, act.physical()).map(drop)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let shown = attribute(Kind::Port, look, SHOW)?;
        match name {
            SHOW => Ok(shown),
            _ => Ok(shown.pointer("/fixed_ips/0/ip_address").cloned().unwrap_or_default()),
        }
    }
}

/// The ids of the groups that a template names; none are none, nothing said is nothing.
fn groups(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Option<Value>> {
    let Some(names) = properties.get("GroupSet").and_then(Value::as_array) else { return Ok(None) };
    let names = names.iter().filter_map(Value::as_str);
    let ids = names.map(|name| find(act, Kind::SecurityGroup, name).map(Value::String));
    ids.collect::<Result<Vec<_>>>().map(|ids| Some(Value::Array(ids)))
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "PrivateIpAddress",
        kind: "string",
        description: "Private IP address of the network interface.",
    },
    SHOW_ROW,
];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("Description").described("Description for this interface."),
        Property::list("GroupSet").updatable().described("List of security group IDs associated with this interface."),
        Property::string("PrivateIpAddress"),
        Property::boolean("SourceDestCheck").refused(),
        Property::string("SubnetId").required().custom("neutron.subnet").described("Subnet ID to associate with this interface."),
        tags(),
    ])
}
