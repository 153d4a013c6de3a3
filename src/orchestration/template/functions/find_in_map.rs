//! `Fn::FindInMap: [map, key, name]`: a value of the section `Mappings`.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct FindInMap;

impl Intrinsic for FindInMap {
    fn description(&self) -> &'static str {
        "A function for resolving keys in the template mappings."
    }

    fn check(&self, call: &Call) -> Result<()> {
        match call.args.as_list() {
            Some([_, _, _]) => Ok(()),
            Some(items) if items.len() > 3 => {
                Err(Error::key("too many values to unpack (expected 3)"))
            }
            Some(items) => Err(Error::key(&format!(
                "not enough values to unpack (expected 3, got {})",
                items.len()
            ))),
            None => Err(Error::kind(format!("Arguments to \"{}\" must be a list", call.name))),
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let Value::Array(keys) = call.arguments(context)? else { return Ok(Value::Null) };
        let mut keys = keys.iter().map(python::text);
        let name = keys.next().unwrap_or_default();
        let map = context.bindings.mappings.get(&name).ok_or_else(|| Error::key(&name))?;
        let found = keys.try_fold(map, |map, key| map.get(&key).ok_or_else(|| Error::key(&key)));
        Ok(found?.clone())
    }
}
