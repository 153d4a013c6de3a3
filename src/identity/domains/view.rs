//! What the API shows of a domain.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use crate::projects::model::Project;
use crate::record::behind_extra;
use crate::view::{field, with_self};

static FIELDS: View<Project> = View(&[
    field("id", |domain, _| json!(domain.id)),
    field("name", |domain, _| json!(domain.name)),
    field("description", |domain, _| json!(domain.description)),
    field("enabled", |domain, _| json!(domain.enabled)),
    field("tags", |domain, _| json!(domain.tags)),
    field("options", |domain, _| json!(domain.options)),
]);

/// A domain.
pub(crate) fn domain(call: &Call, domain: &Project) -> Value {
    let shown = behind_extra(&domain.extra, FIELDS.render(domain, &Cx::new(call)));
    with_self(call, &format!("/domains/{}", domain.id), shown)
}
