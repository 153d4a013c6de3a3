//! What the API shows of a snapshot.

use kit::http::View;
use serde_json::json;

use super::model::Snapshot;
use crate::view::field;

/// A snapshot, whole; lists show it so too.
pub(super) static DETAIL: View<Snapshot> = View(&[
    field("id", |s, _| json!(s.id)),
    field("name", |s, _| json!(s.name)),
    field("action", |s, _| json!(s.action)),
    field("status", |s, _| json!(s.status)),
    field("status_reason", |s, _| json!(s.reason)),
    field("data", |s, _| json!(s.data)),
    field("creation_time", |s, _| json!(s.created_at.iso_z())),
]);
