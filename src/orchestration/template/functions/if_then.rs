//! `if: [condition, then, else]` and `Fn::If`: only the part that counts is read at all.

use serde_json::Value;

use super::{Branch, Intrinsic};
use crate::template::conditions;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::{Context, Resolved};
use crate::template::snippet::{Call, Outcome, Reader};

/// What a version makes of it.
#[derive(Debug)]
pub(super) struct If {
    /// Without an `else`, what contains it is left out.
    nullable: bool,
}

pub(super) static IF: If = If { nullable: false };
pub(super) static IF_NULLABLE: If = If { nullable: true };

impl Intrinsic for If {
    fn description(&self) -> &'static str {
        "A function to return corresponding value based on condition evaluation."
    }

    fn choose<'v>(&self, reader: &Reader<'_>, name: &str, args: &'v Value) -> Result<Branch<'v>> {
        let (condition, then, otherwise) = match args.as_array().map(Vec::as_slice) {
            Some([condition, then, otherwise]) => (condition, then, Some(otherwise)),
            Some([condition, then]) if self.nullable => (condition, then, None),
            Some(_) | None => {
                return Err(Error::value(format!(
                    "Arguments to \"{name}\" must be of the form: [condition_name, \
                     value_if_true, value_if_false]"
                )));
            }
        };
        let condition = reader.of_conditions().read(condition, name)?;
        let holds = match condition.resolve(&reader.context)? {
            Resolved::Known(value) => conditions::holds(reader.context.conditions, &value)?,
            Resolved::NotYet => {
                let shown = python::text(&condition.to_value());
                return Err(Error::value(format!("Invalid condition \"{shown}\"")));
            }
        };
        let chosen = if holds { Some(then) } else { otherwise };
        Ok(chosen.map_or(Branch::Nothing, Branch::Part))
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        call.args.evaluate(context)
    }
}
