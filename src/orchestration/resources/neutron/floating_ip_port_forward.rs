//! `OS::Neutron::FloatingIPPortForward`: a port of a floating IP leads to a port of a guest.

use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use super::{attribute, delegate, hidden, put_id};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{HiddenNeeds, Property, Schema};

pub(crate) struct FloatingIpPortForward;

const KIND: Kind = Kind::PortForwarding;

impl Plugin for FloatingIpPortForward {
    fn name(&self) -> &'static str {
        "OS::Neutron::FloatingIPPortForward"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("internal_ip_address")
                .required()
                .updatable()
                .custom("ip_addr")
                .described("Internal IP address to port forwarded to."),
            Property::integer("internal_port_number")
                .updatable()
                .range(1, 65535)
                .described("Internal port number to port forward to."),
            Property::integer("external_port")
                .required()
                .updatable()
                .range(1, 65535)
                .described("External port address to port forward from."),
            Property::string("internal_port")
                .required()
                .updatable()
                .custom("neutron.port")
                .described("Name or ID of the internal_ip_address port."),
            Property::string("protocol")
                .required()
                .updatable()
                .allowed(["tcp", "udp", "icmp", "icmp6", "sctp", "dccp"])
                .described("Port protocol to forward."),
            Property::string("floating_ip")
                .required()
                .described("Name or ID of the floating IP create port forwarding on."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        Some(hidden::of_port_forwarding)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let given = given(act, &act.resource.properties)?;
        let made = delegate(act).create(KIND, given)?;
        act.resource.physical = made.get("id").and_then(Value::as_str).map(str::to_owned);
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let mut wanted = properties.clone();
        wanted.retain(|name, _| changed.contains(name));
        delegate(act).update(KIND, act.physical(), given(act, &wanted)?)?;
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

/// Heat's words as Neutron's: its port is a number, and ours the id of one.
fn given(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Map<String, Value>> {
    let delegate = delegate(act);
    let mut given = properties.clone();
    given.retain(|_, value| !value.is_null());
    put_id(&delegate, &mut given, "internal_port", Kind::Port, "internal_port_id")?;
    put_id(&delegate, &mut given, "floating_ip", Kind::FloatingIp, "floatingip_id")?;
    if let Some(number) = given.remove("internal_port_number") {
        given.insert("internal_port".to_owned(), number);
    }
    Ok(given)
}
