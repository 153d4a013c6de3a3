//! What the API shows of software configs.

use kit::http::View;
use serde_json::json;

use super::model::SoftwareConfig;
use crate::view::field;

/// A row of a list.
pub(crate) static SUMMARY: View<SoftwareConfig> = View(&[
    field("id", |c, _| json!(c.id)),
    field("name", |c, _| json!(c.name)),
    field("group", |c, _| json!(c.group)),
    field("creation_time", |c, _| json!(c.created_at.iso_z())),
]);

/// All of it.
pub(crate) static DETAIL: View<SoftwareConfig> = View(&[
    field("id", |c, _| json!(c.id)),
    field("name", |c, _| json!(c.name)),
    field("group", |c, _| json!(c.group)),
    field("creation_time", |c, _| json!(c.created_at.iso_z())),
    field("config", |c, _| c.config.clone()),
    field("inputs", |c, _| json!(c.inputs)),
    field("outputs", |c, _| json!(c.outputs)),
    field("options", |c, _| c.options.clone()),
]);
