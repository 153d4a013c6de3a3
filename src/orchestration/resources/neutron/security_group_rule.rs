//! `OS::Neutron::SecurityGroupRule`: a rule of a security group. Nothing of it can change.

use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use super::{attribute, delegate, put_id};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct SecurityGroupRule;

impl Plugin for SecurityGroupRule {
    fn name(&self) -> &'static str {
        "OS::Neutron::SecurityGroupRule"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let given = given(act)?;
        let made = delegate(act).create(Kind::SecurityGroupRule, given)?;
        act.resource.physical = made.get("id").and_then(Value::as_str).map(str::to_owned);
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(Kind::SecurityGroupRule, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::SecurityGroupRule, act.physical()).map(drop)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        attribute(Kind::SecurityGroupRule, look, name)
    }
}

/// What the API is told: ids for names.
fn given(act: &Act<'_>) -> Result<Map<String, Value>> {
    let mut given = act.resource.properties.clone();
    given.retain(|_, value| !value.is_null());
    let delegate = delegate(act);
    for (property, attribute) in
        [("security_group", "security_group_id"), ("remote_group", "remote_group_id")]
    {
        put_id(&delegate, &mut given, property, Kind::SecurityGroup, attribute)?;
    }
    Ok(given)
}

/// The names that a protocol may have besides its number.
static PROTOCOLS: &[&str] = &[
    "ah",
    "dccp",
    "egp",
    "esp",
    "gre",
    "icmp",
    "icmpv6",
    "igmp",
    "ipv6-encap",
    "ipv6-frag",
    "ipv6-icmp",
    "ipv6-nonxt",
    "ipv6-opts",
    "ipv6-route",
    "ospf",
    "pgm",
    "rsvp",
    "sctp",
    "tcp",
    "udp",
    "udplite",
    "vrrp",
];

fn protocols() -> impl Iterator<Item = Value> {
    (0..=255).map(Value::from).chain(PROTOCOLS.iter().map(|name| Value::from(*name)))
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("security_group").required().custom("neutron.security_group").described("Security group name or ID to add rule."),
        Property::string("description").described("Description of the security group rule."),
        Property::string("direction").default("ingress").allowed(["ingress", "egress"]).described("The direction in which the security group rule is applied. For a compute instance, an ingress security group rule matches traffic that is incoming (ingress) for that instance. An egress rule is applied to traffic leaving the instance."),
        Property::string("ethertype").default("IPv4").allowed(["IPv4", "IPv6"]).described("Ethertype of the traffic."),
        Property::integer("port_range_min").range(0, 65_535).described("The minimum port number in the range that is matched by the security group rule. If the protocol is TCP or UDP, this value must be less than or equal to the value of the port_range_max attribute. If the protocol is ICMP, this value must be an ICMP type."),
        Property::integer("port_range_max").range(0, 65_535).described("The maximum port number in the range that is matched by the security group rule. The port_range_min attribute constrains the port_range_max attribute. If the protocol is ICMP, this value must be an ICMP code."),
        Property::string("protocol").default("tcp").allowed(protocols()).described("The protocol that is matched by the security group rule. Allowed values are ah, dccp, egp, esp, gre, icmp, icmpv6, igmp, ipv6-encap, ipv6-frag, ipv6-icmp, ipv6-nonxt, ipv6-opts, ipv6-route, ospf, pgm, rsvp, sctp, tcp, udp, udplite, vrrp and integer representations [0-255]."),
        Property::string("remote_group").custom("neutron.security_group").described("The remote group name or ID to be associated with this security group rule."),
        Property::string("remote_ip_prefix").custom("net_cidr").described("The remote IP prefix (CIDR) to be associated with this security group rule."),
    ])
}
