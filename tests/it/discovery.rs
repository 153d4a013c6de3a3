//! Version documents, negotiation, what is nowhere, the house's own pages.

use serde_json::json;

use crate::support::{Scope, TestCloud};

#[tokio::test]
async fn the_health_pages_need_no_token() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    nobody.get("/healthz").await.expect(200);
    nobody.wait("/readyz", |answer| answer.status == 200).await;
    let metrics = nobody.get("/metrics").await.expect(200);
    assert!(String::from_utf8_lossy(&metrics.bytes).contains("novadock_requests_total"));
    nobody.get("/nowhere").await.expect(404);
}

#[tokio::test]
async fn an_engine_that_is_down_is_not_ready() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    nobody.wait("/readyz", |answer| answer.status == 200).await;
    cloud.engine.set_unreachable(true);
    nobody.wait("/readyz", |answer| answer.status == 503).await;
    cloud.engine.set_unreachable(false);
    nobody.wait("/readyz", |answer| answer.status == 200).await;
}

#[tokio::test]
async fn compute_says_which_versions_it_has() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    let root = nobody.get("/compute/").await.expect(200);
    assert_eq!(root.body["versions"][1]["min_version"], json!("2.1"));
    let version = nobody.get("/compute/v2.1/").await.expect(200);
    assert_eq!(version.body["version"]["version"], root.body["versions"][1]["version"]);
    assert_eq!(version.header("openstack-api-version"), "compute 2.1");
    nobody.get("/compute/v2.1/versions/v2.1").await.expect(401);
    let demo = cloud.demo().await;
    let by_id = demo.get("/compute/v2.1/versions/v2.1").await.expect(200);
    assert_eq!(by_id.body, version.body);
    let older = demo.get("/compute/v2/versions/v2.1").await.expect(200);
    assert_eq!(older.body["version"]["id"], json!("v2.0"));
    demo.get("/compute/v2.1/versions/v9").await.expect(404);
    let choices = nobody.get("/compute/v9").await.expect(300);
    assert_eq!(choices.body["choices"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn versions_are_negotiated_as_nova_does() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let max = demo.get("/compute/v2.1/").await.text("/version/version");
    let latest = demo.at("latest").get("/compute/v2.1/flavors").await.expect(200);
    assert_eq!(latest.header("x-openstack-nova-api-version"), max);
    assert_eq!(latest.headers.get_all("vary").iter().count(), 2);
    let refused = demo.at("2.999").get("/compute/v2.1/flavors").await.expect(406);
    let sentence =
        format!("Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is {max}.");
    assert_eq!(refused.body, json!({"computeFault": {"code": 406, "message": sentence}}));
    assert_eq!(refused.header("openstack-api-version"), "compute 2.999");
    demo.at("x").get("/compute/v2.1/flavors").await.expect(400);
    let legacy = demo.at("2.96").get("/compute/v2/flavors").await.expect(200);
    assert_eq!(legacy.header("openstack-api-version"), "");
}

#[tokio::test]
async fn who_has_no_token_learns_nothing_of_what_is_there() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    for path in ["/compute/v2.1/flavors", "/compute/v2.1/nowhere"] {
        let answer = nobody.get(path).await.expect(401);
        assert_eq!(answer.body["error"]["title"], json!("Unauthorized"));
        let uri = format!("Keystone uri=\"{}/identity\"", cloud.url);
        assert_eq!(answer.header("www-authenticate"), uri);
    }
    let demo = cloud.demo().await;
    let nowhere = demo.get("/compute/v2.1/nowhere").await.expect(404);
    assert_eq!(nowhere.body["title"], json!("Not Found"));
    demo.with_token("garbage").get("/compute/v2.1/flavors").await.expect(401);
}

#[tokio::test]
async fn a_slash_at_the_end_counts_where_it_does_upstream() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let others = ["/compute/v2.1/servers/", "/compute/v2.1/flavors/1/", "/image/v2/images/"];
    for path in others {
        admin.get(path).await.expect(404);
    }
    for path in ["/compute/v2.1/", "/identity/v3/users/", "/network/v2.0/ports/"] {
        admin.get(path).await.expect(200);
    }
}

#[tokio::test]
async fn the_project_in_the_path_must_be_the_tokens() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let own = demo.get(&format!("/compute/v2.1/{}/flavors", demo.project)).await.expect(200);
    let link = own.text("/flavors/0/links/0/href");
    assert!(link.contains(&format!("/compute/v2.1/{}/flavors/", demo.project)), "{link}");
    let other = demo.get("/compute/v2.1/0123456789abcdef/flavors").await.expect(400);
    assert!(other.message().starts_with("Malformed request URL: URL's project_id"));
}

#[tokio::test]
async fn an_unscoped_token_may_do_nothing_in_a_project() {
    let cloud = TestCloud::start().await;
    let session = cloud.session("demo", "secret", Scope::Unscoped).await;
    session.get("/compute/v2.1/servers").await.expect(403);
}
