//! What the API shows of a group.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::Group;
use crate::record::behind_extra;
use crate::view::{field, with_self};

static FIELDS: View<Group> = View(&[
    field("id", |group, _| json!(group.id)),
    field("name", |group, _| json!(group.name)),
    field("domain_id", |group, _| json!(group.domain_id)),
    field("description", |group, _| json!(group.description)),
]);

/// A group.
pub(crate) fn group(call: &Call, group: &Group) -> Value {
    let shown = behind_extra(&group.extra, FIELDS.render(group, &Cx::new(call)));
    with_self(call, &format!("/groups/{}", group.id), shown)
}
