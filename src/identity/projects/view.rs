//! What the API shows of a project.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::Project;
use crate::record::behind_extra;
use crate::view::{field, own_url, with_self};

static FIELDS: View<Project> = View(&[
    field("id", |project, _| json!(project.id)),
    field("name", |project, _| json!(project.name)),
    field("domain_id", |project, _| json!(project.domain_id)),
    field("description", |project, _| json!(project.description)),
    field("enabled", |project, _| json!(project.enabled)),
    field("parent_id", |project, _| json!(project.parent_id)),
    field("is_domain", |project, _| json!(project.is_domain)),
    field("tags", |project, _| json!(project.tags)),
    field("options", |project, _| json!(project.options)),
]);

/// Keystone: an update shows the extra attributes twice.
static UPDATED: View<Project> = View(&[
    field("id", |project, _| json!(project.id)),
    field("name", |project, _| json!(project.name)),
    field("domain_id", |project, _| json!(project.domain_id)),
    field("description", |project, _| json!(project.description)),
    field("enabled", |project, _| json!(project.enabled)),
    field("parent_id", |project, _| json!(project.parent_id)),
    field("is_domain", |project, _| json!(project.is_domain)),
    field("tags", |project, _| json!(project.tags)),
    field("extra", |project, _| json!(project.extra)),
    field("options", |project, _| json!(project.options)),
]);

/// A project.
pub(crate) fn project(call: &Call, project: &Project) -> Value {
    render(call, project, &FIELDS)
}

/// A project after an update.
pub(crate) fn updated(call: &Call, project: &Project) -> Value {
    render(call, project, &UPDATED)
}

fn render(call: &Call, project: &Project, fields: &View<Project>) -> Value {
    let shown = behind_extra(&project.extra, fields.render(project, &Cx::new(call)));
    with_self(call, &format!("/projects/{}", project.id), shown)
}

/// The projects above, each inside the one below it: `{parent: {grandparent: null}}`.
pub(crate) fn parents_as_ids(ancestors: &[Project]) -> Value {
    ancestors.iter().rev().fold(Value::Null, |above, project| json!({project.id.as_str(): above}))
}

/// The projects below `id`, each with those below it.
pub(crate) fn subtree_as_ids(id: &str, below: &[Project]) -> Value {
    let children = below
        .iter()
        .filter(|project| project.parent_id.as_ref().is_some_and(|parent| parent.as_str() == id));
    let tree: serde_json::Map<String, Value> = children
        .map(|child| (child.id.to_string(), subtree_as_ids(child.id.as_str(), below)))
        .collect();
    if tree.is_empty() { Value::Null } else { Value::Object(tree) }
}

/// The tags of a project.
pub(crate) fn tags(call: &Call, tags: &[String]) -> Value {
    json!({"links": {"self": own_url(call)}, "tags": tags})
}
