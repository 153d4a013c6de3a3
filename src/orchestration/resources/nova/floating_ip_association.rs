//! `OS::Nova::FloatingIPAssociation`: a floating IP leads to a server. Heat hides the type and keeps
//! it for old templates.

use kit::error::Result;
use serde_json::{Map, Value};

use super::floating_ip::lead_to_server;
use crate::resources::neutron::floating_ip::Association;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated};
use crate::template::{Property, Schema};

pub(crate) struct FloatingIpAssociation;

const SERVER: &str = "server_id";
const FLOATING_IP: &str = "floating_ip";

static ASSOCIATION: Association = Association { floating_ip: FLOATING_IP, lead };

impl Plugin for FloatingIpAssociation {
    fn name(&self) -> &'static str {
        "OS::Nova::FloatingIPAssociation"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string(SERVER)
                .required()
                .updatable()
                .custom("nova.server")
                .described("Server to assign floating IP to."),
            Property::string(FLOATING_IP)
                .required()
                .updatable()
                .described("ID of the floating IP to assign to the server."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
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

    fn reference(&self, look: &Look<'_>) -> String {
        look.resource.physical_name(look.stack, 255)
    }

    /// Heat: an association is nothing that any service shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

fn lead(act: &Act<'_>, properties: &Map<String, Value>) -> Result<()> {
    let text = |name: &str| properties.get(name).and_then(Value::as_str).unwrap_or_default();
    lead_to_server(act, text(FLOATING_IP), text(SERVER))
}
