//! What the API shows of an event.

use kit::http::{Cx, View};
use serde_json::{Value, json};

use super::model::Event;
use crate::view::{field, link};

/// An event with the path of its stack.
pub(crate) struct Shown {
    pub(crate) event: Event,
    pub(crate) stack: String,
    /// The path of the stack that was asked, if those nested in it were asked too.
    pub(crate) root: Option<String>,
}

/// A row of a list.
pub(crate) static SUMMARY: View<Shown> = View(&[
    field("id", |s, _| json!(s.event.id)),
    field("links", links),
    field("event_time", |s, _| json!(s.event.created_at.iso_z())),
    field("logical_resource_id", |s, _| json!(s.event.resource_name)),
    field("resource_name", |s, _| json!(s.event.resource_name)),
    field("physical_resource_id", |s, _| json!(s.event.physical_id)),
    field("resource_status", |s, _| json!(format!("{}_{}", s.event.action, s.event.status))),
    field("resource_status_reason", |s, _| json!(s.event.reason)),
]);

/// An event, whole.
pub(crate) fn detail(shown: &Shown, cx: &Cx<'_>) -> Value {
    let mut view = SUMMARY.render(shown, cx);
    if let Value::Object(fields) = &mut view {
        fields.insert("resource_type".to_owned(), json!(shown.event.resource_type));
        fields.insert("resource_properties".to_owned(), json!(shown.event.properties));
    }
    view
}

fn links(shown: &Shown, cx: &Cx<'_>) -> Value {
    let resource = format!("{}/resources/{}", shown.stack, shown.event.resource_name);
    let own = [
        link(cx, "self", &format!("{resource}/events/{}", shown.event.id)),
        link(cx, "resource", &resource),
        link(cx, "stack", &shown.stack),
    ];
    let root = shown.root.as_ref().map(|path| link(cx, "root_stack", path));
    Value::Array(own.into_iter().chain(root).collect())
}
