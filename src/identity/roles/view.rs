//! What the API shows of a role and of an implication.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::Role;
use crate::record::behind_extra;
use crate::view::{field, with_self};

static FIELDS: View<Role> = View(&[
    field("id", |role, _| json!(role.id)),
    field("name", |role, _| json!(role.name)),
    field("domain_id", |role, _| json!(role.domain_id)),
    field("description", |role, _| json!(role.description)),
    field("options", |role, _| json!(role.options)),
]);

/// A role.
pub(crate) fn role(call: &Call, role: &Role) -> Value {
    with_self(call, &format!("/roles/{}", role.id), without_links(call, role))
}

/// A role inside something else.
pub(crate) fn without_links(call: &Call, role: &Role) -> Value {
    behind_extra(&role.extra, FIELDS.render(role, &Cx::new(call)))
}

/// A role as an implication shows it.
pub(crate) fn reference(call: &Call, role: &Role) -> Value {
    json!({
        "id": role.id,
        "links": {"self": call.links.path(&format!("/roles/{}", role.id))},
        "name": role.name,
    })
}

/// What a role implies: all of it, or one.
pub(crate) fn inference(call: &Call, prior: &Role, implies: &Value, path: &str) -> Value {
    json!({
        "role_inference": {"prior_role": reference(call, prior), "implies": implies},
        "links": {"self": call.links.path(path)},
    })
}

/// A row of the list of all implications.
pub(crate) fn rule(call: &Call, prior: &Role, implied: &[&Role]) -> Value {
    let implied: Value = implied.iter().map(|role| reference(call, role)).collect();
    json!({"prior_role": reference(call, prior), "implies": implied})
}

/// All implications.
pub(crate) fn rules(rules: &[Value]) -> Value {
    json!({"role_inferences": rules})
}
