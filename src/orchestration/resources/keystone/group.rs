//! `OS::Keystone::Group`: a group of users and the roles that it has.

use futures_util::future::{BoxFuture, ready};
use identity::facade::Actor;
use kit::error::Result;
use kit::ids::GroupId;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use super::{Kind, attribute, delegate, forget, resolved, roles};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated, gone_is_fine};
use crate::stack_resources::model::Resource;
use crate::template::{Property, Schema};

pub(crate) struct Group;

/// Properties that name another thing.
static REFERENCES: &[(&str, &str, Kind)] = &[("domain", "domain_id", Kind::Domain)];

impl Plugin for Group {
    fn name(&self) -> &'static str {
        "OS::Keystone::Group"
    }

    fn class(&self) -> &'static str {
        "KeystoneGroup"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let mut given = given(act, &properties)?;
        given.insert("name".to_owned(), Value::String(act.thing_name(64)));
        let id = delegate(act).create(Kind::Group, given)?;
        let group = Actor::Group(GroupId::from(id.as_str()));
        act.resource.physical = Some(id);
        roles::assign(act, &group, &Map::new(), &properties)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let mut wanted = properties.clone();
        wanted.retain(|name, _| changed.contains(name));
        let given = given(act, &wanted)?;
        let id = act.physical().to_owned();
        if !given.is_empty() {
            delegate(act).update(Kind::Group, &id, given)?;
        }
        let group = Actor::Group(GroupId::from(id));
        roles::assign(act, &group, &act.resource.properties, properties)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(Kind::Group, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(Kind::Group, act.physical()).map(drop)
    }

    fn observe(
        &self,
        context: Context,
        _: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Box::pin(ready(forget(&context)))
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        attribute(Kind::Group, look, name)
    }
}

/// What the API is told; roles have a way of their own.
fn given(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Map<String, Value>> {
    let mut given = resolved(act, properties, REFERENCES)?;
    given.shift_remove("roles");
    Ok(given)
}

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Name of keystone group."),
        Property::string("domain").default("default").updatable().custom("keystone.domain").described("Name or id of keystone domain."),
        Property::string("description").default("").updatable().described("Description of keystone group."),
        roles::property(),
    ])
}
