//! Services, endpoints and regions.

use serde_json::{Value, json};

use super::keys;
use crate::support::TestCloud;

#[tokio::test]
async fn a_service_with_endpoints_appears_in_the_catalogue() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await);
    let body = json!({"service": {"name": "shop", "type": "retail"}});
    let made = admin.post("/identity/v3/services", body).await.expect(201);
    assert_eq!(keys(&made, "/service"), ["name", "id", "type", "enabled", "links"]);
    let service = made.text("/service/id");
    let endpoint = |url: &str| {
        json!({"endpoint": {
            "interface": "public", "service_id": service, "url": url, "region": "Elsewhere"}})
    };
    let path = "/identity/v3/endpoints";
    let made = admin.post(path, endpoint("http://shop/$(project_id)s")).await.expect(201);
    let fields =
        ["id", "interface", "region_id", "service_id", "url", "enabled", "region", "links"];
    assert_eq!(keys(&made, "/endpoint"), fields);
    assert_eq!(made.text("/endpoint/region"), "Elsewhere");
    admin.post(path, endpoint("http://shop/$(host)s")).await.expect(400);
    admin.post(path, endpoint("no url")).await.expect(400);
    let url = async || {
        let answer = demo.get("/identity/v3/auth/catalog").await.expect(200);
        let services = answer.body["catalog"].as_array().unwrap().clone();
        let shop = services.into_iter().find(|service| service["type"] == "retail");
        shop.map(|shop| shop["endpoints"][0]["url"].clone())
    };
    assert_eq!(url().await, Some(json!(format!("http://shop/{}", demo.project))));
    let service_path = format!("/identity/v3/services/{service}");
    admin.patch(&service_path, json!({"service": {"enabled": false}})).await.expect(200);
    assert_eq!(url().await, None);
    admin.delete(&service_path).await.expect(204);
    admin.get(&format!("{path}/{}", made.text("/endpoint/id"))).await.expect(404);
    demo.get("/identity/v3/services").await.expect(403);
    demo.get(path).await.expect(403);
}

#[tokio::test]
async fn our_own_endpoints_follow_the_address_of_the_client() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let query = "/identity/v3/endpoints?interface=public";
    let listed = admin.get(query).await.expect(200);
    let urls: Vec<_> = listed.body["endpoints"].as_array().unwrap().iter().collect();
    assert!(urls.iter().all(|row| row["url"].as_str().unwrap().starts_with(&cloud.url)));
    let cloud = cloud.restart().await;
    let listed = cloud.admin().await.get(query).await.expect(200);
    let urls: Vec<_> = listed.body["endpoints"].as_array().unwrap().iter().collect();
    assert!(urls.iter().all(|row| row["url"].as_str().unwrap().starts_with(&cloud.url)));
}

#[tokio::test]
async fn a_region_is_made_by_name_and_not_deleted_while_in_use() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await);
    let regions = "/identity/v3/regions";
    let shown = demo.get(regions).await.expect(200);
    assert_eq!(keys(&shown, "/regions/0"), ["id", "description", "parent_region_id", "links"]);
    assert_eq!(shown.text("/regions/0/id"), "RegionOne");
    let refused = admin.delete(&format!("{regions}/RegionOne")).await.expect(403);
    assert!(refused.message().starts_with("Unable to delete region RegionOne because"));
    let body = json!({"region": {"parent_region_id": "RegionOne"}});
    admin.put(&format!("{regions}/Two"), body).await.expect(201);
    let again = admin.post(regions, json!({"region": {"id": "Two"}})).await.expect(409);
    assert_eq!(
        again.message(),
        "Conflict occurred attempting to store region - Duplicate ID, Two.."
    );
    let circle = json!({"region": {"parent_region_id": "Two"}});
    admin.patch(&format!("{regions}/Two"), circle).await.expect(400);
    let changed = json!({"region": {"description": Value::Null}});
    let changed = admin.patch(&format!("{regions}/Two"), changed).await.expect(200);
    assert_eq!(changed.text("/region/description"), "");
    admin.delete(&format!("{regions}/Two")).await.expect(204);
    admin.get(&format!("{regions}/Two")).await.expect(404);
    demo.post(regions, json!({"region": {}})).await.expect(403);
}
