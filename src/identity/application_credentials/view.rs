//! What the API shows of an application credential.

use kit::clock::Time;
use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::ApplicationCredential;
use crate::roles;
use crate::roles::model::Role;
use crate::view::{field, set, with_self};

static FIELDS: View<ApplicationCredential> = View(&[
    field("id", |credential, _| json!(credential.id)),
    field("name", |credential, _| json!(credential.name)),
    field("description", |credential, _| json!(credential.description)),
    field("user_id", |credential, _| json!(credential.user_id)),
    field("project_id", |credential, _| json!(credential.project_id)),
    field("system", |_, _| Value::Null),
    field("expires_at", |credential, _| json!(credential.expires_at.map(Time::iso_micro))),
    field("unrestricted", |credential, _| json!(credential.unrestricted)),
]);

/// A credential with its roles; `secret` only in the answer that made it.
pub(super) fn credential(
    call: &Call,
    credential: &ApplicationCredential,
    roles: &[Role],
    secret: Option<&str>,
) -> Value {
    let mut shown = FIELDS.render(credential, &Cx::new(call));
    let roles = roles.iter().map(|role| roles::view::without_links(call, role));
    set(&mut shown, "roles", roles.collect::<Value>());
    if let Some(secret) = secret {
        set(&mut shown, "secret", secret);
    }
    // Keystone: the link lacks the user.
    with_self(call, &format!("/application_credentials/{}", credential.id), shown)
}
