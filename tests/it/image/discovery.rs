//! Versions, schemas and what the deployment offers.

use serde_json::json;

use crate::support::TestCloud;

#[tokio::test]
async fn versions_are_told_to_everybody() {
    let cloud = TestCloud::start().await;
    let choices = cloud.nobody().get("/image").await.expect(300);
    let versions = cloud.nobody().get("/image/versions").await.expect(200);
    assert_eq!(choices.body, versions.body);
    let current = &versions.body["versions"][2];
    assert_eq!((&current["id"], &current["status"]), (&json!("v2.17"), &json!("CURRENT")));
    assert_eq!(current["links"][0]["href"], json!(format!("{}/image/v2/", cloud.url)));
}

#[tokio::test]
async fn everything_else_wants_a_token() {
    let cloud = TestCloud::start().await;
    let refused = cloud.nobody().get("/image/v2/images").await.expect(401);
    assert_eq!(refused.text("/code"), "401 Unauthorized");
    cloud.nobody().get("/image/v2/nope").await.expect(401);
    let unknown = cloud.demo().await.get("/image/v2/nope").await.expect(404);
    assert_eq!(unknown.text("/code"), "404 Not Found");
}

#[tokio::test]
async fn schemas_and_infos_are_served() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for name in ["image", "images", "member", "members"] {
        let document = demo.get(&format!("/image/v2/schemas/{name}")).await.expect(200);
        assert_eq!(document.text("/name"), name);
    }
    let import = demo.get("/image/v2/info/import").await.expect(200);
    assert_eq!(import.body["import-methods"]["value"], json!(["glance-direct"]));
    demo.get("/image/v2/info/stores").await.expect(404);
    demo.get("/image/v2/info/usage").await.expect(200);
    demo.get("/image/v2/tasks").await.expect(403);
    cloud.admin().await.get("/image/v2/tasks").await.expect(200);
}
