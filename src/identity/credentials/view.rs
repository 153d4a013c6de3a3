//! What the API shows of a credential.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::Credential;
use crate::record::behind_extra;
use crate::view::{field, with_self};

static FIELDS: View<Credential> = View(&[
    field("id", |credential, _| json!(credential.id)),
    field("type", |credential, _| json!(credential.kind)),
    field("user_id", |credential, _| json!(credential.user_id)),
    field("project_id", |credential, _| json!(credential.project_id)),
    field("blob", |credential, _| json!(credential.blob.expose())),
]);

/// A credential.
pub(crate) fn credential(call: &Call, credential: &Credential) -> Value {
    let shown = behind_extra(&credential.extra, FIELDS.render(credential, &Cx::new(call)));
    with_self(call, &format!("/credentials/{}", credential.id), shown)
}
