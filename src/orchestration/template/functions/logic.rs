//! `not`, `and`, `or` and their `Fn::` forms: conditions made of conditions.

use serde_json::Value;

use super::Intrinsic;
use crate::template::conditions::holds;
use crate::template::error::{Error, Result};
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome, Snippet};

/// `not: condition`, or in `CloudFormation` a list of one.
#[derive(Debug)]
pub(super) struct Not {
    in_list: bool,
}

pub(super) static NOT: Not = Not { in_list: false };
pub(super) static FN_NOT: Not = Not { in_list: true };

impl Not {
    fn condition<'c>(&self, call: &'c Call) -> Result<&'c Snippet> {
        let name = &call.name;
        if self.in_list {
            return match call.exactly() {
                Some([condition]) => Ok(condition),
                None => Err(Error::value(format!(
                    "Arguments to \"{name}\" must be of the form: [condition]"
                ))),
            };
        }
        if call.args == Snippet::Scalar(Value::Null) {
            return Err(Error::value(format!("Argument to \"{name}\" must be a condition")));
        }
        Ok(&call.args)
    }
}

impl Intrinsic for Not {
    fn description(&self) -> &'static str {
        "A function that acts as a NOT operator on a condition."
    }

    fn check(&self, call: &Call) -> Result<()> {
        self.condition(call).map(|_| ())
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let condition = self.condition(call)?.value(context)?;
        Ok(Value::Bool(!holds(context.conditions, &condition)?))
    }
}

/// `and` and `or`: the value that decides at once, and the other one.
#[derive(Debug)]
pub(super) struct Junction {
    decides: bool,
    description: &'static str,
}

pub(super) static AND: Junction = Junction {
    decides: false,
    description: "A function that acts as an AND operator on conditions.",
};
pub(super) static OR: Junction = Junction {
    decides: true,
    description: "A function that acts as an OR operator on conditions.",
};

impl Intrinsic for Junction {
    fn description(&self) -> &'static str {
        self.description
    }

    fn check(&self, call: &Call) -> Result<()> {
        let name = &call.name;
        match call.args.as_list() {
            None => {
                Err(Error::value(format!("Arguments to \"{name}\" must be a list of conditions")))
            }
            Some([] | [_]) => Err(Error::value(format!(
                "The minimum number of condition arguments to \"{name}\" is 2."
            ))),
            Some(_) => Ok(()),
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let Value::Array(conditions) = call.arguments(context)? else { return Ok(Value::Null) };
        for condition in &conditions {
            if holds(context.conditions, condition)? == self.decides {
                return Ok(Value::Bool(self.decides));
            }
        }
        Ok(Value::Bool(!self.decides))
    }
}
