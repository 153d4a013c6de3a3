//! `OS::Neutron::ExtraRouteSet`: some extra routes of a router, beside those of others.

use kit::error::{Error, Result};
use network::facade::Kind;
use serde_json::{Map, Value};

use super::extra_route::routes;
use super::{delegate, find, hidden};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{HiddenNeeds, Property, Schema};

pub(crate) struct ExtraRouteSet;

impl Plugin for ExtraRouteSet {
    fn name(&self) -> &'static str {
        "OS::Neutron::ExtraRouteSet"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string("router")
                .required()
                .custom("neutron.router")
                .described("The router id."),
            Property::list("routes")
                .default(Vec::<Value>::new())
                .updatable()
                .of(Property::map("*").with([
                    Property::string("destination")
                        .required()
                        .custom("net_cidr")
                        .described("The destination network in CIDR notation."),
                    Property::string("nexthop")
                        .required()
                        .custom("ip_addr")
                        .described("The next hop for the destination."),
                ]))
                .described("A set of route dictionaries for the router."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        Some(hidden::of_extra_routes)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let router = find(act, Kind::Router, act.text("router").unwrap_or_default())?;
        change(act, &router, &[], &wanted(&act.resource.properties))?;
        act.resource.physical = Some(router);
        Ok(())
    }

    /// Heat: what stays is left alone, and what goes, goes first.
    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        let (old, new) = (wanted(&act.resource.properties), wanted(properties));
        let but = |one: &[Value], other: &[Value]| -> Vec<Value> {
            one.iter().filter(|route| !other.contains(route)).cloned().collect()
        };
        change(act, act.physical(), &but(&old, &new), &but(&new, &old))?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        if act.physical().is_empty() {
            return Ok(());
        }
        gone_is_fine(change(act, act.physical(), &wanted(&act.resource.properties), &[]))
    }

    /// Heat: a set of routes is nothing that Neutron shows.
    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

fn wanted(properties: &Map<String, Value>) -> Vec<Value> {
    properties.get("routes").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Exchanges routes of a router; those of others are not taken over.
fn change(act: &Act<'_>, router: &str, less: &[Value], more: &[Value]) -> Result<()> {
    if !more.is_empty() {
        let there = routes(act, router)?;
        if let Some(route) = more.iter().find(|route| there.contains(route)) {
            let part = |name| route.get(name).and_then(Value::as_str).unwrap_or_default();
            let name = format!("{router},{}={}", part("destination"), part("nexthop"));
            let sentence = format!("The physical resource for ({name}) exists.");
            return Err(Error::conflict(sentence));
        }
    }
    let (less, more) = (Value::from(less), Value::from(more));
    delegate(act).change_routes(router, &less, &more)
}
