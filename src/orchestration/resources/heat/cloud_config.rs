//! `OS::Heat::CloudConfig`: a `#cloud-config` for user data, written out of a map.

use kit::error::Result;
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::software_config::Config;
use crate::software_configs::model::UNGROUPED;
use crate::template::{Property, Schema, python};

/// The type.
pub(crate) static CONFIG: Config =
    Config { name: "OS::Heat::CloudConfig", schema, text, group: UNGROUPED };

fn schema() -> Schema {
    Schema::of([Property::map("cloud_config").described(
        "Map representing the cloud-config data structure which will be formatted as YAML.",
    )])
}

#[expect(clippy::unnecessary_wraps, reason = "what the row of a type asks for")]
fn text(_: &Connection, properties: &Map<String, Value>) -> Result<Value> {
    let mut yaml = "#cloud-config\n".to_owned();
    match properties.get("cloud_config") {
        Some(Value::Object(map)) if !map.is_empty() => write_map(map, 0, &mut yaml),
        _ => yaml.push_str("{}\n"),
    }
    Ok(Value::String(yaml))
}

/// `PyYAML`'s block style: keys sorted, lists at the depth of their key.
fn write_map(map: &Map<String, Value>, depth: usize, out: &mut String) {
    let mut members: Vec<_> = map.iter().collect();
    members.sort_by_key(|(key, _)| *key);
    for (index, (key, value)) in members.into_iter().enumerate() {
        // The first stands behind the dash of its list.
        if index > 0 || !out.ends_with("- ") {
            indent(depth, out);
        }
        out.push_str(&scalar_text(key));
        out.push(':');
        write_value(value, depth, out);
    }
}

fn write_value(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            write_map(map, depth + 2, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            write_list(items, depth, out);
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            out.push(' ');
            write_scalar(value, out);
        }
    }
}

fn write_list(items: &[Value], depth: usize, out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 || !out.ends_with("- ") {
            indent(depth, out);
        }
        out.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => write_map(map, depth + 2, out),
            Value::Array(items) if !items.is_empty() => write_list(items, depth + 2, out),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => write_scalar(item, out),
        }
    }
}

fn write_scalar(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(&scalar_text(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            out.push_str(&value.to_string());
        }
    }
    out.push('\n');
}

/// A text as it is where nobody can take it for something else, else as JSON has it, which is
/// YAML too.
fn scalar_text(text: &str) -> String {
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
    let calm = |c: char| c.is_ascii_alphanumeric() || "_-./ ".contains(c);
    let word = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let ambiguous = word.contains(&text.to_ascii_lowercase().as_str());
    if starts_well && text.chars().all(calm) && !text.ends_with(' ') && !ambiguous {
        return text.to_owned();
    }
    python::dumps(&Value::from(text))
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', depth));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn yaml(map: &Value) -> String {
        let properties = Map::from_iter([("cloud_config".to_owned(), map.clone())]);
        let connection = Connection::open_in_memory().unwrap();
        text(&connection, &properties).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn a_map_becomes_blocks() {
        let golden = yaml(&json!({"runcmd": ["x"], "packages": ["a"]}));
        assert_eq!(golden, "#cloud-config\npackages:\n- a\nruncmd:\n- x\n");
        let nested = json!({"users": [{"name": "u", "groups": ["a", "b"]}, "yes"],
            "write": {"path": "/x", "mode": "0644", "text": "a\nb: c"}, "empty": [], "deep": [["a"]]});
        let read = crate::template::yaml::load(&yaml(&nested)).unwrap();
        assert_eq!(read, nested);
    }
}
