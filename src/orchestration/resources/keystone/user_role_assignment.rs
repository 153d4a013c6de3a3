//! `OS::Keystone::UserRoleAssignment`: roles that a user has who is not the stack's.

use futures_util::future::{BoxFuture, ready};
use kit::error::Result;
use kit::ids::UserId;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use super::{Kind, find, forget, roles};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Updated};
use crate::stack_resources::model::Resource;
use crate::template::{Property, Schema};

pub(crate) struct UserRoleAssignment;

impl Plugin for UserRoleAssignment {
    fn name(&self) -> &'static str {
        "OS::Keystone::UserRoleAssignment"
    }

    fn class(&self) -> &'static str {
        "KeystoneUserRoleAssignment"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        let user = user(act, &properties)?;
        roles::assign(act, &user, &Map::new(), &properties)?;
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
        let (before, after) = (user(act, &old)?, user(act, properties)?);
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
            user(act, &old).and_then(|user| roles::assign(act, &user, &old, &Map::new())),
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

fn user(act: &Act<'_>, properties: &Map<String, Value>) -> Result<UserId> {
    let name = properties.get("user").and_then(Value::as_str).unwrap_or_default();
    Ok(UserId::from(find(act, Kind::User, name)?))
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("user").required().updatable().custom("keystone.user").described("Name or id of keystone user."),
        roles::property(),
    ])
}
