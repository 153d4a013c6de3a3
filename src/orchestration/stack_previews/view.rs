//! What the API shows of a preview.

use kit::http::{Cx, View};
use serde_json::{Value, json};

use super::model::{Beginning, Changes, Creation, Difference, Seen, Step};
use crate::view::{field, link};

static STACK: View<Creation> = View(&[
    field("stack_name", |c, _| json!(c.stack.name)),
    field("id", |c, _| json!(c.stack.id)),
    field("links", |c, cx| json!([link(cx, "self", &c.stack.path())])),
    field("creation_time", |c, _| json!(c.stack.created_at.iso_z())),
    field("updated_time", |_, _| Value::Null),
    field("deletion_time", |_, _| Value::Null),
    field("notification_topics", |_, _| json!([])),
    field("parameters", |c, _| json!(c.parameters)),
    field("description", |c, _| c.description.clone()),
    field("template_description", |c, _| c.description.clone()),
    field("capabilities", |_, _| json!([])),
    field("disable_rollback", |c, _| json!(c.stack.disable_rollback)),
    field("timeout_mins", |c, _| json!(c.stack.timeout_mins)),
    field("stack_owner", |c, _| json!(c.stack.trust.user_name)),
    field("parent", |_, _| Value::Null),
    field("stack_user_project_id", |_, _| Value::Null),
    field("tags", |c, _| json!(c.stack.tags)),
    field("outputs", |c, _| json!(c.outputs)),
    field("resources", |c, cx| beginnings(&c.resources, cx)),
]);

static RESOURCE: View<Seen> = View(&[
    field("updated_time", |s, _| json!(s.is_kept.then(|| s.resource.updated_at.iso_z()))),
    field("creation_time", |s, _| json!(s.is_kept.then(|| s.resource.created_at.iso_z()))),
    field("resource_name", |s, _| json!(s.resource.name)),
    field("physical_resource_id", |s, _| json!(s.resource.physical.as_deref().unwrap_or_default())),
    field("resource_action", |s, _| json!(s.resource.action)),
    field("resource_status", |s, _| json!(s.resource.status)),
    field("resource_status_reason", |s, _| json!(s.resource.reason)),
    field("resource_type", |s, _| json!(s.resource.resource_type)),
    field("resource_identity", |s, _| identity(s, &format!("/resources/{}", s.resource.name))),
    field("stack_identity", |s, _| identity(s, "")),
    field("stack_name", |s, _| json!(s.stack.name)),
    field("required_by", |s, _| json!(s.required_by)),
    field("description", |s, _| json!(s.description)),
    field("metadata", |s, _| s.resource.metadata.clone()),
    field("attributes", |s, _| json!(s.attributes)),
]);

static STEP: View<Step> = View(&[
    field("order", |s, _| json!(s.order)),
    field("resource_name", |s, _| json!(s.resource)),
    field("resource_type", |s, _| json!(s.resource_type)),
    field("action", |s, _| json!(s.deed)),
    field("reason", |s, _| json!(s.reason)),
    field("properties", |s, cx| s.differences.iter().map(|d| DIFFERENCE.render(d, cx)).collect()),
    field("nested", |s, cx| plan(&s.nested, cx)),
]);

static DIFFERENCE: View<Difference> = View(&[
    field("name", |d, _| json!(d.name)),
    field("old", |d, _| d.old.clone()),
    field("new", |d, _| d.new.clone()),
    field("forces_replacement", |d, _| json!(d.replaces)),
]);

/// What would be made.
pub(crate) fn creation(creation: &Creation, cx: &Cx<'_>) -> Value {
    json!({"stack": STACK.render(creation, cx), "plan": plan(&creation.plan, cx)})
}

/// What would change. The plan stands beside Heat's five lists: its client walks over whatever is
/// among them.
pub(crate) fn changes(changes: &Changes, cx: &Cx<'_>) -> Value {
    let list = |seen: &[Seen]| -> Value { seen.iter().map(|s| RESOURCE.render(s, cx)).collect() };
    let lists = json!({
        "unchanged": list(&changes.unchanged),
        "updated": list(&changes.updated),
        "replaced": list(&changes.replaced),
        "added": list(&changes.added),
        "deleted": list(&changes.deleted),
    });
    json!({"resource_changes": lists, "plan": plan(&changes.plan, cx)})
}

fn plan(steps: &[Step], cx: &Cx<'_>) -> Value {
    steps.iter().map(|step| STEP.render(step, cx)).collect()
}

/// Heat: those of a nested stack are a list in their place.
fn beginnings(all: &[Beginning], cx: &Cx<'_>) -> Value {
    let one = |beginning: &Beginning| match beginning {
        Beginning::One(seen) => with_properties(seen, cx),
        Beginning::Nested(inner) => beginnings(inner, cx),
    };
    all.iter().map(one).collect()
}

fn with_properties(seen: &Seen, cx: &Cx<'_>) -> Value {
    let mut view = RESOURCE.render(seen, cx);
    if let Value::Object(fields) = &mut view {
        fields.insert("properties".to_owned(), json!(seen.resource.properties));
        if let Some(parent) = &seen.stack.parent {
            fields.insert("parent_resource".to_owned(), json!(parent.resource));
        }
    }
    view
}

fn identity(seen: &Seen, path: &str) -> Value {
    let stack = &seen.stack;
    json!({
        "tenant": stack.project,
        "stack_name": stack.name,
        "stack_id": stack.id,
        "path": path,
    })
}
