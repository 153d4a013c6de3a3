//! `OS::Nova::HostAggregate`: a group of hosts. Only administrators may make one.

use std::collections::BTreeMap;

use kit::error::Result;
use serde_json::{Map, Value};

use super::{shown_in, with_delegate};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::template::{Property, Schema};

pub(crate) struct HostAggregate;

/// The metadata that names the availability zone.
const ZONE: &str = "availability_zone";

impl Plugin for HostAggregate {
    fn name(&self) -> &'static str {
        "OS::Nova::HostAggregate"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let name = act.text("name").unwrap_or_default().to_owned();
        let zone = act.text(ZONE).map(str::to_owned);
        let id = with_delegate(act, |delegate| delegate.create_aggregate(&name, zone.as_deref()))?;
        act.resource.physical = Some(id);
        set_metadata(act, &properties)?;
        set_hosts(act, &properties)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let has = |name: &str| changed.iter().any(|other| other == name);
        let text = |name: &str| properties.get(name).and_then(Value::as_str);
        let id = act.physical();
        if let (true, Some(name)) = (has("name"), text("name")) {
            with_delegate(act, |delegate| delegate.rename_aggregate(id, name))?;
        }
        if has("metadata") || has(ZONE) {
            set_metadata(act, properties)?;
        }
        if has("hosts") {
            set_hosts(act, properties)?;
        }
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let id = act.physical();
        gone_is_fine(with_delegate(act, |delegate| {
            delegate.set_aggregate_hosts(id, &[])?;
            delegate.delete_aggregate(id)
        }))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        with_delegate(act, |delegate| delegate.show_aggregate(act.physical())).map(drop)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        shown_in(look, name, |delegate| delegate.show_aggregate(look.physical()))
    }
}

/// Gives the aggregate the metadata of the template; what an earlier one gave goes.
fn set_metadata(act: &Act<'_>, properties: &Map<String, Value>) -> Result<()> {
    let entries = |properties: &Map<String, Value>| {
        let metadata = properties.get("metadata").and_then(Value::as_object).cloned();
        metadata.unwrap_or_default()
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let old = entries(&act.resource.properties);
    let gone = old.keys().map(|key| (key.clone(), None));
    let new = entries(properties);
    let there = new.iter().map(|(key, value)| (key.clone(), Some(text(value))));
    let mut changes: BTreeMap<_, _> = gone.chain(there).collect();
    if let Some(zone) = properties.get(ZONE).and_then(Value::as_str) {
        changes.insert(ZONE.to_owned(), Some(zone.to_owned()));
    }
    with_delegate(act, |delegate| delegate.set_aggregate_metadata(act.physical(), &changes))
}

fn set_hosts(act: &Act<'_>, properties: &Map<String, Value>) -> Result<()> {
    let hosts = properties.get("hosts").and_then(Value::as_array).into_iter().flatten();
    let hosts: Vec<String> = hosts.filter_map(Value::as_str).map(str::to_owned).collect();
    with_delegate(act, |delegate| delegate.set_aggregate_hosts(act.physical(), &hosts))
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").required().updatable().described("Name for the aggregate."),
        Property::string("availability_zone").updatable().described("Name for the availability zone."),
        Property::list("hosts").updatable().of(Property::string("*").custom("nova.host")).described("List of hosts to join aggregate."),
        Property::map("metadata").default(Map::new()).updatable().described("Arbitrary key/value metadata to store information for aggregate."),
    ])
}
