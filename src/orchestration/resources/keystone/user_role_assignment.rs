//! `OS::Keystone::UserRoleAssignment`: roles that a user has who is not the stack's; and what the
//! type of groups does alike.

use futures_util::future::{BoxFuture, ready};
use identity::facade::Actor;
use kit::error::Result;
use kit::ids::UserId;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use super::{Kind, find, forget, roles};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated};
use crate::stack_resources::model::Resource;
use crate::template::{Property, Schema};

/// Roles of what a property names.
pub(crate) struct RoleAssignment {
    pub(super) name: &'static str,
    pub(super) class: &'static str,
    /// The property that names who has the roles.
    pub(super) property: fn() -> Property,
    pub(super) actor: fn(&Act<'_>, &Map<String, Value>) -> Result<Actor>,
}

pub(crate) static USER: RoleAssignment = RoleAssignment {
    name: "OS::Keystone::UserRoleAssignment",
    class: "KeystoneUserRoleAssignment",
    property: || {
        let property = Property::string("user").required().updatable().custom("keystone.user");
        property.described("Name or id of keystone user.")
    },
    actor: |act, properties| {
        let id = named(act, properties, "user", Kind::User)?;
        Ok(Actor::User(UserId::from(id)))
    },
};

impl Plugin for RoleAssignment {
    fn name(&self) -> &'static str {
        self.name
    }

    fn class(&self) -> &'static str {
        self.class
    }

    fn schema(&self) -> Schema {
        Schema::of([(self.property)(), roles::property()])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let actor = (self.actor)(act, &properties)?;
        roles::assign(act, &actor, &Map::new(), &properties)?;
        act.take_own_name();
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        let old = act.resource.properties.clone();
        let (before, after) = ((self.actor)(act, &old)?, (self.actor)(act, properties)?);
        if before == after {
            roles::assign(act, &after, &old, properties)?;
        } else {
            roles::assign(act, &before, &old, &Map::new())?;
            roles::assign(act, &after, &Map::new(), properties)?;
        }
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let old = act.resource.properties.clone();
        crate::resources::gone_is_fine(
            (self.actor)(act, &old).and_then(|actor| roles::assign(act, &actor, &old, &Map::new())),
        )
    }

    fn observe(
        &self,
        context: Context,
        _: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Box::pin(ready(forget(&context)))
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

/// The id of what a property names.
pub(super) fn named(
    act: &Act<'_>,
    properties: &Map<String, Value>,
    property: &str,
    kind: Kind,
) -> Result<String> {
    find(act, kind, properties.get(property).and_then(Value::as_str).unwrap_or_default())
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
