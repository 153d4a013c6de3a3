//! What the API shows of an EC2 credential.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::logic::KeyPair;
use crate::view::{field, with_self};

static FIELDS: View<KeyPair> = View(&[
    field("user_id", |pair, _| json!(pair.user)),
    field("tenant_id", |pair, _| json!(pair.project)),
    field("access", |pair, _| json!(pair.access)),
    field("secret", |pair, _| json!(pair.secret.expose())),
    field("trust_id", |_, _| Value::Null),
]);

/// A pair of keys.
pub(crate) fn credential(call: &Call, pair: &KeyPair) -> Value {
    let path = format!("/users/{}/credentials/OS-EC2/{}", pair.user, pair.access);
    with_self(call, &path, FIELDS.render(pair, &Cx::new(call)))
}
