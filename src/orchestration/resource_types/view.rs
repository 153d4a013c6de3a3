//! What the API shows of types: their names; of one, properties and attributes.

use serde_json::{Map, Value, json};

use super::descriptions;
use crate::resources::release::{self, Row, Standing};
use crate::resources::{self, Attribute, Plugin};
use crate::template::{Inner, Kind, OnChange, Property, Schema};

/// A list of types.
pub(super) fn list(plugins: &[&'static dyn Plugin], described: bool) -> Value {
    let row = |plugin: &&'static dyn Plugin| {
        let name = plugin.name();
        if described {
            json!({"resource_type": name, "description": descriptions::of(name)})
        } else {
            json!(name)
        }
    };
    json!({"resource_types": plugins.iter().map(row).collect::<Vec<_>>()})
}

/// A type, whole.
pub(super) fn detail(plugin: &'static dyn Plugin, described: bool) -> Value {
    let info = resources::info(plugin);
    let attributes = plugin.attributes().iter().map(|row| (row.name.to_owned(), attribute(row)));
    let mut shown = json!({
        "resource_type": plugin.name(),
        "properties": schema(&info.properties),
        "attributes": attributes.collect::<Map<_, _>>(),
        "support_status": support_status(release::find(plugin.name())),
    });
    if let (true, Value::Object(members)) = (described, &mut shown) {
        members.insert("description".to_owned(), json!(descriptions::of(plugin.name())));
    }
    shown
}

fn support_status(row: Option<&Row>) -> Value {
    let text = |text: &'static str| (!text.is_empty()).then_some(text);
    json!({
        "status": row.map_or(Standing::Supported, |row| row.standing).name(),
        "message": row.and_then(|row| text(row.message)),
        "version": row.and_then(|row| text(row.since)),
        "previous_status": null,
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

/// The name of a property's type.
pub(super) fn kind(kind: Kind) -> &'static str {
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
