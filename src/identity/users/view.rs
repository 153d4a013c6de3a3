//! What the API shows of a user.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::User;
use crate::record::behind_extra;
use crate::view::{field, with_self};

static FIELDS: View<User> = View(&[
    field("id", |user, _| json!(user.id)),
    field("name", |user, _| json!(user.name)),
    field("domain_id", |user, _| json!(user.domain_id)),
    field("enabled", |user, _| json!(user.enabled)),
    field("default_project_id", |user, _| json!(user.default_project_id)),
    field("password_expires_at", |_, _| Value::Null),
    field("options", |user, _| json!(user.options)),
]);

/// Keystone: an update shows the extra attributes twice.
static UPDATED: View<User> = View(&[
    field("id", |user, _| json!(user.id)),
    field("name", |user, _| json!(user.name)),
    field("domain_id", |user, _| json!(user.domain_id)),
    field("enabled", |user, _| json!(user.enabled)),
    field("default_project_id", |user, _| json!(user.default_project_id)),
    field("password_expires_at", |_, _| Value::Null),
    field("extra", |user, _| json!(user.extra)),
    field("options", |user, _| json!(user.options)),
]);

/// A user.
pub(crate) fn user(call: &Call, user: &User) -> Value {
    render(call, user, &FIELDS)
}

/// A user after an update.
pub(crate) fn updated(call: &Call, user: &User) -> Value {
    render(call, user, &UPDATED)
}

fn render(call: &Call, user: &User, fields: &View<User>) -> Value {
    let mut shown = behind_extra(&user.extra, fields.render(user, &Cx::new(call)));
    if user.default_project_id.is_none()
        && let Some(shown) = shown.as_object_mut()
    {
        shown.shift_remove("default_project_id");
    }
    with_self(call, &format!("/users/{}", user.id), shown)
}
