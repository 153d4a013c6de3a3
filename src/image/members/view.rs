//! What the API shows of a member.

use kit::http::{ALWAYS, Cx, Field, View};
use serde_json::{Value, json};

use super::model::Member;

const fn field(key: &'static str, render: fn(&Member, &Cx<'_>) -> Value) -> Field<Member> {
    Field { key, versions: &[ALWAYS], rule: None, render }
}

/// A member, whole.
pub(crate) static MEMBER: View<Member> = View(&[
    field("member_id", |member, _| json!(member.project)),
    field("image_id", |member, _| json!(member.image)),
    field("status", |member, _| json!(member.status)),
    field("created_at", |member, _| json!(member.created_at.iso_z())),
    field("updated_at", |member, _| json!(member.updated_at.iso_z())),
    field("schema", |_, _| json!("/v2/schemas/member")),
]);
