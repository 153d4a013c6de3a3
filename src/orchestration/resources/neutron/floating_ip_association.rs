//! `OS::Neutron::FloatingIPAssociation`: a floating IP leads to a port.

use kit::error::Result;
use network::facade::Kind;
use serde_json::{Map, Value};

use super::floating_ip::{Association, place};
use super::{delegate, hidden};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated};
use crate::template::{HiddenNeeds, Property, Schema};

pub(crate) struct FloatingIpAssociation;

const FLOATING_IP: &str = "floatingip_id";

static ASSOCIATION: Association = Association { floating_ip: FLOATING_IP, lead };

impl Plugin for FloatingIpAssociation {
    fn name(&self) -> &'static str {
        "OS::Neutron::FloatingIPAssociation"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string(FLOATING_IP)
                .required()
                .updatable()
                .described("ID of the floating IP to associate."),
            Property::string("port_id")
                .required()
                .updatable()
                .custom("neutron.port")
                .described("ID of an existing port with at least one IP address to associate with this floating IP."),
            Property::string("fixed_ip_address")
                .updatable()
                .custom("ip_addr")
                .described("IP address to use if the port has multiple addresses."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        Some(hidden::of_floating_ip)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        ASSOCIATION.create(act)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        ASSOCIATION.update(act, properties, changed)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        ASSOCIATION.delete(act)
    }

    /// Heat: an association is nothing that Neutron shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

fn lead(act: &Act<'_>, properties: &Map<String, Value>) -> Result<()> {
    let id = properties.get(FLOATING_IP).and_then(Value::as_str).unwrap_or_default();
    delegate(act).update(Kind::FloatingIp, id, place(properties))
}
