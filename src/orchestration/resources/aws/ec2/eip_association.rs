//! `AWS::EC2::EIPAssociation`: an elastic IP, named by its address or by its allocation, leads to an
//! instance or to an interface. One that is named by its allocation gets its VPC a way out, too.

use kit::error::{Error, Result};
use network::facade::Kind;
use serde_json::{Map, Value};

use super::vpc;
use crate::resources::nested::Form;
use crate::resources::neutron::floating_ip::{lead, part};
use crate::resources::neutron::{delegate, router};
use crate::resources::nova::floating_ip::{first_nic, lead_to_server};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{self, Error as Refusal, Property, Schema};

pub(crate) struct EipAssociation;

const INSTANCE: &str = "InstanceId";
const EIP: &str = "EIP";
const ALLOCATION: &str = "AllocationId";
const INTERFACE: &str = "NetworkInterfaceId";

impl Plugin for EipAssociation {
    fn name(&self) -> &'static str {
        "AWS::EC2::EIPAssociation"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        let [eip, allocation, instance, interface] =
            [EIP, ALLOCATION, INSTANCE, INTERFACE].map(|name| form.is_given(name));
        if eip == allocation {
            return Err(Refusal::validation("Either 'EIP' or 'AllocationId' must be provided."));
        }
        if eip && !instance {
            let sentence = "Must specify 'InstanceId' if you specify 'EIP'.";
            return Err(Refusal::validation(sentence));
        }
        if !instance && !interface {
            return Err(Refusal::new(
                "PropertyUnspecifiedError",
                "At least one of the following properties must be specified: InstanceId, \
                 NetworkInterfaceId.",
            ));
        }
        Ok(())
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        associate(act, &properties)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let is_changed = |name: &&str| changed.iter().any(|other| other == name);
        if [EIP, ALLOCATION].iter().any(is_changed) {
            // Heat: another address for another place is another association.
            let is_moved = |name: &&str| is_changed(name) && text(properties, name).is_some();
            if [INSTANCE, INTERFACE].iter().any(is_moved) {
                return Ok(Updated::Replace);
            }
            dissociate(act)?;
        }
        associate(act, properties)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        if act.physical().is_empty() { Ok(()) } else { dissociate(act) }
    }

    fn reference(&self, look: &Look<'_>) -> String {
        look.resource.physical_name(look.stack, 255)
    }

    /// Heat: an association is nothing that any service shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

fn text<'a>(properties: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    properties.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Leads the address to its place; the resource is called as the template calls the address.
fn associate(act: &mut Act<'_>, properties: &Map<String, Value>) -> Result<()> {
    let instance = text(properties, INSTANCE).unwrap_or_default();
    let called = if let Some(address) = text(properties, EIP) {
        lead_to_server(act, &of_address(act, address)?, instance)?;
        address
    } else {
        let id = text(properties, ALLOCATION).unwrap_or_default();
        let (port, network) = if let Some(port) = text(properties, INTERFACE) {
            (port.to_owned(), network_of(act, port)?)
        } else {
            let nic = first_nic(act, instance)?;
            (nic.port.to_string(), nic.network.to_string())
        };
        open(act, id, &network)?;
        lead(act, id, &port, None)?;
        id
    };
    act.resource.physical = Some(called.to_owned());
    Ok(())
}

fn network_of(act: &Act<'_>, port: &str) -> Result<String> {
    let shown = delegate(act).show(Kind::Port, port)?;
    Ok(shown.get("network_id").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// Gives the router of the VPC a way out to the network of the address.
fn open(act: &Act<'_>, id: &str, network: &str) -> Result<()> {
    let Some(router) = vpc::router_of(act, network)? else { return Ok(()) };
    let shown = delegate(act).show(Kind::FloatingIp, id)?;
    let outside = shown.get("floating_network_id").and_then(Value::as_str);
    router::lead_out(act, &router, outside)
}

/// Leads the address nowhere; gone already is success.
fn dissociate(act: &Act<'_>) -> Result<()> {
    match act.text(EIP).map(|address| of_address(act, address)) {
        Some(Ok(id)) => part(act, &id),
        Some(Err(error)) => gone_is_fine(Err(error)),
        None => part(act, act.text(ALLOCATION).unwrap_or_default()),
    }
}

/// The floating IP that has this address.
fn of_address(act: &Act<'_>, address: &str) -> Result<String> {
    let mut known = delegate(act).floating_ips()?.into_iter();
    let found = known.find(|row| row.address.to_string() == address);
    found.map(|row| row.id.to_string()).ok_or_else(|| {
        let sentence = format!("No floatingip matching {{'ip_address': '{address}'}}.");
        Error::not_found(sentence).tag("EntityMatchNotFound")
    })
}

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string(INSTANCE).updatable().custom("nova.server").described("Instance ID to associate with EIP specified by EIP property."),
        Property::string(EIP).updatable().custom("ip_addr").described("EIP address to associate with instance."),
        Property::string(ALLOCATION).updatable().described("Allocation ID for VPC EIP address."),
        Property::string(INTERFACE).updatable().described("Network interface ID to associate with EIP."),
    ])
}
