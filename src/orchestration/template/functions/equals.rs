//! `equals: [value, value]` and `Fn::Equals`.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct Equals;

impl Intrinsic for Equals {
    fn description(&self) -> &'static str {
        "A function for comparing whether two values are equal."
    }

    fn check(&self, call: &Call) -> Result<()> {
        if call.exactly::<2>().is_some() {
            return Ok(());
        }
        let name = &call.name;
        Err(Error::value(format!(
            "Arguments to \"{name}\" must be of the form: [value_1, value_2]"
        )))
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let Some([left, right]) = call.exactly() else { return Ok(Value::Null) };
        Ok(Value::Bool(python::equal(&left.value(context)?, &right.value(context)?)))
    }
}
