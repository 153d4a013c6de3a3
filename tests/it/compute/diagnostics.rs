//! What is counted about servers, what is said of their topology, and what others report of them.

use serde_json::json;

use super::servers::{active, settled};
use crate::support::TestCloud;

#[tokio::test]
async fn figures_are_the_engines_in_both_shapes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let diagnostics = format!("{path}/diagnostics");
    demo.get(&diagnostics).await.expect(403);
    let admin = cloud.admin().await;
    let new = admin.at("2.48").get(&diagnostics).await.expect(200);
    assert_eq!(new.body["state"], "running");
    assert_eq!(new.body["hypervisor"], "sim");
    assert_eq!(new.body["num_cpus"], 1);
    assert_eq!(new.body["disk_details"][0]["read_requests"], 256);
    let old = admin.at("2.47").get(&diagnostics).await.expect(200);
    assert_eq!(old.body["vda_read_req"], 256);
    assert!(old.body["memory"].as_u64() > old.body["memory-rss"].as_u64());
    demo.post(&format!("{path}/action"), json!({"os-stop": null})).await.expect(202);
    settled(&demo, &path, "SHUTOFF").await;
    let stopped = admin.get(&diagnostics).await.expect(409);
    assert!(stopped.message().starts_with("Cannot 'get_diagnostics' instance"));
    assert!(stopped.message().ends_with("while it is in power state shutdown"));
}

#[tokio::test]
async fn a_container_has_no_numa_nodes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = format!("{}/topology", active(&demo, "s").await);
    let topology = demo.get(&path).await.expect(200);
    assert_eq!(topology.body, json!({"nodes": [], "pagesize_kb": null}));
    demo.at("2.77").get(&path).await.expect(404);
}

#[tokio::test]
async fn events_are_accepted_one_by_one() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let id = path.rsplit('/').next().unwrap();
    let admin = cloud.admin().await.at("2.96");
    let url = "/compute/v2.1/os-server-external-events";
    let event = |name: &str, id: &str| json!({"name": name, "server_uuid": id});
    let one = json!({"events": [event("network-changed", id)]});
    demo.post(url, one.clone()).await.expect(403);
    let accepted = admin.post(url, one).await.expect(200);
    assert_eq!(accepted.body["events"][0]["code"], 200);
    assert_eq!(accepted.body["events"][0]["status"], "completed");
    let mut extended = event("volume-extended", id);
    extended["tag"] = json!("a-volume");
    let several = json!({"events": [
        event("network-vif-plugged", id),
        event("network-changed", "11111111-2222-3333-4444-555555555555"),
        event("power-update", id),
        extended,
    ]});
    let mixed = admin.post(url, several).await.expect(207);
    let events = mixed.body["events"].as_array().unwrap();
    let codes: Vec<_> = events.iter().map(|event| event["code"].as_u64().unwrap()).collect();
    assert_eq!(codes, [200, 404, 400, 404]);
    assert_eq!(events[3]["status"], "failed");
    let unknown = json!({"events": [event("moon-phase", id)]});
    admin.post(url, unknown).await.expect(400);
}
