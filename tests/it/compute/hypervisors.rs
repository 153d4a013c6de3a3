//! `/os-hypervisors`, `/os-services` and `/os-availability-zone`: the host, seen three ways.

use serde_json::json;

use crate::support::TestCloud;

const HYPERVISORS: &str = "/compute/v2.1/os-hypervisors";
const SERVICES: &str = "/compute/v2.1/os-services";
const ZONES: &str = "/compute/v2.1/os-availability-zone";

#[tokio::test]
async fn the_host_has_the_figures_of_the_engine() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let listed = admin.get(HYPERVISORS).await.expect(200);
    assert_eq!(
        listed.body["hypervisors"],
        json!([{"id": 1, "hypervisor_hostname": "sim", "state": "up", "status": "enabled"}])
    );
    let shown = admin.get(&format!("{HYPERVISORS}/1")).await.expect(200);
    assert_eq!(shown.body["hypervisor"]["vcpus"], 64);
    assert_eq!(shown.body["hypervisor"]["memory_mb"], 256 * 1024);
    assert_eq!(shown.text("/hypervisor/hypervisor_type"), "sim");
    assert!(shown.text("/hypervisor/cpu_info").contains("x86_64"));
    let sums = admin.get(&format!("{HYPERVISORS}/statistics")).await.expect(200);
    assert_eq!(sums.body["hypervisor_statistics"]["vcpus"], 64);
}

#[tokio::test]
async fn versions_name_and_describe_it_differently() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let id = admin.at("2.53").get(HYPERVISORS).await.expect(200).text("/hypervisors/0/id");
    let path = format!("{HYPERVISORS}/{id}");
    let shown = admin.at("2.53").get(&path).await.expect(200);
    assert_eq!(shown.text("/hypervisor/cpu_info/arch"), "x86_64");
    let last = admin.at("2.88").get(&path).await.expect(200);
    assert!(last.body["hypervisor"].get("vcpus").is_none());
    assert!(last.body["hypervisor"]["uptime"].is_null());
    admin.get(&path).await.expect(404);
    let number = admin.at("2.53").get(&format!("{HYPERVISORS}/1")).await.expect(400);
    assert_eq!(number.message(), "Invalid uuid 1");
    admin.at("2.88").get(&format!("{HYPERVISORS}/statistics")).await.expect(404);
    admin.get(&format!("{HYPERVISORS}/1/uptime")).await.expect(501);
    let nobody = "00000000-0000-0000-0000-000000000000";
    let unknown = admin.at("2.53").get(&format!("{HYPERVISORS}/{nobody}")).await.expect(404);
    assert_eq!(unknown.message(), format!("Hypervisor with ID '{nobody}' could not be found."));
}

#[tokio::test]
async fn a_pattern_finds_it() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let old = admin.get(&format!("{HYPERVISORS}/si/search")).await.expect(200);
    assert_eq!(old.text("/hypervisors/0/hypervisor_hostname"), "sim");
    let path = format!("{HYPERVISORS}?hypervisor_hostname_pattern=");
    let new = admin.at("2.53").get(&format!("{path}si")).await.expect(200);
    assert_eq!(new.text("/hypervisors/0/hypervisor_hostname"), "sim");
    let none = admin.at("2.53").get(&format!("{path}other")).await.expect(404);
    assert_eq!(none.message(), "No hypervisor matching 'other' could be found.");
}

#[tokio::test]
async fn three_services_are_up() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let listed = admin.get(SERVICES).await.expect(200);
    let services = listed.body["services"].as_array().unwrap();
    let seen: Vec<_> = services
        .iter()
        .map(|row| (row["binary"].as_str().unwrap(), row["zone"].as_str().unwrap()))
        .collect();
    let wanted =
        [("nova-scheduler", "internal"), ("nova-conductor", "internal"), ("nova-compute", "nova")];
    assert_eq!(seen, wanted);
    assert!(services.iter().all(|row| row["state"] == "up" && row["status"] == "enabled"));
    let one = admin.get(&format!("{SERVICES}?binary=nova-compute")).await.expect(200);
    assert_eq!(one.body["services"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_disabled_host_leaves_its_zone_unavailable() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await.at("2.53"), cloud.demo().await);
    let find = format!("{SERVICES}?binary=nova-compute");
    let id = admin.find(&find, "services").await;
    let path = format!("{SERVICES}/{id}");
    let body = json!({"status": "disabled", "disabled_reason": "test"});
    let set = admin.put(&path, body).await.expect(200);
    assert_eq!(set.text("/service/status"), "disabled");
    assert_eq!(set.text("/service/disabled_reason"), "test");
    let zones = demo.get(ZONES).await.expect(200);
    let row = json!({"zoneName": "nova", "zoneState": {"available": false}, "hosts": null});
    assert_eq!(zones.body["availabilityZoneInfo"], json!([row]));
    let set = admin.put(&path, json!({"status": "enabled"})).await.expect(200);
    assert!(set.body["service"]["disabled_reason"].is_null());
    admin.put(&path, json!({"forced_down": true})).await.expect(200);
    let listed = admin.get(HYPERVISORS).await.expect(200);
    assert_eq!(listed.text("/hypervisors/0/state"), "down");
    let nothing = admin.put(&path, json!({})).await.expect(400);
    assert!(nothing.message().starts_with("No updates were requested."));
    let conductor = admin.find(&format!("{SERVICES}?binary=nova-conductor"), "services").await;
    let path = format!("{SERVICES}/{conductor}");
    let refused = admin.put(&path, json!({"status": "disabled"})).await.expect(400);
    assert!(refused.message().contains("Only nova-compute services"));
}

#[tokio::test]
async fn old_versions_switch_services_by_name() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let body = json!({"host": "sim", "binary": "nova-compute"});
    let set = admin.put(&format!("{SERVICES}/disable"), body.clone()).await.expect(200);
    let wanted = json!({"host": "sim", "binary": "nova-compute", "status": "disabled"});
    assert_eq!(set.body["service"], wanted);
    admin.put(&format!("{SERVICES}/enable"), body.clone()).await.expect(200);
    admin.put(&format!("{SERVICES}/force-down"), body.clone()).await.expect(404);
    let forced = json!({"host": "sim", "binary": "nova-compute", "forced_down": true});
    admin.at("2.11").put(&format!("{SERVICES}/force-down"), forced).await.expect(200);
    let elsewhere = json!({"host": "x", "binary": "nova-compute"});
    let missing = admin.put(&format!("{SERVICES}/enable"), elsewhere).await.expect(404);
    assert_eq!(missing.message(), "Could not find binary nova-compute on host x.");
}

#[tokio::test]
async fn zones_show_their_hosts_to_administrators() {
    let cloud = TestCloud::start().await;
    let detail = cloud.admin().await.get(&format!("{ZONES}/detail")).await.expect(200);
    assert_eq!(detail.text("/availabilityZoneInfo/0/zoneName"), "internal");
    let compute = &detail.body["availabilityZoneInfo"][1]["hosts"]["sim"]["nova-compute"];
    assert_eq!((&compute["available"], &compute["active"]), (&json!(true), &json!(true)));
    cloud.demo().await.get(&format!("{ZONES}/detail")).await.expect(403);
    cloud.demo().await.get(HYPERVISORS).await.expect(403);
    cloud.demo().await.get(SERVICES).await.expect(403);
}
