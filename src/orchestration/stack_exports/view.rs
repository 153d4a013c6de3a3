//! A stack as Heat exports it: what it is made of, and what became of each resource.

use serde_json::{Map, Value, json};

use super::logic::Exported;
use crate::stack_resources::model::Resource;

/// The whole of it.
pub(super) fn export(exported: &Exported) -> Value {
    let Exported { stack, resources } = exported;
    let rows: Map<String, Value> =
        resources.iter().map(|row| (row.name.clone(), resource(row))).collect();
    json!({
        "name": stack.name,
        "id": stack.id,
        "action": stack.action,
        "status": stack.status,
        "template": stack.source.template,
        "files": stack.source.files,
        "environment": stack.source.environment,
        "resources": rows,
        "project_id": stack.project,
        "stack_user_project_id": stack.project,
        "tags": stack.tags,
    })
}

fn resource(row: &Resource) -> Value {
    json!({
        "name": row.name,
        "resource_id": row.physical,
        "type": row.resource_type,
        "action": row.action,
        "status": row.status,
        "metadata": row.metadata,
        "resource_data": row.data,
    })
}
