//! `AWS::IAM::AccessKey`: a pair of keys by which requests of a user of the stack are signed.

use identity::facade::{create_key_pair, delete_key_pair, key_pair};
use kit::error::{Error, Result};
use serde_json::Value;

use crate::engine::Hand;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW};
use crate::stack_resources::model::Resource;
use crate::stack_resources::store;
use crate::stack_users;
use crate::stacks::model::Stack;
use crate::template::{Property, Schema};

pub(crate) struct AccessKey;

const USER_NAME: &str = "UserName";
/// Heat: what is shown while there is no key.
const NO_SECRET: &str = "000-000-000";

impl Plugin for AccessKey {
    fn name(&self) -> &'static str {
        "AWS::IAM::AccessKey"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let name = act.text(USER_NAME).unwrap_or_default();
        let owner = named(act.hand, act.stack, name)?;
        let place = owner.as_ref().and_then(stack_users::place_of);
        let (user, project) = place.ok_or_else(|| {
            Error::not_found(format!("could not find user {name}")).tag("NotFound")
        })?;
        let Hand { platform, connection, .. } = act.hand;
        let made = create_key_pair(platform, connection, &user, &project)?;
        act.resource.physical = Some(made.access);
        Ok(())
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        delete_key_pair(act.hand.connection, act.physical())
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        match name {
            USER_NAME => Ok(look.resource.properties.get(name).cloned().unwrap_or_default()),
            "SecretAccessKey" => {
                let pair = key_pair(look.hand.platform, look.hand.connection, look.physical())?;
                let secret = pair.as_ref().map_or(NO_SECRET, |pair| pair.secret.expose());
                Ok(Value::from(secret))
            }
            _ => Ok(Value::Null),
        }
    }
}

/// The resource whose reference this is, and whose thing is a user.
fn named(hand: Hand<'_>, stack: &Stack, name: &str) -> Result<Option<Resource>> {
    let rows = store::of_stack(hand.connection, &stack.id)?;
    let is_it = |resource: &Resource| {
        stack_users::name_of(&Look { hand, stack, resource }) == name
            && stack_users::place_of(resource).is_some()
    };
    Ok(rows.into_iter().find(is_it))
}

#[rustfmt::skip] // a row is a line
static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: USER_NAME, kind: "string", description: "Username associated with the AccessKey." },
    Attribute { name: "SecretAccessKey", kind: "string", description: "Keypair secret key." },
    SHOW_ROW,
];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::integer("Serial").refused(),
        Property::string(USER_NAME).required().described("The name of the user that the new key will belong to."),
        Property::string("Status").allowed(["Active", "Inactive"]).refused(),
    ])
}
