//! `OS::Neutron::ExtraRoute`: one extra route of a router. It is called
//! `ROUTER:DESTINATION:NEXTHOP`, as in Heat.

use kit::error::{Error, Result};
use network::facade::Kind;
use serde_json::{Value, json};

use super::{delegate, find, hidden};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine};
use crate::template::{HiddenNeeds, Property, Schema};

pub(crate) struct ExtraRoute;

impl Plugin for ExtraRoute {
    fn name(&self) -> &'static str {
        "OS::Neutron::ExtraRoute"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("router_id")
                .required()
                .custom("neutron.router")
                .described("The router id."),
            Property::string("destination").required().described("Network in CIDR notation."),
            Property::string("nexthop").required().described("Nexthop IP address."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        Some(hidden::of_extra_routes)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let router = find(act, Kind::Router, act.text("router_id").unwrap_or_default())?;
        let route = route(act);
        if routes(act, &router)?.contains(&route) {
            return Err(Error::bad_request("Route duplicates an existing route."));
        }
        delegate(act).change_routes(&router, &Value::Null, &json!([route]))?;
        let part = |name| act.text(name).unwrap_or_default().to_owned();
        let (destination, nexthop) = (part("destination"), part("nexthop"));
        act.resource.physical = Some(format!("{router}:{destination}:{nexthop}"));
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let Some((router, _)) = act.physical().split_once(':') else { return Ok(()) };
        gone_is_fine(delegate(act).change_routes(router, &json!([route(act)]), &Value::Null))
    }

    /// Heat: a route is nothing that Neutron shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

fn route(act: &Act<'_>) -> Value {
    json!({"destination": act.text("destination"), "nexthop": act.text("nexthop")})
}

/// The extra routes that a router has.
pub(super) fn routes(act: &Act<'_>, router: &str) -> Result<Vec<Value>> {
    let shown = delegate(act).show(Kind::Router, router)?;
    Ok(shown.get("routes").and_then(Value::as_array).cloned().unwrap_or_default())
}
