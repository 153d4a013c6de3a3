//! Placement: the figures that servers are placed by.

use serde_json::json;

use crate::compute::servers::{active, id};
use crate::support::TestCloud;

const PROVIDERS: &str = "/placement/resource_providers";

#[tokio::test]
async fn a_server_is_an_allocation_of_its_host() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let server = active(&demo, "s").await;
    let admin = cloud.admin().await;
    let latest = admin.at("1.39");
    let listed = latest.get(PROVIDERS).await.expect(200);
    assert_eq!(listed.header("openstack-api-version"), "placement 1.39");
    let uuid = listed.text("/resource_providers/0/uuid");
    assert_eq!(listed.text("/resource_providers/0/root_provider_uuid"), uuid);
    let path = format!("{PROVIDERS}/{uuid}");
    let usages = latest.get(&format!("{path}/usages")).await.expect(200);
    assert_eq!(usages.body["usages"]["VCPU"], 1);
    let taken = latest.get(&format!("/placement/allocations/{}", id(&server))).await.expect(200);
    assert_eq!(taken.body["allocations"][&uuid]["resources"]["MEMORY_MB"], 192);
    assert_eq!(taken.text("/project_id"), demo.project);
    assert_eq!(taken.text("/consumer_type"), "INSTANCE");
    let total = format!("/placement/usages?project_id={}", demo.project);
    let total = latest.get(&total).await.expect(200);
    assert_eq!(total.body["usages"]["INSTANCE"]["consumer_count"], 1);
    let inventory = latest.get(&format!("{path}/inventories/VCPU")).await.expect(200);
    assert_eq!(inventory.body["allocation_ratio"], json!(16.0));
}

#[tokio::test]
async fn there_is_room_until_the_machine_is_too_small() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await.at("1.39");
    let candidates = "/placement/allocation_candidates?resources=VCPU:1";
    let found = admin.get(candidates).await.expect(200);
    let uuid = found.text("/allocation_requests/0/mappings//0");
    let asked = &found.body["allocation_requests"][0]["allocations"][&uuid];
    assert_eq!(asked["resources"], json!({"VCPU": 1}));
    assert!(found.body["provider_summaries"][&uuid]["resources"]["MEMORY_MB"]["capacity"].is_i64());
    let none = admin.get(&format!("{candidates},MEMORY_MB:99999999")).await.expect(200);
    assert_eq!(none.body["allocation_requests"], json!([]));
    let refused = admin.get("/placement/allocation_candidates?resources=X:1").await.expect(400);
    let detail = refused.text("/errors/0/detail");
    assert!(detail.contains("No such resource class X."), "{detail}");
    let gone = admin.get(&format!("{PROVIDERS}/nowhere")).await.expect(404);
    assert_eq!(gone.text("/errors/0/code"), "placement.undefined_code");
}

#[tokio::test]
async fn nothing_is_written_and_versions_are_placements() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await.at("1.0");
    let refused = admin.post(PROVIDERS, json!({"name": "mine"})).await.expect(405);
    assert_eq!(refused.text("/errors/0/title"), "Method Not Allowed");
    admin.get("/placement/traits").await.expect(404);
    let kept = admin.at("1.14").get(PROVIDERS).await.expect(200);
    assert_eq!(kept.header("cache-control"), "");
    let read = admin.at("1.15").get(PROVIDERS).await.expect(200);
    assert_eq!(read.header("cache-control"), "no-cache");
    assert!(read.header("last-modified").ends_with(" GMT"));
    admin.at("1.99").get(PROVIDERS).await.expect(406);
    let root = admin.get("/placement/").await.expect(200);
    assert_eq!(root.text("/versions/0/max_version"), "1.39");
}
