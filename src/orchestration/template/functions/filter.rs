//! `filter: [values, list]`: the list without the values.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct Filter;

impl Intrinsic for Filter {
    fn description(&self) -> &'static str {
        "A function for filtering out values from lists."
    }

    fn check(&self, call: &Call) -> Result<()> {
        let name = &call.name;
        match call.args.as_list() {
            None => Err(Error::kind(format!("Argument to \"{name}\" must be a list"))),
            Some([_, _]) => Ok(()),
            Some(items) => Err(Error::value(format!(
                "\"{name}\" expected 2 arguments of the form [values, sequence] but got {} \
                 arguments instead",
                items.len()
            ))),
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = &call.name;
        let Some([values, sequence]) = call.exactly() else { return Ok(Value::Null) };
        let sequence = sequence.value(context)?;
        if !python::truth(&sequence) {
            return Ok(sequence);
        }
        let Value::Array(items) = sequence else {
            return Err(Error::kind(format!("\"{name}\" only works with lists")).into());
        };
        match values.value(context)? {
            Value::Array(values) => {
                let stays = |item: &Value| values.iter().all(|value| !python::equal(value, item));
                Ok(Value::Array(items.into_iter().filter(stays).collect()))
            }
            values @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_)) => {
                if python::truth(&values) {
                    let sentence = format!("\"{name}\" filters a list of values");
                    return Err(Error::kind(sentence).into());
                }
                Ok(Value::Array(items))
            }
        }
    }
}
