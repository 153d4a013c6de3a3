//! What the API shows of an endpoint.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::Endpoint;
use crate::catalog::address;
use crate::record::behind_extra;
use crate::view::{field, with_self};

static FIELDS: View<Endpoint> = View(&[
    field("id", |endpoint, _| json!(endpoint.id)),
    field("interface", |endpoint, _| json!(endpoint.interface)),
    field("region_id", |endpoint, _| json!(endpoint.region_id)),
    field("service_id", |endpoint, _| json!(endpoint.service_id)),
    field("url", url),
    field("enabled", |endpoint, _| json!(endpoint.enabled)),
    field("region", |endpoint, _| json!(endpoint.region_id)),
]);

/// An endpoint.
pub(crate) fn endpoint(call: &Call, endpoint: &Endpoint) -> Value {
    let shown = behind_extra(&endpoint.extra, FIELDS.render(endpoint, &Cx::new(call)));
    with_self(call, &format!("/endpoints/{}", endpoint.id), shown)
}

fn url(endpoint: &Endpoint, cx: &Cx<'_>) -> Value {
    let base = address::base(&cx.call.links, &cx.call.platform.settings);
    json!(address::absolute(&base, &endpoint.url))
}
