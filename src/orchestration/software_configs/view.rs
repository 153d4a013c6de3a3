//! What the API shows of software configs.

use kit::http::View;
use serde_json::{Value, json};

use super::model::SoftwareConfig;
use crate::view::field;

/// A row of a list.
pub(crate) static SUMMARY: View<SoftwareConfig> = View(&[
    field("id", |c, _| json!(c.id)),
    field("name", |c, _| json!(c.name)),
    field("group", |c, _| json!(c.group)),
    field("creation_time", |c, _| json!(c.created_at.iso_z())),
]);

/// All of it; what is shown of a config depends on nobody.
pub(crate) fn detail(config: &SoftwareConfig) -> Value {
    json!({
        "id": config.id,
        "name": config.name,
        "group": config.group,
        "creation_time": config.created_at.iso_z(),
        "config": config.config,
        "inputs": config.inputs,
        "outputs": config.outputs,
        "options": config.options,
    })
}
