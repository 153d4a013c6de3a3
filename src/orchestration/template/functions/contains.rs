//! `contains: [value, sequence]`: whether a list has the value, or a text the piece.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct Contains;

impl Intrinsic for Contains {
    fn description(&self) -> &'static str {
        "A function for checking whether specific value is in sequence."
    }

    fn check(&self, call: &Call) -> Result<()> {
        let name = &call.name;
        match call.args.as_list() {
            None | Some([]) => Err(Error::kind(format!(
                "Incorrect arguments to \"{name}\" should be: \"{name}\" : [ \"value1\", [ \
                 \"value1\", \"value2\"]]"
            ))),
            Some([_, _]) => Ok(()),
            Some(_) => Err(Error::value(format!(
                "Arguments to \"{name}\" must be of the form: [value1, [value1, value2]]"
            ))),
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let Some([value, sequence]) = call.exactly() else { return Ok(Value::Null) };
        let value = value.value(context)?;
        match (sequence.value(context)?, &value) {
            (Value::Array(items), _) => {
                Ok(Value::Bool(items.iter().any(|item| python::equal(item, &value))))
            }
            (Value::String(text), Value::String(piece)) => Ok(Value::Bool(text.contains(piece))),
            (Value::String(_), _) => Err(Error::kind(format!(
                "'in <string>' requires string as left operand, not {}",
                python::type_name(&value)
            ))
            .into()),
            _ => Err(Error::kind(format!(
                "Second argument to \"{}\" should be a sequence.",
                call.name
            ))
            .into()),
        }
    }
}
