//! `AWS::EC2::EIP`: a floating IP of the one external network. `Ref` gives its address.

use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use crate::resources::neutron::{attribute, delegate, external_network, floating_ip};
use crate::resources::nova::floating_ip::{allocate, lead_to_server};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct Eip;

const INSTANCE: &str = "InstanceId";
const ALLOCATION: &str = "AllocationId";

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: ALLOCATION,
        kind: "string",
        description: "ID that AWS assigns to represent the allocation of the address for use with Amazon VPC. Returned only for VPC elastic IP addresses.",
    },
    SHOW_ROW,
];

impl Plugin for Eip {
    fn name(&self) -> &'static str {
        "AWS::EC2::EIP"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("Domain")
                .allowed(["vpc"])
                .described("Set to \"vpc\" to have IP address allocation associated to your VPC."),
            Property::string(INSTANCE)
                .updatable()
                .custom("nova.server")
                .described("Instance ID to associate with EIP."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let id = allocate(act, &external_network(act)?)?;
        if let Some(server) = act.text(INSTANCE) {
            lead_to_server(act, &id, server)?;
        }
        act.resource.physical = Some(id);
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        let server = properties.get(INSTANCE).and_then(Value::as_str);
        match server.filter(|server| !server.is_empty()) {
            Some(server) => lead_to_server(act, act.physical(), server)?,
            None => floating_ip::part(act, act.physical())?,
        }
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(Kind::FloatingIp, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::FloatingIp, act.physical()).map(drop)
    }

    /// Heat: the name of the resource where there is no address.
    fn reference(&self, look: &Look<'_>) -> String {
        let shown = attribute(Kind::FloatingIp, look, "floating_ip_address");
        let address = shown.ok().and_then(|address| address.as_str().map(str::to_owned));
        address.unwrap_or_else(|| look.resource.name.clone())
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        Ok(if name == ALLOCATION { Value::from(look.physical()) } else { Value::Null })
    }
}
