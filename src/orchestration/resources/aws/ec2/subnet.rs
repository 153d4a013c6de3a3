//! `AWS::EC2::Subnet`: a subnet of a network, which EC2 calls a VPC, joined to the VPC's router.

use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use super::{tags, vpc};
use crate::resources::neutron::{attribute, delegate, find};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW, SHOW_ROW, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct Subnet;

impl Plugin for Subnet {
    fn name(&self) -> &'static str {
        "AWS::EC2::Subnet"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let network = find(act, Kind::Network, act.text("VpcId").unwrap_or_default())?;
        let given = [
            ("network_id", Value::from(network.as_str())),
            ("cidr", Value::from(act.text("CidrBlock").unwrap_or_default())),
            ("name", Value::String(act.resource.physical_name(act.stack, 255))),
            ("ip_version", Value::from(4)),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value));
        let made = delegate(act).create(Kind::Subnet, Map::from_iter(given))?;
        let id = made.get("id").and_then(Value::as_str).unwrap_or_default();
        act.resource.physical = Some(id.to_owned());
        vpc::join(act, &network, id)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        if act.physical().is_empty() {
            return Ok(());
        }
        vpc::part(act, act.text("VpcId").unwrap_or_default(), act.physical())?;
        gone_is_fine(delegate(act).delete(Kind::Subnet, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::Subnet, act.physical()).map(drop)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        match name {
            SHOW => attribute(Kind::Subnet, look, SHOW),
            _ => Ok(look.resource.properties.get(name).cloned().unwrap_or_default()),
        }
    }
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "AvailabilityZone",
        kind: "string",
        description: "Availability Zone of the subnet.",
    },
    SHOW_ROW,
];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("AvailabilityZone").described("Availability zone in which you want the subnet."),
        Property::string("CidrBlock").required().described("CIDR block to apply to subnet."),
        Property::string("VpcId").required().described("Ref structure that contains the ID of the VPC on which you want to create the subnet."),
        tags(),
    ])
}
