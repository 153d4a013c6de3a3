//! What the API shows of a host aggregate.

use kit::http::{Field, View, since};
use serde_json::json;

use super::model::Aggregate;
use crate::microversions::{AGGREGATE_UUID, BASE};

const ZONE: Field<Aggregate> = Field {
    key: "availability_zone",
    versions: &[since(BASE)],
    rule: None,
    render: |a, _| json!(a.zone()),
};
const CREATED_AT: Field<Aggregate> = Field {
    key: "created_at",
    versions: &[since(BASE)],
    rule: None,
    render: |a, _| json!(a.created_at.iso_micro()),
};
// Nova: what is deleted is not shown any more, the columns are.
const DELETED: Field<Aggregate> =
    Field { key: "deleted", versions: &[since(BASE)], rule: None, render: |_, _| json!(false) };
const DELETED_AT: Field<Aggregate> =
    Field { key: "deleted_at", versions: &[since(BASE)], rule: None, render: |_, _| json!(null) };
const HOSTS: Field<Aggregate> =
    Field { key: "hosts", versions: &[since(BASE)], rule: None, render: |a, _| json!(a.hosts) };
const ID: Field<Aggregate> =
    Field { key: "id", versions: &[since(BASE)], rule: None, render: |a, _| json!(a.row) };
const METADATA: Field<Aggregate> = Field {
    key: "metadata",
    versions: &[since(BASE)],
    rule: None,
    render: |a, _| json!(a.metadata),
};
const NAME: Field<Aggregate> =
    Field { key: "name", versions: &[since(BASE)], rule: None, render: |a, _| json!(a.name) };
const UPDATED_AT: Field<Aggregate> = Field {
    key: "updated_at",
    versions: &[since(BASE)],
    rule: None,
    render: |a, _| json!(a.updated_at.map(kit::clock::Time::iso_micro)),
};
const UUID: Field<Aggregate> = Field {
    key: "uuid",
    versions: &[since(AGGREGATE_UUID)],
    rule: None,
    render: |a, _| json!(a.id),
};

/// An aggregate.
pub(crate) static DETAIL: View<Aggregate> =
    View(&[ZONE, CREATED_AT, DELETED, DELETED_AT, HOSTS, ID, METADATA, NAME, UPDATED_AT, UUID]);

/// The answer to a creation: Nova leaves out what a new aggregate lacks anyway.
pub(crate) static CREATED: View<Aggregate> =
    View(&[ZONE, CREATED_AT, DELETED, DELETED_AT, ID, NAME, UPDATED_AT, UUID]);
