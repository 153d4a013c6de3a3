//! `/os-simple-tenant-usage`, and where else servers are counted.

use serde_json::{Value, json};

use crate::support::{Session, TestCloud};

const USAGE: &str = "/compute/v2.1/os-simple-tenant-usage";

/// Boots a server of the flavor m1.tiny without a network; gives its id.
async fn boot(session: &Session, name: &str, hints: Value) -> String {
    let image = session.find("/image/v2/images", "images").await;
    let body = json!({
        "server": {"name": name, "imageRef": image, "flavorRef": "1", "networks": "none"},
        "os:scheduler_hints": hints,
    });
    let made = session.at("2.37").post("/compute/v2.1/servers", body).await.expect(202);
    made.text("/server/id")
}

async fn settled(session: &Session, id: &str) -> String {
    let path = format!("/compute/v2.1/servers/{id}");
    let answer = session.wait(&path, |answer| answer.optional("/server/status") != "BUILD").await;
    answer.text("/server/status")
}

#[tokio::test]
async fn a_project_without_servers_has_no_usage() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = format!("/compute/v2.1/os-simple-tenant-usage/{}", demo.project);
    assert_eq!(demo.get(&path).await.expect(200).body, json!({"tenant_usage": {}}));
    let wrong = demo.get(&format!("{path}?start=x")).await.expect(400);
    assert_eq!(wrong.message(), "Invalid datetime string: Datetime is in invalid format");
    demo.get("/compute/v2.1/os-simple-tenant-usage").await.expect(403);
    let all = cloud.admin().await.get("/compute/v2.1/os-simple-tenant-usage?detailed=1").await;
    assert_eq!(all.expect(200).body, json!({"tenant_usages": []}));
}

#[tokio::test]
async fn a_server_counts_everywhere_while_it_lives_and_in_usage_afterwards() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let id = boot(&demo, "one", json!({})).await;
    assert_eq!(settled(&demo, &id).await, "ACTIVE");
    let limits = demo.get("/compute/v2.1/limits").await.expect(200);
    let absolute = &limits.body["limits"]["absolute"];
    let used = ["totalInstancesUsed", "totalCoresUsed", "totalRAMUsed"].map(|key| &absolute[key]);
    assert_eq!(used, [&json!(1), &json!(1), &json!(512)]);
    let host = admin.get("/compute/v2.1/os-hypervisors/1").await.expect(200);
    let figures = ["running_vms", "vcpus_used", "memory_mb_used", "local_gb_used"];
    assert_eq!(
        figures.map(|key| &host.body["hypervisor"][key]),
        [1, 1, 512, 1].map(|n| json!(n)).each_ref()
    );
    let servers = admin.get("/compute/v2.1/os-hypervisors/sim/servers").await.expect(200);
    assert_eq!(servers.text("/hypervisors/0/servers/0/uuid"), id);
    demo.delete(&format!("/compute/v2.1/servers/{id}")).await.expect(204);
    demo.wait(&format!("/compute/v2.1/servers/{id}"), |answer| answer.status == 404).await;
    let path = format!("{USAGE}/{}?start=2020-01-01T00:00:00", demo.project);
    let usage = demo.get(&path).await.expect(200);
    assert_eq!(usage.text("/tenant_usage/server_usages/0/instance_id"), id);
    assert_eq!(usage.text("/tenant_usage/server_usages/0/state"), "terminated");
    let page = demo.at("2.40").get(&format!("{path}&limit=1")).await.expect(200);
    assert!(page.text("/tenant_usage_links/0/href").ends_with(&format!("marker={id}")));
}

#[tokio::test]
async fn a_group_that_wants_hosts_apart_gets_one_server_on_one_host() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"server_group": {"name": "apart", "policies": ["anti-affinity"]}});
    let groups = "/compute/v2.1/os-server-groups";
    let group = demo.post(groups, body).await.expect(200).text("/server_group/id");
    let hints = json!({"group": group});
    let first = boot(&demo, "first", hints.clone()).await;
    assert_eq!(settled(&demo, &first).await, "ACTIVE");
    let second = boot(&demo, "second", hints).await;
    assert_eq!(settled(&demo, &second).await, "ERROR");
    let shown = demo.get(&format!("{groups}/{group}")).await.expect(200);
    assert_eq!(shown.body["server_group"]["members"], json!([first, second]));
}

#[tokio::test]
async fn a_disabled_host_takes_no_server() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let body = json!({"host": "sim", "binary": "nova-compute"});
    admin.put("/compute/v2.1/os-services/disable", body).await.expect(200);
    let id = boot(&demo, "one", json!({})).await;
    assert_eq!(settled(&demo, &id).await, "ERROR");
    let shown = demo.get(&format!("/compute/v2.1/servers/{id}")).await.expect(200);
    assert!(shown.text("/server/fault/message").starts_with("No valid host was found."));
}
