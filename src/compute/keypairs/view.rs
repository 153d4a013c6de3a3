//! What the API shows of a key pair.

use kit::http::{Field, View, since};
use serde_json::json;

use super::model::Keypair;
use crate::microversions::{BASE, KEYPAIR_TYPES};

const NAME: Field<Keypair> =
    Field { key: "name", versions: &[since(BASE)], rule: None, render: |k, _| json!(k.name) };
const PUBLIC_KEY: Field<Keypair> = Field {
    key: "public_key",
    versions: &[since(BASE)],
    rule: None,
    render: |k, _| json!(k.public_key),
};
const FINGERPRINT: Field<Keypair> = Field {
    key: "fingerprint",
    versions: &[since(BASE)],
    rule: None,
    render: |k, _| json!(k.fingerprint),
};
const TYPE: Field<Keypair> = Field {
    key: "type",
    versions: &[since(KEYPAIR_TYPES)],
    rule: None,
    render: |k, _| json!(k.key_type),
};
const USER_ID: Field<Keypair> =
    Field { key: "user_id", versions: &[since(BASE)], rule: None, render: |k, _| json!(k.user) };

/// A row of the list.
pub(crate) static SUMMARY: View<Keypair> = View(&[NAME, PUBLIC_KEY, FINGERPRINT, TYPE]);

/// A key pair, whole. Nova shows soft-deletion columns that are never filled.
pub(crate) static DETAIL: View<Keypair> = View(&[
    NAME,
    PUBLIC_KEY,
    FINGERPRINT,
    USER_ID,
    Field {
        key: "created_at",
        versions: &[since(BASE)],
        rule: None,
        render: |k, _| json!(k.created_at.iso_micro()),
    },
    Field { key: "deleted", versions: &[since(BASE)], rule: None, render: |_, _| json!(false) },
    Field { key: "deleted_at", versions: &[since(BASE)], rule: None, render: |_, _| json!(null) },
    Field { key: "id", versions: &[since(BASE)], rule: None, render: |k, _| json!(k.row) },
    Field { key: "updated_at", versions: &[since(BASE)], rule: None, render: |_, _| json!(null) },
    TYPE,
]);

/// The answer to a creation; a generated private key stands beside these, see `api.rs`.
pub(crate) static CREATED: View<Keypair> = View(&[TYPE, NAME, PUBLIC_KEY, FINGERPRINT, USER_ID]);
