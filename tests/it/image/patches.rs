//! `PATCH /images/{image_id}`.

use serde_json::{Value, json};

use super::{body, create, patch, sentence, upload};
use crate::support::TestCloud;

fn change(op: &str, path: &str, value: &Value) -> Value {
    json!([{"op": op, "path": path, "value": value}])
}

#[tokio::test]
async fn attributes_and_properties_change() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("before")).await;
    let changes = json!([
        {"op": "replace", "path": "/name", "value": "after"},
        {"op": "add", "path": "/color", "value": "blue"},
        {"op": "replace", "path": "/tags", "value": ["t"]},
        {"op": "replace", "path": "/visibility", "value": "private"},
    ]);
    let changed = patch(&demo, &id, changes).await.expect(200);
    assert_eq!(changed.text("/name"), "after");
    assert_eq!(changed.text("/color"), "blue");
    assert_eq!(changed.text("/visibility"), "private");
    assert_eq!(changed.body["tags"], json!(["t"]));
    let removed = json!([{"op": "remove", "path": "/color"}]);
    let changed = patch(&demo, &id, removed.clone()).await.expect(200);
    assert!(changed.body.get("color").is_none());
    let absent = patch(&demo, &id, removed).await.expect(409);
    assert_eq!(
        absent.message(),
        "There was a conflict when trying to complete your request.<br /><br />\n\
         Property color does not exist.\n\n"
    );
}

#[tokio::test]
async fn a_patch_is_applied_whole_or_not_at_all() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("before")).await;
    let changes = json!([
        {"op": "replace", "path": "/name", "value": "after"},
        {"op": "remove", "path": "/nope"},
    ]);
    patch(&demo, &id, changes).await.expect(409);
    let shown = demo.get(&format!("/image/v2/images/{id}")).await.expect(200);
    assert_eq!(shown.text("/name"), "before");
}

#[tokio::test]
async fn what_may_not_change_is_told() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = create(&demo, body("x")).await;
    upload(&demo, &id, b"data").await.expect(204);
    for (op, path, value, status, words) in [
        ("replace", "/status", json!("y"), 403, "Attribute 'status' is read-only."),
        ("replace", "/owner", json!("y"), 403, "Owner can't be updated by non admin."),
        (
            "replace",
            "/disk_format",
            json!("iso"),
            403,
            "Attribute disk_format can be only replaced",
        ),
        ("replace", "/visibility", json!("public"), 403, "You are not authorized to complete"),
        ("remove", "/name", json!(null), 403, "Property name may not be removed."),
        ("replace", "/name", json!(5), 400, "Provided object does not match schema"),
        ("move", "/name", json!("y"), 400, "Invalid operation: `move`."),
    ] {
        let refused = patch(&demo, &id, change(op, path, &value)).await.expect(status);
        assert!(refused.message().contains(words), "{}", refused.body);
    }
    let request = demo.request("PATCH", &format!("/image/v2/images/{id}")).json(&json!([]));
    let refused = demo.send(request).await.expect(415);
    assert_eq!(
        refused.message(),
        "The request media type application/json is not supported by this server.\n<br /><br />\n\
         Image PATCH expects Content-Type one of: application/openstack-images-v2.0-json-patch, \
         application/openstack-images-v2.1-json-patch"
    );
}

#[tokio::test]
async fn an_administrator_gives_an_image_away_and_makes_it_public() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let id = create(&demo, body("x")).await;
    patch(&admin, &id, change("replace", "/visibility", &json!("public"))).await.expect(200);
    let changed = patch(&admin, &id, change("replace", "/owner", &json!(admin.project))).await;
    assert_eq!(changed.expect(200).text("/owner"), admin.project);
    let refused = patch(&demo, &id, change("replace", "/name", &json!("mine"))).await.expect(403);
    assert_eq!(sentence(&refused), "You are not authorized to complete modify_image action.");
}
