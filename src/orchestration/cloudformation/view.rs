//! The own API's answers in Amazon's words: tables of names. PURE.

use kit::http::{Reply, xml};
use serde_json::{Map, Value, json};

use crate::guest_tools::init;
use crate::template::python;

/// Names in the own API, and Amazon's.
type Names = [(&'static str, &'static str)];

/// A stack in a list.
pub(super) static SUMMARY: &Names = &[
    ("creation_time", "CreationTime"),
    ("updated_time", "LastUpdatedTime"),
    ("deletion_time", "DeletionTime"),
    ("stack_name", "StackName"),
    ("stack_status", "StackStatus"),
    ("stack_status_reason", "StackStatusReason"),
    ("description", "TemplateDescription"),
];

static STACK: &Names = &[
    ("capabilities", "Capabilities"),
    ("creation_time", "CreationTime"),
    ("description", "Description"),
    ("disable_rollback", "DisableRollback"),
    ("notification_topics", "NotificationARNs"),
    ("stack_name", "StackName"),
    ("stack_status", "StackStatus"),
    ("stack_status_reason", "StackStatusReason"),
    ("timeout_mins", "TimeoutInMinutes"),
];

static OUTPUT: &Names =
    &[("description", "Description"), ("output_key", "OutputKey"), ("output_value", "OutputValue")];

/// An event.
pub(super) static EVENT: &Names = &[
    ("id", "EventId"),
    ("resource_name", "LogicalResourceId"),
    ("physical_resource_id", "PhysicalResourceId"),
    ("resource_status", "ResourceStatus"),
    ("resource_status_reason", "ResourceStatusReason"),
    ("resource_type", "ResourceType"),
    ("event_time", "Timestamp"),
];

/// A resource by itself.
pub(super) static DETAIL: &Names = &[
    ("description", "Description"),
    ("updated_time", "LastUpdatedTimestamp"),
    ("resource_name", "LogicalResourceId"),
    ("physical_resource_id", "PhysicalResourceId"),
    ("resource_status", "ResourceStatus"),
    ("resource_status_reason", "ResourceStatusReason"),
    ("resource_type", "ResourceType"),
];

/// A resource among those that are described.
pub(super) static RESOURCE: &Names = &[
    ("description", "Description"),
    ("resource_name", "LogicalResourceId"),
    ("physical_resource_id", "PhysicalResourceId"),
    ("resource_status", "ResourceStatus"),
    ("resource_status_reason", "ResourceStatusReason"),
    ("resource_type", "ResourceType"),
    ("updated_time", "Timestamp"),
];

/// A resource in a list.
pub(super) static RESOURCE_SUMMARY: &Names = &[
    ("updated_time", "LastUpdatedTimestamp"),
    ("resource_name", "LogicalResourceId"),
    ("physical_resource_id", "PhysicalResourceId"),
    ("resource_status", "ResourceStatus"),
    ("resource_status_reason", "ResourceStatusReason"),
    ("resource_type", "ResourceType"),
];

/// What Amazon defines as JSON inside XML.
static AS_JSON: &[&str] = &["TemplateBody", "Metadata"];

/// What is shown under Amazon's names, and nothing else of it.
pub(super) fn renamed(shown: &Value, names: &Names) -> Map<String, Value> {
    let pairs = names.iter().filter_map(|(own, amazon)| Some((*amazon, shown.get(*own)?)));
    pairs.map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

/// The same with the stack that it belongs to.
pub(super) fn within(shown: &Value, names: &Names, arn: &str, stack: &str) -> Map<String, Value> {
    let mut view = renamed(shown, names);
    view.insert("StackId".to_owned(), json!(arn));
    view.insert("StackName".to_owned(), json!(stack));
    view
}

/// A stack, whole.
pub(super) fn stack(shown: &Value, arn: &str) -> Value {
    let mut view = renamed(shown, STACK);
    view.insert("StackId".to_owned(), json!(arn));
    if let Some(time) = shown.get("updated_time").filter(|time| !time.is_null()) {
        view.insert("LastUpdatedTime".to_owned(), time.clone());
    }
    let outputs = shown.get("outputs").and_then(Value::as_array).into_iter().flatten();
    view.insert("Outputs".to_owned(), outputs.map(|row| json!(renamed(row, OUTPUT))).collect());
    let parameters = shown.get("parameters").and_then(Value::as_object).into_iter().flatten();
    let pair = |(key, value)| json!({"ParameterKey": key, "ParameterValue": value});
    view.insert("Parameters".to_owned(), parameters.map(pair).collect());
    Value::Object(view)
}

/// The verdict on a template: its parameters are a list.
pub(super) fn verdict(mut shown: Value) -> Value {
    let parameters = shown.get("Parameters").and_then(Value::as_object).into_iter().flatten();
    let row = |(key, row): (&String, &Value)| {
        let or = |name: &str, default: &str| row.get(name).cloned().unwrap_or(json!(default));
        json!({"ParameterKey": key, "DefaultValue": or("Default", ""),
            "Description": or("Description", ""), "NoEcho": or("NoEcho", "false")})
    };
    let rows: Value = parameters.map(row).collect();
    if let Value::Object(members) = &mut shown {
        members.insert("Parameters".to_owned(), rows);
    }
    shown
}

/// The answer to an action. `Shell` is ours: what the metadata of a resource wants done, for guests
/// that cannot read JSON.
pub(super) fn reply(action: &str, result: Value, content_type: Option<&str>) -> Reply {
    let (outer, inner) = (format!("{action}Response"), format!("{action}Result"));
    match (content_type, result.pointer("/StackResourceDetail/Metadata")) {
        (Some("JSON"), _) => return Reply::json(json!({outer: {inner: result}})),
        (Some("Shell"), Some(metadata)) => {
            return Reply::text("text/x-shellscript", init::script(metadata));
        }
        _ => {}
    }
    let text = xml::element(&outer, &json!({inner: json_inside(result)}));
    Reply::text("application/xml", text)
}

fn json_inside(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (String, Value)| {
                let is_json = AS_JSON.contains(&name.as_str());
                let value = match value {
                    value if !is_json => json_inside(value),
                    value if python::truth(&value) => Value::String(python::dumps(&value)),
                    _ => json!(""),
                };
                (name, value)
            };
            Value::Object(members.into_iter().map(member).collect())
        }
        Value::Array(items) => items.into_iter().map(json_inside).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use kit::http::Body;

    use super::*;

    #[test]
    fn metadata_is_json_inside_xml() {
        let result = json!({"D": {"Metadata": {"a": 1}, "Outputs": [], "TemplateBody": {}}});
        let Body::Text("application/xml", text) = reply("Do", result, None).body else { panic!() };
        assert_eq!(
            text,
            "<DoResponse><DoResult><D><Metadata>{\"a\": 1}</Metadata><Outputs></Outputs>\
             <TemplateBody></TemplateBody></D></DoResult></DoResponse>"
        );
    }
}
