//! `map_merge: [map, …]`: one map of several; later members win.

use kit::http::pyrepr::Repr;
use serde_json::{Map, Value};

use super::Intrinsic;
use crate::template::error::Error;
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct MapMerge;

impl Intrinsic for MapMerge {
    fn description(&self) -> &'static str {
        "A function for merging maps."
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = &call.name;
        let Value::Array(maps) = call.arguments(context)? else {
            return Err(Error::kind(format!(
                "Incorrect arguments to \"{name}\" should be: \"{name}\" : [ {{ \"key1\": \
                 \"val1\" }}, {{ \"key2\": \"val2\" }} ]"
            ))
            .into());
        };
        let mut merged = Map::new();
        for map in maps {
            match map {
                Value::Null => {}
                Value::Object(members) => merged.extend(members),
                Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                    let shown: String = Repr(&map).to_string().chars().take(200).collect();
                    let kind = python::type_name(&map);
                    return Err(Error::kind(format!(
                        "Incorrect arguments: Items to merge must be maps. {shown} is type \
                         <class '{kind}'> instead of a dict"
                    ))
                    .into());
                }
            }
        }
        Ok(Value::Object(merged))
    }
}
