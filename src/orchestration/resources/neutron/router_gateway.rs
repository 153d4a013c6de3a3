//! `OS::Neutron::RouterGateway`: the way out of a router, as a resource of its own. Heat hides the type
//! and keeps it for old templates.

use kit::error::Result;
use network::facade::Kind;
use serde_json::Value;

use super::router::lead_out;
use super::{find, hidden};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine};
use crate::template::{HiddenNeeds, Property, Schema};

pub(crate) struct RouterGateway;

impl Plugin for RouterGateway {
    fn name(&self) -> &'static str {
        "OS::Neutron::RouterGateway"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("router_id")
                .required()
                .custom("neutron.router")
                .described("ID of the router."),
            Property::string("network_id").alias_of("network"),
            Property::string("network")
                .custom("neutron.network")
                .described("external network for the gateway."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        Some(hidden::of_router_gateway)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let router = find(act, Kind::Router, act.text("router_id").unwrap_or_default())?;
        let network = find(act, Kind::Network, act.text("network").unwrap_or_default())?;
        lead_out(act, &router, Some(&network))?;
        act.resource.physical = Some(format!("{router}:{network}"));
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let Some((router, _)) = act.physical().split_once(':') else { return Ok(()) };
        gone_is_fine(lead_out(act, router, None))
    }

    /// Heat: a way out is nothing that Neutron shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}
