//! The rules of software configs.

use kit::error::{Error, Kind, Result};
use kit::ids::SoftwareConfigId;
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::model::SoftwareConfig;
use super::store;

/// Heat's sentence; it forgets the id, as Heat does.
pub(crate) fn not_found() -> Error {
    Error::not_found("Software config with id {} not found").tag("NotFound")
}

/// Removes a config that nothing is deployed of.
pub(crate) fn delete(connection: &Connection, id: &SoftwareConfigId) -> Result<()> {
    if store::is_in_use(connection, id)? {
        let sentence =
            format!("Software config with id {id} can not be deleted as it is referenced.");
        // Heat: an internal error, with its sentence all the same.
        return Err(Error::new(Kind::Internal, sentence).tag("InvalidRestrictedAction"));
    }
    store::delete(connection, id)
}

/// Inputs as they are kept: the type goes without saying.
pub(crate) fn inputs(given: &Value) -> Result<Vec<Value>> {
    entries(given, |_| {})
}

/// Outputs as they are kept: an output is no error unless it says so.
pub(crate) fn outputs(given: &Value) -> Result<Vec<Value>> {
    entries(given, |entry| {
        entry.entry("error_output").or_insert(Value::Bool(false));
    })
}

fn entries(given: &Value, complete: impl Fn(&mut Map<String, Value>)) -> Result<Vec<Value>> {
    let list = match given {
        Value::Null => return Ok(Vec::new()),
        Value::Array(list) => list,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            let sentence = "Software Config I/O Schema must be in a list";
            return Err(Error::bad_request(sentence).tag("TypeError"));
        }
    };
    list.iter().map(|entry| read(entry, &complete)).collect()
}

fn read(entry: &Value, complete: &impl Fn(&mut Map<String, Value>)) -> Result<Value> {
    let Value::Object(entry) = entry else {
        let sentence = "Software Config I/O Schema must be a dict";
        return Err(Error::bad_request(sentence).tag("TypeError"));
    };
    if !entry.get("name").is_some_and(Value::is_string) {
        let sentence = "Property error: Property name not assigned";
        return Err(Error::bad_request(sentence).tag("ValueError"));
    }
    let mut entry = entry.clone();
    entry.retain(|_, value| !value.is_null());
    if entry.get("replace_on_change") == Some(&Value::Bool(false)) {
        entry.remove("replace_on_change");
    }
    entry.entry("type").or_insert_with(|| Value::from("String"));
    complete(&mut entry);
    Ok(Value::Object(entry))
}

/// The name of an input or an output.
pub(crate) fn name(entry: &Value) -> &str {
    entry.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// The text of a config that a template names instead of writing it out; else the text itself.
pub(crate) fn text_of(connection: &Connection, text_or_id: &str) -> Result<String> {
    if !kit::ids::is_uuid_like(text_or_id) {
        return Ok(text_or_id.to_owned());
    }
    let id = SoftwareConfigId::from(text_or_id);
    let found = store::get_for_system(connection, &id)?;
    Ok(found.as_ref().map_or_else(|| text_or_id.to_owned(), text))
}

/// A config as one text.
pub(crate) fn text(config: &SoftwareConfig) -> String {
    config.config.as_str().map_or_else(|| config.config.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_goes_without_saying_is_filled_in() {
        let kept = inputs(&json!([{"name": "a", "default": null}])).unwrap();
        assert_eq!(kept, [json!({"name": "a", "type": "String"})]);
        let kept = outputs(&json!([{"name": "r"}])).unwrap();
        assert_eq!(kept, [json!({"name": "r", "type": "String", "error_output": false})]);
        assert!(inputs(&json!({"name": "a"})).is_err());
        assert!(inputs(&json!(["a"])).is_err());
    }
}
