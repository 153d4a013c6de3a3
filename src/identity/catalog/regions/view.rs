//! What the API shows of a region.

use kit::http::{Call, Cx, View};
use serde_json::{Value, json};

use super::model::Region;
use crate::record::behind_extra;
use crate::view::{field, with_self};

static FIELDS: View<Region> = View(&[
    field("id", |region, _| json!(region.id)),
    field("description", |region, _| json!(region.description)),
    field("parent_region_id", |region, _| json!(region.parent_region_id)),
]);

/// A region.
pub(crate) fn region(call: &Call, region: &Region) -> Value {
    let shown = behind_extra(&region.extra, FIELDS.render(region, &Cx::new(call)));
    with_self(call, &format!("/regions/{}", region.id), shown)
}
