//! What the API shows of an image.

use kit::http::{ALWAYS, Cx, Field, View};
use serde_json::{Value, json};

use super::model::{HASH_ALGORITHM, Image};

const fn field(key: &'static str, render: fn(&Image, &Cx<'_>) -> Value) -> Field<Image> {
    Field { key, versions: &[ALWAYS], rule: None, render }
}

/// The base attributes; additional properties stand before them.
static BASE: View<Image> = View(&[
    field("name", |image, _| json!(image.name)),
    field("disk_format", |image, _| json!(image.disk_format)),
    field("container_format", |image, _| json!(image.container_format)),
    field("visibility", |image, _| json!(image.visibility)),
    field("size", |image, _| json!(image.size_bytes)),
    field("virtual_size", |image, _| json!(image.virtual_size)),
    field("status", |image, _| json!(image.status)),
    field("checksum", |image, _| json!(image.checksum)),
    field("protected", |image, _| json!(image.protected)),
    field("min_ram", |image, _| json!(image.min_ram_mb)),
    field("min_disk", |image, _| json!(image.min_disk_gb)),
    field("owner", |image, _| json!(image.owner)),
    field("os_hidden", |image, _| json!(image.hidden)),
    field("os_hash_algo", |image, _| json!(image.hash.as_ref().map(|_| HASH_ALGORITHM))),
    field("os_hash_value", |image, _| json!(image.hash)),
    field("id", |image, _| json!(image.id)),
    field("created_at", |image, _| json!(image.created_at.iso_z())),
    field("updated_at", |image, _| json!(image.updated_at.iso_z())),
    field("tags", |image, _| json!(image.tags)),
    field("self", |image, _| json!(format!("/v2/images/{}", image.id))),
    field("file", |image, _| json!(format!("/v2/images/{}/file", image.id))),
    field("schema", |_, _| json!("/v2/schemas/image")),
]);

/// An image, whole.
pub(crate) fn render(image: &Image, cx: &Cx<'_>) -> Value {
    let mut shown = json!(image.properties);
    if let (Some(all), Value::Object(base)) = (shown.as_object_mut(), BASE.render(image, cx)) {
        all.extend(base);
    }
    shown
}
