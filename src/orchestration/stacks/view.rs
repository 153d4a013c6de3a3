//! What the API shows of a stack.

use kit::clock::Time;
use kit::http::{Cx, View};
use serde_json::{Map, Value, json};

use super::model::{Listed, Stack, path};
use crate::view::{field, link};

/// A row of a list. Heat: the description is never filled in.
pub(crate) static SUMMARY: View<Listed> = View(&[
    field("id", |s, _| json!(s.id)),
    field("links", |s, cx| json!([link(cx, "self", &path(&s.project, &s.name, &s.id))])),
    field("stack_name", |s, _| json!(s.name)),
    field("description", |_, _| json!("")),
    field("stack_status", |s, _| json!(format!("{}_{}", s.action, s.status))),
    field("stack_status_reason", |s, _| json!(s.reason)),
    field("creation_time", |s, _| json!(s.created_at.iso_z())),
    field("updated_time", |s, _| time(s.updated_at)),
    field("deletion_time", |s, _| time(s.deleted_at)),
    field("stack_owner", |s, _| json!(s.owner)),
    field("parent", |s, _| json!(s.parent)),
    field("stack_user_project_id", |s, _| json!(s.project)),
    field("tags", |s, _| if s.tags.is_empty() { Value::Null } else { json!(s.tags) }),
]);

/// A row of an administrator's list, which goes beyond one project.
pub(crate) fn summary_with_project(stack: &Listed, cx: &Cx<'_>) -> Value {
    let mut view = SUMMARY.render(stack, cx);
    if let Value::Object(fields) = &mut view {
        fields.insert("project".to_owned(), json!(stack.project));
    }
    view
}

/// A stack with what its template says.
pub(crate) struct Shown {
    pub(crate) stack: Stack,
    pub(crate) parameters: Map<String, Value>,
    pub(crate) description: Value,
    /// `None` if they were not asked for.
    pub(crate) outputs: Option<Vec<Value>>,
}

static DETAIL: View<Shown> = View(&[
    field("stack_name", |s, _| json!(s.stack.name)),
    field("id", |s, _| json!(s.stack.id)),
    field("links", |s, cx| links(&s.stack, cx)),
    field("creation_time", |s, _| json!(s.stack.created_at.iso_z())),
    field("updated_time", |s, _| time(s.stack.updated_at)),
    field("deletion_time", |s, _| time(s.stack.deleted_at)),
    field("notification_topics", |_, _| json!([])),
    field("parameters", |s, _| json!(s.parameters)),
    field("description", |s, _| s.description.clone()),
    field("template_description", |s, _| s.description.clone()),
    field("capabilities", |_, _| json!([])),
    field("disable_rollback", |s, _| json!(s.stack.disable_rollback)),
    field("timeout_mins", |s, _| json!(s.stack.timeout_mins)),
    field("stack_owner", |s, _| json!(s.stack.trust.user_name)),
    field("parent", |s, _| parent(&s.stack)),
    field("stack_user_project_id", |s, _| json!(s.stack.project)),
    field("tags", |s, _| json!(s.stack.tags)),
    field("stack_status", |s, _| json!(s.stack.state())),
    field("stack_status_reason", |s, _| json!(s.stack.reason)),
]);

/// A stack, whole.
pub(crate) fn detail(shown: &Shown, cx: &Cx<'_>) -> Value {
    let mut view = DETAIL.render(shown, cx);
    if let (Some(outputs), Value::Object(fields)) = (&shown.outputs, &mut view) {
        fields.insert("outputs".to_owned(), json!(outputs));
    }
    view
}

/// The answer to the request that made it.
pub(crate) fn created(stack: &Stack, cx: &Cx<'_>) -> Value {
    json!({"stack": {"id": stack.id, "links": links(stack, cx)}})
}

fn links(stack: &Stack, cx: &Cx<'_>) -> Value {
    json!([link(cx, "self", &stack.path())])
}

fn parent(stack: &Stack) -> Value {
    json!(stack.parent.as_ref().map(|parent| &parent.stack))
}

fn time(time: Option<Time>) -> Value {
    json!(time.map(Time::iso_z))
}
