//! `OS::Heat::AccessPolicy`: names the resources that a user of the stack may ask for.

use kit::error::{Error, Result};
use serde_json::Value;

use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW};
use crate::stack_resources::store;
use crate::template::{Property, Schema};

pub(crate) struct AccessPolicy;

/// The names of the resources.
pub(crate) const ALLOWED: &str = "AllowedResources";

impl Plugin for AccessPolicy {
    fn name(&self) -> &'static str {
        "OS::Heat::AccessPolicy"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let rows = store::of_stack(act.hand.connection, &act.stack.id)?;
        let named = act.resource.properties.get(ALLOWED).and_then(Value::as_array);
        let named = named.into_iter().flatten().filter_map(Value::as_str);
        let stranger = named.into_iter().find(|name| !rows.iter().any(|row| row.name == *name));
        if let Some(name) = stranger {
            let sentence = format!("AccessPolicy resource {name} not in stack");
            return Err(Error::bad_request(sentence).tag("StackValidationFailed"));
        }
        act.take_own_name();
        Ok(())
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::list(ALLOWED).required().described("Resources that users are allowed to access by the DescribeStackResource API."),
    ])
}
