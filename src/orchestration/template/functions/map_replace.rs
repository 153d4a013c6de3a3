//! `map_replace: [map, {keys: …, values: …}]`: a map with other keys and values.

use serde_json::{Map, Value};

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct MapReplace;

fn example(name: &str) -> String {
    format!(
        "\"{name}\" : [ {{ \"key1\": \"val1\" }}, {{\"keys\": {{\"key1\": \"key2\"}}, \"values\": \
         {{\"val1\": \"val2\"}}}}]"
    )
}

fn usage(name: &str) -> String {
    format!("Incorrect arguments to \"{name}\" should be: {}", example(name))
}

impl Intrinsic for MapReplace {
    fn description(&self) -> &'static str {
        "A function for performing substitutions on maps."
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = &call.name;
        let args = call.arguments(context)?;
        let Some([map, replacements]) = args.as_array().map(Vec::as_slice) else {
            return Err(Error::kind(usage(name)).into());
        };
        let map = as_map(name, Some(map))?;
        let replacements = as_map(name, Some(replacements))?;
        if replacements.keys().any(|key| key != "keys" && key != "values") {
            return Err(Error::value(usage(name)).into());
        }
        let keys = as_map(name, replacements.get("keys"))?;
        let values = as_map(name, replacements.get("values"))?;
        let mut replaced = Map::new();
        for (key, value) in &map {
            let key = new_key(key, keys.get(key), &map, &replaced)?;
            let scalar = !value.is_array() && !value.is_object();
            let new = if scalar { values.get(&python::text(value)) } else { None };
            replaced.insert(key, new.unwrap_or(value).clone());
        }
        Ok(Value::Object(replaced))
    }
}

fn as_map(name: &str, value: Option<&Value>) -> Result<Map<String, Value>> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            Err(Error::kind(format!(
                "Incorrect arguments: to \"{name}\", arguments must be a list of maps. Example:  {}",
                example(name)
            )))
        }
    }
}

/// The key that takes the place of `old`, which must not take that of another.
fn new_key(
    old: &str,
    new: Option<&Value>,
    map: &Map<String, Value>,
    replaced: &Map<String, Value>,
) -> Result<String> {
    let Some(new) = new.filter(|new| !new.is_null()).map(python::text) else {
        return Ok(old.to_owned());
    };
    let clash = |which| {
        let sentence = format!("key replacement {new} collides with a key in the {which} map");
        Err(Error::value(sentence))
    };
    if new != old && map.contains_key(&new) {
        return clash("input");
    }
    if replaced.contains_key(&new) {
        return clash("output");
    }
    Ok(new)
}
