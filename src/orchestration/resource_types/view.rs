//! What the API shows of a type: properties and attributes.

use serde_json::{Map, Value, json};

use crate::resources::{self, Attribute, Plugin};
use crate::template::{Inner, Kind, OnChange, Property, Schema};

/// A type, whole.
pub(super) fn detail(plugin: &'static dyn Plugin) -> Value {
    let info = resources::info(plugin);
    let attributes = plugin.attributes().iter().map(|row| (row.name.to_owned(), attribute(row)));
    json!({
        "resource_type": plugin.name(),
        "properties": schema(&info.properties),
        "attributes": attributes.collect::<Map<_, _>>(),
        "support_status": {"status": "SUPPORTED", "message": null, "version": null, "previous_status": null},
    })
}

fn attribute(row: &Attribute) -> Value {
    let mut shown = Map::from_iter([("description".to_owned(), json!(row.description))]);
    if !row.kind.is_empty() {
        shown.insert("type".to_owned(), json!(row.kind));
    }
    Value::Object(shown)
}

fn schema(schema: &Schema) -> Value {
    let shown = schema.iter().filter(|property| property.alias_of.is_none());
    Value::Object(shown.map(|row| (row.name.clone(), property(row))).collect())
}

fn property(row: &Property) -> Value {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| {
        shown.insert(name.to_owned(), value);
    };
    put("type", json!(kind(row.kind)));
    if let Some(description) = &row.description {
        put("description", json!(description));
    }
    if let Some(default) = &row.default {
        put("default", default.clone());
    }
    match &row.inner {
        Inner::Anything => {}
        Inner::Each(item) => put("schema", json!({"*": property(item)})),
        Inner::Members(members) => put("schema", schema(members)),
    }
    put("required", json!(row.required));
    if !row.constraints.is_empty() {
        let constraints: Vec<Value> =
            row.constraints.iter().map(crate::template::Constraint::to_value).collect();
        put("constraints", json!(constraints));
    }
    put("update_allowed", json!(row.on_change == OnChange::Update));
    put("immutable", json!(row.on_change == OnChange::Refuse));
    Value::Object(shown)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "string",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::List => "list",
        Kind::Map => "map",
        Kind::Any => "any",
    }
}
