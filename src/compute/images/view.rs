//! What Nova shows of an image.

use image::facade::{BootImage, ImageStatus};
use kit::http::{Cx, Field, View, since};
use serde_json::{Value, json};

use crate::loose;
use crate::microversions::BASE;

/// A row of the short list.
pub(super) static SUMMARY: View<BootImage> = View(&[
    Field { key: "id", versions: &[since(BASE)], rule: None, render: |i, _| json!(i.id) },
    Field { key: "name", versions: &[since(BASE)], rule: None, render: |i, _| json!(i.name) },
    Field { key: "links", versions: &[since(BASE)], rule: None, render: links },
]);

/// An image, whole.
pub(super) static DETAIL: View<BootImage> = View(&[
    Field { key: "id", versions: &[since(BASE)], rule: None, render: |i, _| json!(i.id) },
    Field { key: "name", versions: &[since(BASE)], rule: None, render: |i, _| json!(i.name) },
    Field {
        key: "minRam",
        versions: &[since(BASE)],
        rule: None,
        render: |i, _| json!(i.min_ram_mb),
    },
    Field {
        key: "minDisk",
        versions: &[since(BASE)],
        rule: None,
        render: |i, _| json!(i.min_disk_gb),
    },
    Field {
        key: "metadata",
        versions: &[since(BASE)],
        rule: None,
        render: |i, _| json!(i.properties),
    },
    Field {
        key: "created",
        versions: &[since(BASE)],
        rule: None,
        render: |i, _| json!(i.created_at.iso_z()),
    },
    Field {
        key: "updated",
        versions: &[since(BASE)],
        rule: None,
        render: |i, _| json!(i.updated_at.iso_z()),
    },
    Field { key: "status", versions: &[since(BASE)], rule: None, render: status },
    Field { key: "progress", versions: &[since(BASE)], rule: None, render: progress },
    Field {
        key: "OS-EXT-IMG-SIZE:size",
        versions: &[since(BASE)],
        rule: None,
        render: |i, _| json!(i.size_bytes.unwrap_or(0)),
    },
    Field { key: "links", versions: &[since(BASE)], rule: None, render: links },
]);

/// What only some images show: the server of a snapshot, its way of partitioning.
pub(super) fn of_snapshot(image: &BootImage, cx: &Cx<'_>) -> Vec<(String, Value)> {
    let server = image
        .properties
        .get("instance_uuid")
        .map(|id| ("server".to_owned(), json!({"id": id, "links": cx.links("servers", id)})));
    let disk = image.properties.get("auto_disk_config").map(|text| {
        let auto = loose::boolean(text).unwrap_or(false);
        ("OS-DCF:diskConfig".to_owned(), json!(if auto { "AUTO" } else { "MANUAL" }))
    });
    server.into_iter().chain(disk).collect()
}

fn links(image: &BootImage, cx: &Cx<'_>) -> Value {
    let mut links = cx.links("images", image.id.as_str());
    let href = format!("{}/images/{}", cx.call.links.sibling("/image"), image.id);
    let media_type = "application/vnd.openstack.image";
    if let Value::Array(list) = &mut links {
        list.push(json!({"rel": "alternate", "type": media_type, "href": href}));
    }
    links
}

fn status(image: &BootImage, _: &Cx<'_>) -> Value {
    json!(match image.status {
        ImageStatus::Active => "ACTIVE",
        ImageStatus::Queued | ImageStatus::Saving => "SAVING",
        ImageStatus::Deleted => "DELETED",
        ImageStatus::Deactivated | ImageStatus::Uploading => "UNKNOWN",
    })
}

fn progress(image: &BootImage, _: &Cx<'_>) -> Value {
    json!(match image.status {
        ImageStatus::Active => 100,
        ImageStatus::Saving => 50,
        ImageStatus::Queued => 25,
        ImageStatus::Deleted | ImageStatus::Deactivated | ImageStatus::Uploading => 0,
    })
}
