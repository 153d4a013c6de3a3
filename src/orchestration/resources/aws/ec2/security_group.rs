//! `AWS::EC2::SecurityGroup`: a security group, told its rules in EC2's words.

use kit::error::{Error, Result};
use network::facade::Kind;
use serde_json::{Map, Value};

use crate::resources::neutron::{attribute, delegate, find, security_group};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct SecurityGroup;

/// The two lists, and the direction of their rules.
static LISTS: &[(&str, &str)] =
    &[("SecurityGroupIngress", "ingress"), ("SecurityGroupEgress", "egress")];

impl Plugin for SecurityGroup {
    fn name(&self) -> &'static str {
        "AWS::EC2::SecurityGroup"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let given = [
            ("name", act.resource.physical_name(act.stack, 255)),
            ("description", act.text("GroupDescription").unwrap_or_default().to_owned()),
        ];
        let given = given.map(|(name, text)| (name.to_owned(), Value::String(text)));
        let made = delegate(act).create(Kind::SecurityGroup, Map::from_iter(given))?;
        let id = made.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        act.resource.physical = Some(id);
        let rules = rules(act, &act.resource.properties)?;
        security_group::lay_down(act, &rules, &made)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        let rules = rules(act, properties)?;
        security_group::replace_rules(act, &rules)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(Kind::SecurityGroup, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::SecurityGroup, act.physical()).map(drop)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        attribute(Kind::SecurityGroup, look, name)
    }
}

/// The rules of both lists in Heat's words.
fn rules(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Value> {
    let mut all = Vec::new();
    for (list, direction) in LISTS {
        let rows = properties.get(*list).and_then(Value::as_array).into_iter().flatten();
        for row in rows {
            all.push(Value::Object(rule(act, row, direction)?));
        }
    }
    Ok(Value::Array(all))
}

fn rule(act: &Act<'_>, row: &Value, direction: &str) -> Result<Map<String, Value>> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (from, to) = (port(text("FromPort"))?, port(text("ToPort"))?);
    // Heat: a rule without ports is one for every address.
    let has_ports = text("FromPort").is_some() || text("ToPort").is_some();
    let group = text("SourceSecurityGroupId").or_else(|| text("SourceSecurityGroupName"));
    let group = group.map(|name| find(act, Kind::SecurityGroup, name)).transpose()?;
    let members = [
        ("direction", Some(Value::from(direction))),
        ("ethertype", Some(Value::from("IPv4"))),
        ("protocol", text("IpProtocol").map(Value::from)),
        ("port_range_min", from.map(Value::from)),
        ("port_range_max", to.map(Value::from)),
        ("remote_ip_prefix", text("CidrIp").filter(|_| has_ports).map(Value::from)),
        ("remote_mode", group.as_ref().map(|_| Value::from("remote_group_id"))),
        ("remote_group_id", group.map(Value::String)),
    ];
    Ok(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// A port; less than none is every port.
fn port(text: Option<&str>) -> Result<Option<i64>> {
    let wrong = |text| Error::bad_request(format!("Value '{text}' is not an integer"));
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| wrong(text.to_owned()));
    Ok(text.map(number).transpose()?.filter(|port| *port >= 0))
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("GroupDescription").required().described("Description of the security group."),
        Property::string("VpcId").described("Physical ID of the VPC. Not implemented."),
        Property::list("SecurityGroupIngress").updatable().of(Property::map("*").with([
            Property::string("CidrIp"),
            Property::string("FromPort"),
            Property::string("ToPort"),
            Property::string("IpProtocol"),
            Property::string("SourceSecurityGroupId"),
            Property::string("SourceSecurityGroupName"),
            Property::string("SourceSecurityGroupOwnerId").refused(),
        ]).described("List of security group ingress rules.")),
        Property::list("SecurityGroupEgress").updatable().of(Property::map("*").with([
            Property::string("CidrIp"),
            Property::string("FromPort"),
            Property::string("ToPort"),
            Property::string("IpProtocol"),
            Property::string("SourceSecurityGroupId"),
            Property::string("SourceSecurityGroupName"),
            Property::string("SourceSecurityGroupOwnerId").refused(),
        ]).described("List of security group egress rules.")),
    ])
}
