//! What the API shows of a resource.

use kit::http::{Cx, View};
use serde_json::{Map, Value, json};

use super::model::Resource;
use crate::view::{field, link};

/// A resource with what is around it.
pub(crate) struct Shown {
    pub(crate) resource: Resource,
    /// The path of its stack.
    pub(crate) stack: String,
    /// The path of the stack that is its thing.
    pub(crate) nested: Option<String>,
    /// The resource whose thing its stack is.
    pub(crate) parent: Option<String>,
    pub(crate) required_by: Vec<String>,
    /// What only one resource shows: description and attributes.
    pub(crate) more: Option<(String, Map<String, Value>)>,
}

static SUMMARY: View<Shown> = View(&[
    field("updated_time", |s, _| json!(s.resource.updated_at.iso_z())),
    field("creation_time", |s, _| json!(s.resource.created_at.iso_z())),
    field("logical_resource_id", |s, _| json!(s.resource.name)),
    field("resource_name", |s, _| json!(s.resource.name)),
    field("physical_resource_id", |s, _| json!(s.resource.physical.as_deref().unwrap_or_default())),
    field("resource_status", |s, _| json!(s.resource.state())),
    field("resource_status_reason", |s, _| json!(s.resource.reason)),
    field("resource_type", |s, _| json!(s.resource.resource_type)),
    field("links", |s, cx| {
        let path = format!("{}/resources/{}", s.stack, s.resource.name);
        let nested = s.nested.as_ref().map(|path| link(cx, "nested", path));
        let own = [link(cx, "self", &path), link(cx, "stack", &s.stack)];
        Value::Array(own.into_iter().chain(nested).collect())
    }),
    field("required_by", |s, _| json!(s.required_by)),
]);

/// A resource; whole if it was read so.
pub(crate) fn render(shown: &Shown, cx: &Cx<'_>) -> Value {
    let mut view = SUMMARY.render(shown, cx);
    if let (Some(parent), Value::Object(fields)) = (&shown.parent, &mut view) {
        fields.insert("parent_resource".to_owned(), json!(parent));
    }
    if let (Some((description, attributes)), Value::Object(fields)) = (&shown.more, &mut view) {
        fields.insert("description".to_owned(), json!(description));
        fields.insert("attributes".to_owned(), json!(attributes));
    }
    view
}
