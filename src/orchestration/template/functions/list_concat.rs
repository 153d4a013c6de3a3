//! `list_concat` and `list_concat_unique`: one list of several.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::Error;
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct ListConcat {
    /// Each item comes once.
    unique: bool,
}

pub(super) static ALL: ListConcat = ListConcat { unique: false };
pub(super) static UNIQUE: ListConcat = ListConcat { unique: true };

impl Intrinsic for ListConcat {
    fn description(&self) -> &'static str {
        if self.unique {
            "A function for extending lists with unique items."
        } else {
            "A function for extending lists."
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = &call.name;
        let args = call.arguments(context)?;
        let Value::Array(lists) = &args else {
            return Err(Error::kind(format!(
                "Incorrect arguments to \"{name}\" should be: \"{name}\" : [ [ <value 1>, \
                 <value 2> ], [ <value 3>, <value 4> ] ]"
            ))
            .into());
        };
        let mut whole: Vec<Value> = Vec::new();
        for list in lists {
            let items = match list {
                Value::Array(items) => items.as_slice(),
                Value::Null => &[],
                Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                    return Err(Error::kind(format!(
                        "Incorrect arguments: Items to concat must be lists. {} contains an item \
                         that is not a list: {}",
                        python::dumps(&args),
                        python::dumps(list)
                    ))
                    .into());
                }
            };
            for item in items {
                if !self.unique || whole.iter().all(|known| !python::equal(known, item)) {
                    whole.push(item.clone());
                }
            }
        }
        Ok(Value::Array(whole))
    }
}
