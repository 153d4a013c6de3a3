//! What the API shows of a service.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::CatalogService;
use crate::record::behind_extra;
use crate::view::{field, with_self};

static FIELDS: View<CatalogService> = View(&[
    field("id", |service, _| json!(service.id)),
    field("type", |service, _| json!(service.kind)),
    field("enabled", |service, _| json!(service.enabled)),
]);

/// A service.
pub(crate) fn service(call: &Call, service: &CatalogService) -> Value {
    let shown = behind_extra(&service.extra, FIELDS.render(service, &Cx::new(call)));
    with_self(call, &format!("/services/{}", service.id), shown)
}
