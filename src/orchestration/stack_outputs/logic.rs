//! What the outputs of a stack come to now.

use serde_json::{Map, Value};

use crate::engine::Hand;
use crate::engine::scope::Rows;
use crate::stacks::blueprint::Blueprint;
use crate::stacks::model::Stack;
use crate::template::{Output, Resolved, Scope};

/// Every output with its value.
pub(crate) fn all(hand: Hand<'_>, stack: &Stack, blueprint: &Blueprint) -> Vec<Value> {
    let scope = Rows::new(hand, stack, blueprint);
    blueprint.definition.outputs().map(|output| one(output, blueprint, &scope)).collect()
}

/// The output of that name with its value.
pub(crate) fn named(
    hand: Hand<'_>,
    stack: &Stack,
    blueprint: &Blueprint,
    name: &str,
) -> Option<Value> {
    let scope = Rows::new(hand, stack, blueprint);
    blueprint.definition.output(name).map(|output| one(output, blueprint, &scope))
}

/// One that is wrong says why; one that is not known yet is null.
pub(crate) fn one(output: &Output, blueprint: &Blueprint, scope: &dyn Scope) -> Value {
    let (value, error) = match blueprint.definition.output_value(output, scope) {
        Ok(Resolved::Known(value)) => (value, None),
        Ok(Resolved::NotYet) => (Value::Null, None),
        Err(error) => (Value::Null, Some(error.to_string())),
    };
    let mut shown = described(output);
    shown.insert("output_value".to_owned(), value);
    if let Some(error) = error {
        shown.insert("output_error".to_owned(), Value::String(error));
    }
    Value::Object(shown)
}

/// An output without its value.
pub(crate) fn described(output: &Output) -> Map<String, Value> {
    Map::from_iter([
        ("output_key".to_owned(), Value::String(output.name.clone())),
        ("description".to_owned(), Value::String(output.description.clone())),
    ])
}
