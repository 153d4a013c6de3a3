//! Glance 33: `glance/policies/image.py`, and `glance/api/v2/policy.py` for what is hidden.

use serde_json::json;

use super::world::{Ids, Owners};
use super::{
    ABSENT, ADMIN, ANYBODY, HIDDEN_ADMIN, HIDDEN_MEMBER, HIDDEN_READER, OWN_MEMBER, PUBLIC, Row,
    row,
};
use crate::image::{create, send, upload};

const BYTES: &str = "application/octet-stream";
const STAGED: &[(&str, &str)] = &[("image_id", "staged_image_id")];
const PATCH: &str = "application/openstack-images-v2.1-json-patch";

/// An image of `demo` with data, offered to the project of the administrator, and a staged one.
pub(super) async fn furnish(owners: &Owners) -> Ids {
    let formats = json!({"disk_format": "raw", "container_format": "bare", "colour": "green"});
    let image = create(&owners.demo, formats.clone()).await;
    upload(&owners.demo, &image, b"data").await.expect(204);
    let member = owners.admin.project.clone();
    let offer = json!({"member": member});
    owners.demo.post(&format!("/image/v2/images/{image}/members"), offer).await.expect(200);
    let staged = create(&owners.demo, formats).await;
    let stage = format!("/image/v2/images/{staged}/stage");
    send(&owners.demo, "PUT", &stage, b"data").await.expect(204);
    Ids::from([
        ("image_id", image),
        ("staged_image_id", staged),
        ("member_id", member),
        ("tag", "blue".to_owned()),
    ])
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("image_versions:choices", PUBLIC),
    row("image_versions:index", PUBLIC),
    row("schemas:image", ANYBODY),
    row("schemas:images", ANYBODY),
    row("schemas:member", ANYBODY),
    row("schemas:members", ANYBODY),
    row("info:import", ANYBODY),
    row("info:stores", ABSENT),
    row("info:usage", ANYBODY),
    row("tasks:index", ADMIN),
    row("tasks:of_image", HIDDEN_READER),
    row("images:index", ANYBODY),
    row("images:create", OWN_MEMBER).body("{}"),
    row("images:create", ADMIN).body(r#"{"owner": "{member_id}"}"#),
    row("images:create", ADMIN).body(r#"{"visibility": "public"}"#),
    row("images:create", OWN_MEMBER).body(r#"{"visibility": "community"}"#),
    row("images:show", HIDDEN_READER),
    row("images:update", HIDDEN_MEMBER).media_type(PATCH).body(r#"[{"op": "replace", "path": "/name", "value": "x"}]"#),
    row("images:update", HIDDEN_ADMIN).on(STAGED).media_type(PATCH).body(r#"[{"op": "replace", "path": "/visibility", "value": "public"}]"#),
    row("image_data:upload", HIDDEN_MEMBER).media_type(BYTES).body("data"),
    row("image_data:download", HIDDEN_MEMBER),
    row("image_data:stage", HIDDEN_MEMBER).media_type(BYTES).body("data"),
    row("image_data:import", HIDDEN_MEMBER).on(STAGED).body(r#"{"method": {"name": "glance-direct"}}"#),
    row("image_tags:put", HIDDEN_MEMBER),
    row("image_tags:delete", HIDDEN_MEMBER),
    row("members:create", HIDDEN_MEMBER).body(r#"{"member": "{member_id}"}"#),
    row("members:index", HIDDEN_READER),
    row("members:show", HIDDEN_READER),
    // Glance: only the project that an image is offered to may answer; owners may not.
    row("members:update", HIDDEN_ADMIN).body(r#"{"status": "accepted"}"#),
    row("members:delete", HIDDEN_MEMBER),
    row("images:deactivate", HIDDEN_MEMBER),
    row("images:reactivate", HIDDEN_MEMBER),
    row("images:delete", HIDDEN_MEMBER),
];
