//! `OS::Nova::ServerGroup`: servers that are to be on one host, or on different ones.

use kit::error::Result;
use kit::ids::ServerGroupId;
use serde_json::{Value, json};

use super::{shown_in, with_delegate};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, gone_is_fine, object};
use crate::template::{Property, Schema};

pub(crate) struct ServerGroup;

impl Plugin for ServerGroup {
    fn name(&self) -> &'static str {
        "OS::Nova::ServerGroup"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = &act.resource.properties;
        let policy = properties.get("policies").and_then(|list| list.get(0)).cloned();
        let rules = properties.get("rules").filter(|rules| !rules.is_null()).cloned();
        let given = object([
            ("name", Value::String(act.thing_name(255))),
            ("policy", policy.unwrap_or_default()),
            ("rules", rules.unwrap_or_default()),
        ]);
        let id = with_delegate(act, |delegate| delegate.create_server_group(&given))?;
        act.resource.physical = Some(id.to_string());
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let id = ServerGroupId::from(act.physical());
        gone_is_fine(with_delegate(act, |delegate| delegate.delete_server_group(&id)))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        let id = ServerGroupId::from(act.physical());
        with_delegate(act, |delegate| delegate.show_server_group(&id)).map(drop)
    }

    fn replaces_failed(&self, look: &Look<'_>) -> Result<bool> {
        Ok(look.physical().is_empty() || self.attribute(look, "id").is_err())
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let id = ServerGroupId::from(look.physical());
        shown_in(look, name, |delegate| delegate.show_server_group(&id))
    }
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("name").described("Server Group name."),
        Property::list("policies").default(json!(["anti-affinity"])).allowed(["anti-affinity", "affinity", "soft-anti-affinity", "soft-affinity"]).of(Property::string("*")).described("A list of exactly one policy to apply. Defaults to anti-affinity."),
        Property::map("rules").with([
            Property::number("max_server_per_host").described("Maximum servers in a group on a given host. Rule for anti-affinity policy."),
        ]).described("Rules for a policy."),
    ])
}
