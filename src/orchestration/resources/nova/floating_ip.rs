//! `OS::Nova::FloatingIP`: an address of the external network. Heat hides the type and keeps it for
//! old templates; the network service has the thing.

use kit::error::{Error, Result};
use kit::ids::ServerId;
use network::facade::{Kind, Nic};
use serde_json::{Map, Value};

use super::with_delegate;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine, neutron};
use crate::template::{Property, Schema};

pub(crate) struct FloatingIp;

/// The attributes, as the network service calls them.
static SHOWN: &[(&str, &str)] = &[("pool", "floating_network_id"), ("ip", "floating_ip_address")];

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "pool",
        kind: "string",
        description: "Pool from which floating IP is allocated.",
    },
    Attribute { name: "ip", kind: "string", description: "Allocated floating IP address." },
    SHOW_ROW,
];

impl Plugin for FloatingIp {
    fn name(&self) -> &'static str {
        "OS::Nova::FloatingIP"
    }

    fn schema(&self) -> Schema {
        Schema::of([Property::string("pool").described(
            "Allocate a floating IP from a given floating IP pool. Now that nova-network is not \
             supported this represents the external network.",
        )])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let network = match act.text("pool") {
            Some(pool) => neutron::find(act, Kind::Network, pool)?,
            None => neutron::external_network(act)?,
        };
        act.resource.physical = Some(allocate(act, &network)?);
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(neutron::delegate(act).delete(Kind::FloatingIp, act.physical()))
    }

    /// Heat: the compute service, which it asks for the whole, shows no floating IP.
    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        match SHOWN.iter().find(|(known, _)| *known == name) {
            Some((_, shown)) => neutron::attribute(Kind::FloatingIp, look, shown),
            None => Ok(Value::Null),
        }
    }
}

/// Takes an address of an external network; the id of the floating IP.
pub(in crate::resources) fn allocate(act: &Act<'_>, network: &str) -> Result<String> {
    let given = [("floating_network_id".to_owned(), Value::from(network))];
    let made = neutron::delegate(act).create(Kind::FloatingIp, Map::from_iter(given))?;
    Ok(made.get("id").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// The first interface of a server.
pub(in crate::resources) fn first_nic(act: &Act<'_>, server: &str) -> Result<Nic> {
    let nics = with_delegate(act, |delegate| delegate.interfaces(&ServerId::from(server)))?;
    nics.into_iter().next().ok_or_else(|| {
        let sentence = format!("No network interface found for server {server}.");
        Error::not_found(sentence).tag("InterfaceNotFound")
    })
}

/// Leads a floating IP to the first IPv4 address of a server.
pub(in crate::resources) fn lead_to_server(act: &Act<'_>, id: &str, server: &str) -> Result<()> {
    let nic = first_nic(act, server)?;
    let address = nic.addresses.iter().map(|(address, _)| address).find(|one| one.is_ipv4());
    neutron::floating_ip::lead(act, id, nic.port.as_str(), address.map(ToString::to_string))
}
