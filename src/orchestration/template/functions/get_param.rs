//! `get_param: name` or `get_param: [name, key, …]`: the value of a parameter, or a part of it.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::Error;
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct GetParam;

impl Intrinsic for GetParam {
    fn description(&self) -> &'static str {
        "A function for resolving parameter references."
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let args = call.arguments(context)?;
        let name = &call.name;
        if !python::truth(&args) {
            return Err(Error::value(format!("Function \"{name}\" must have arguments")).into());
        }
        let (parameter, path) = match &args {
            Value::String(_) => (Some(&args), &[][..]),
            Value::Array(items) => {
                items.split_first().map_or((None, &[][..]), |(first, path)| (Some(first), path))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                let sentence = format!("Argument to \"{name}\" must be string or list");
                return Err(Error::kind(sentence).into());
            }
        };
        let parameter = parameter
            .and_then(Value::as_str)
            .ok_or_else(|| Error::kind(format!("Parameter name in \"{name}\" must be string")))?;
        let value = context.bindings.parameters.value(parameter)?;
        // Heat: a path that leads nowhere is an empty text, not an error.
        let found = path.iter().try_fold(&value, python::item);
        Ok(found.cloned().unwrap_or_else(|| Value::String(String::new())))
    }
}
