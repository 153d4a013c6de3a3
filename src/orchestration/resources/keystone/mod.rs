//! `OS::Keystone::…`: types whose things the identity service has. Mostly administrators may make
//! them.
//!
//! A type that does nothing but hand its properties over is a row of [`Plain`]. Whatever one of
//! them writes, tokens that were verified before are forgotten when it is committed.

pub(super) mod domain;
pub(super) mod endpoint;
pub(super) mod group;
pub(super) mod group_role_assignment;
pub(super) mod project;
pub(super) mod region;
pub(super) mod role;
mod roles;
pub(super) mod service;
pub(super) mod user;
pub(super) mod user_role_assignment;

use futures_util::future::{BoxFuture, ready};
pub(super) use identity::facade::Kind;
use identity::facade::{Delegate, forget_tokens};
use kit::error::Result;
use kit::policy::Caller;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use super::{Act, Attribute, Look, Plugin, Updated, gone_is_fine, member_of, only};
use crate::engine::Hand;
use crate::stack_resources::model::Resource;
use crate::template::Schema;

/// A type whose properties are attributes of the API.
pub(crate) struct Plain {
    name: &'static str,
    class: &'static str,
    kind: Kind,
    schema: fn() -> Schema,
    attributes: &'static [Attribute],
    /// Properties that name another thing, the attribute that wants its id, and its kind.
    references: &'static [(&'static str, &'static str, Kind)],
    /// Things of this kind have names.
    named: bool,
}

impl Plugin for Plain {
    fn name(&self) -> &'static str {
        self.name
    }

    fn class(&self) -> &'static str {
        self.class
    }

    fn schema(&self) -> Schema {
        (self.schema)()
    }

    fn attributes(&self) -> &'static [Attribute] {
        self.attributes
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let given = self.given(act, &act.resource.properties)?;
        act.resource.physical = Some(delegate(act).create(self.kind, given)?);
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let mut properties = properties.clone();
        properties.retain(|name, _| changed.contains(name));
        let mut given = self.given(act, &properties)?;
        if !changed.iter().any(|name| name == "name") {
            given.remove("name");
        }
        delegate(act).update(self.kind, act.physical(), given)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        gone_is_fine(delegate(act).delete(self.kind, act.physical()))
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        delegate(act).show(self.kind, act.physical()).map(drop)
    }

    fn observe(
        &self,
        context: Context,
        _: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Box::pin(ready(forget(&context)))
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        attribute(self.kind, look, name)
    }
}

impl Plain {
    /// What the API is told of these properties: those that are there, with a name.
    fn given(&self, act: &Act<'_>, properties: &Map<String, Value>) -> Result<Map<String, Value>> {
        let mut given = resolved(act, properties, self.references)?;
        if self.named && !given.contains_key("name") {
            let name = act.resource.physical_name(act.stack, 255);
            given.insert("name".to_owned(), Value::String(name));
        }
        Ok(given)
    }
}

/// Forgets verified tokens, once what was written has committed.
fn forget(context: &Context) -> Result<Map<String, Value>, Failure> {
    forget_tokens(&context.platform)?;
    Ok(Map::new())
}

/// The properties that are there, ids in the place of names.
fn resolved(
    act: &Act<'_>,
    properties: &Map<String, Value>,
    references: &[(&str, &str, Kind)],
) -> Result<Map<String, Value>> {
    let mut given = properties.clone();
    given.retain(|_, value| !value.is_null());
    for (property, attribute, kind) in references {
        if let Some(Value::String(name)) = given.remove(*property) {
            given.insert((*attribute).to_owned(), Value::String(find(act, *kind, &name)?));
        }
    }
    Ok(given)
}

/// What the identity service shows of the thing under that name; all of it for `show`.
fn attribute(kind: Kind, look: &Look<'_>, name: &str) -> Result<Value> {
    let caller = look.hand.caller(look.stack)?;
    let shown = delegate_of(look.hand, &caller).show(kind, look.physical())?;
    Ok(member_of(shown, name))
}

fn delegate<'a>(act: &'a Act<'_>) -> Delegate<'a> {
    delegate_of(act.hand, &act.caller)
}

fn delegate_of<'a>(hand: Hand<'a>, caller: &'a Caller) -> Delegate<'a> {
    let Hand { platform, connection, now } = hand;
    Delegate { platform, connection, caller, now }
}

/// The id of what a template names, with the rights of the stack's user.
pub(super) fn find(act: &Act<'_>, kind: Kind, name_or_id: &str) -> Result<String> {
    find_as(act.hand, &act.caller, kind, name_or_id)
}

/// The same, with the rights of `caller`.
pub(super) fn find_as(
    hand: Hand<'_>,
    caller: &Caller,
    kind: Kind,
    name_or_id: &str,
) -> Result<String> {
    let what = match kind {
        Kind::Domain => "KeystoneDomain",
        Kind::Project => "KeystoneProject",
        Kind::User => "KeystoneUser",
        Kind::Group => "KeystoneGroup",
        Kind::Role => "KeystoneRole",
        Kind::Service => "KeystoneService",
        Kind::Endpoint => "KeystoneEndpoint",
        Kind::Region => "KeystoneRegion",
    };
    only(what, name_or_id, &delegate_of(hand, caller).find(kind, name_or_id)?)
}
