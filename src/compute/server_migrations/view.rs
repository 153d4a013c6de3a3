//! What `/os-migrations` shows of a migration. Links are those of live migrations under way, so no
//! row has any.

use kit::clock::Time;
use kit::http::{Cx, Field, Span, View, since};
use serde_json::{Value, json};

use super::model::Migration;
use crate::microversions::{BASE, MIGRATION_OWNER, MIGRATION_PAGES, SERVER_MIGRATIONS};
use crate::policy;

const EVER: &[Span] = &[since(BASE)];

const fn field(
    key: &'static str,
    versions: &'static [Span],
    render: fn(&Migration, &Cx<'_>) -> Value,
) -> Field<Migration> {
    Field { key, versions, rule: None, render }
}

/// A row of the list. A host's node has its name.
pub(super) static DETAIL: View<Migration> = View(&[
    field("created_at", EVER, |m, _| json!(m.created_at.iso_micro())),
    field("dest_compute", EVER, |m, cx| host(m.destination.as_deref(), cx)),
    field("dest_host", EVER, |m, cx| host(m.destination.as_deref(), cx)),
    field("dest_node", EVER, |m, cx| host(m.destination.as_deref(), cx)),
    field("id", EVER, |m, _| json!(m.number)),
    field("instance_uuid", EVER, |m, _| json!(m.server)),
    field("new_instance_type_id", EVER, |m, _| json!(m.new_flavor_row)),
    field("old_instance_type_id", EVER, |m, _| json!(m.old_flavor_row)),
    field("source_compute", EVER, |m, cx| host(m.source.as_deref(), cx)),
    field("source_node", EVER, |m, cx| host(m.source.as_deref(), cx)),
    field("status", EVER, |m, _| json!(m.status)),
    field("updated_at", EVER, |m, _| json!(m.updated_at.map(Time::iso_micro))),
    field("migration_type", &[since(SERVER_MIGRATIONS)], |m, _| json!(m.kind)),
    field("uuid", &[since(MIGRATION_PAGES)], |m, _| json!(m.id)),
    field("user_id", &[since(MIGRATION_OWNER)], |m, _| json!(m.user)),
    field("project_id", &[since(MIGRATION_OWNER)], |m, _| json!(m.project)),
]);

fn host(name: Option<&str>, cx: &Cx<'_>) -> Value {
    json!(name.filter(|_| cx.allows(&policy::MIGRATIONS_INDEX_HOST)))
}
