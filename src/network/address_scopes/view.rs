//! What the API shows of an address scope.

use kit::http::View;
use serde_json::json;

use super::model::AddressScope;
use crate::view::field;

/// An address scope, whole.
pub(super) static ADDRESS_SCOPE: View<AddressScope> = View(&[
    field("id", |s, _| json!(s.id)),
    field("name", |s, _| json!(s.name)),
    field("tenant_id", |s, _| json!(s.project)),
    field("project_id", |s, _| json!(s.project)),
    field("ip_version", |s, _| json!(s.ip_version)),
    field("shared", |s, cx| json!(s.shares.with_caller(cx.call.caller.as_ref()))),
]);
