//! The body of a request that adopts a stack: what an export says, with what the request says
//! besides. PURE.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use crate::stack_exports::model::Entries;
use crate::template::{self, yaml};

/// The sections of an environment of which the request's members go before the export's.
const SECTIONS: &[&str] = &["parameters", "parameter_defaults", "resource_registry"];

/// The body as it would be without adoption, and what was left of each resource; `None` if the
/// request adopts nothing.
pub(super) fn read(body: &Value) -> Result<Option<(Value, Entries)>> {
    let Some(given) = body.get("adopt_stack_data").filter(|given| !given.is_null()) else {
        return Ok(None);
    };
    let data = written_out(given).map_err(|error| invalid(&error.to_string()))?;
    let template = data.get("template").ok_or_else(|| invalid("'template'"))?;
    let left = match data.get("resources") {
        None | Some(Value::Null) => Entries::new(),
        Some(rows) => {
            serde_json::from_value(rows.clone()).map_err(|error| invalid(&error.to_string()))?
        }
    };
    let mut whole = body.as_object().cloned().unwrap_or_default();
    whole.insert("template".to_owned(), template.clone());
    whole.insert("environment".to_owned(), environment(&data, body)?);
    whole.insert("files".to_owned(), over(data.get("files"), body.get("files")));
    Ok(Some((Value::Object(whole), left)))
}

/// Heat takes the parameters from the export; the rest of what it says is as good.
fn environment(data: &Value, body: &Value) -> Result<Value> {
    let mut merged = object(data.get("environment"));
    let own = body.get("environment").map(written_out).transpose()?.unwrap_or_default();
    for (section, given) in object(Some(&own)) {
        let value = if SECTIONS.contains(&section.as_str()) {
            over(merged.get(&section), Some(&given))
        } else {
            given
        };
        merged.insert(section, value);
    }
    // What Heat adds when it shows an environment is no part of one.
    merged.remove("encrypted_param_names");
    Ok(Value::Object(merged))
}

/// What a text says, or the value itself.
fn written_out(given: &Value) -> template::Result<Value> {
    given.as_str().map_or_else(|| Ok(given.clone()), yaml::load)
}

/// The members of both; those of `own` go first.
fn over(base: Option<&Value>, own: Option<&Value>) -> Value {
    let mut merged = object(base);
    merged.extend(object(own));
    Value::Object(merged)
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

fn invalid(why: &str) -> Error {
    Error::bad_request(format!("Invalid adopt data: {why}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_request_says_goes_before_what_the_export_says() {
        let data = json!({
            "template": {"heat_template_version": "rocky"},
            "environment": {"parameters": {"a": 1, "b": 2}, "encrypted_param_names": []},
            "files": {"f": "old"},
            "resources": {"r": {"resource_id": "id", "unknown": true}},
        });
        let body = json!({
            "stack_name": "s",
            "adopt_stack_data": data.to_string(),
            "template": null,
            "environment": "parameters: {b: 3}",
        });
        let (whole, left) = read(&body).unwrap().unwrap();
        assert_eq!(whole["environment"], json!({"parameters": {"a": 1, "b": 3}}));
        assert_eq!(whole["files"], json!({"f": "old"}));
        assert_eq!(whole["template"]["heat_template_version"], "rocky");
        assert_eq!(left["r"].resource_id.as_deref(), Some("id"));
    }

    #[test]
    fn data_without_a_template_is_refused() {
        assert_eq!(read(&json!({})).unwrap(), None);
        let refused = read(&json!({"adopt_stack_data": "{}"})).unwrap_err();
        assert_eq!(refused.public, "Invalid adopt data: 'template'");
    }
}
