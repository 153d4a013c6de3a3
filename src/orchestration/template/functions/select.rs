//! `Fn::Select: [index, collection]`: an item of a list or map, an empty text if there is none.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct Select;

impl Intrinsic for Select {
    fn description(&self) -> &'static str {
        "A function for selecting an item from a list or map."
    }

    fn check(&self, call: &Call) -> Result<()> {
        if call.exactly::<2>().is_some() {
            return Ok(());
        }
        let name = &call.name;
        Err(Error::value(format!(
            "Arguments to \"{name}\" must be of the form [index, collection]"
        )))
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let Some([index, collection]) = call.exactly() else { return Ok(Value::Null) };
        let index = index.value(context)?;
        let mut collection = collection.value(context)?;
        if let Value::String(text) = &collection {
            if text.is_empty() {
                return Ok(collection);
            }
            // Another function may have made JSON of it.
            collection = python::loads(text)
                .map_err(|complaint| Error::value(format!("\"{}\": {complaint}", call.name)))?;
        }
        Ok(item(&call.name, &index, &collection)?)
    }
}

fn item(name: &str, index: &Value, collection: &Value) -> Result<Value> {
    let found = match collection {
        Value::Object(members) => {
            let key = index.as_str();
            let key =
                key.ok_or_else(|| Error::kind(format!("Index to \"{name}\" must be a string")))?;
            members.get(key)
        }
        Value::Array(items) => {
            let at = python::int(index);
            let at =
                at.ok_or_else(|| Error::kind(format!("Index to \"{name}\" must be an integer")))?;
            python::position(at, items.len()).and_then(|at| items.get(at))
        }
        Value::Null => None,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(Error::kind(format!("Arguments to {name} not fully resolved")));
        }
    };
    Ok(found.cloned().unwrap_or_else(|| Value::String(String::new())))
}
