//! What the API shows of software deployments.

use kit::http::{Cx, View};
use serde_json::{Value, json};

use super::model::Deployment;
use crate::view::field;

static DETAIL: View<Deployment> = View(&[
    field("id", |d, _| json!(d.id)),
    field("server_id", |d, _| json!(d.server)),
    field("input_values", |d, _| d.input_values.clone()),
    field("output_values", |d, _| d.output_values.clone()),
    field("action", |d, _| json!(d.action)),
    field("status", |d, _| json!(d.status)),
    field("status_reason", |d, _| json!(d.status_reason)),
    field("config_id", |d, _| json!(d.config)),
    field("creation_time", |d, _| json!(d.created_at.iso_z())),
]);

/// A deployment; one that was never changed does not say when it was.
pub(crate) fn render(deployment: &Deployment, cx: &Cx<'_>) -> Value {
    let mut view = DETAIL.render(deployment, cx);
    if let (Some(at), Value::Object(fields)) = (deployment.updated_at, &mut view) {
        fields.insert("updated_time".to_owned(), json!(at.iso_z()));
    }
    view
}
