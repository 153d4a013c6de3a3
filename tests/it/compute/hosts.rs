//! `os-hosts`, until 2.42, and help for volumes that are not there.

use serde_json::json;

use super::servers::active;
use crate::support::TestCloud;

#[tokio::test]
async fn a_host_shows_who_has_what() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    active(&demo, "s").await;
    let admin = cloud.admin().await;
    let hosts = admin.get("/compute/v2.1/os-hosts?zone=nova").await.expect(200);
    assert_eq!(hosts.body["hosts"].as_array().unwrap().len(), 1);
    assert_eq!(hosts.text("/hosts/0/service"), "compute");
    let path = format!("/compute/v2.1/os-hosts/{}", hosts.text("/hosts/0/host_name"));
    let host = admin.get(&path).await.expect(200);
    let rows = host.body["host"].as_array().unwrap();
    let projects: Vec<_> = rows.iter().map(|row| row["resource"]["project"].clone()).collect();
    assert_eq!(projects, ["(total)", "(used_now)", "(used_max)", demo.project.as_str()]);
    assert_eq!(rows[1]["resource"]["cpu"], 1);
    let switched = admin.put(&path, json!({"status": "disable"})).await.expect(501);
    assert_eq!(switched.message(), "The requested functionality is not supported.");
    admin.get(&format!("{path}/reboot")).await.expect(501);
    admin.get("/compute/v2.1/os-hosts/nowhere").await.expect(404);
    admin.at("2.43").get(&path).await.expect(404);
}

#[tokio::test]
async fn nobody_helps_with_volumes_that_are_not_attached() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let path = "/compute/v2.1/os-assisted-volume-snapshots";
    let info = json!({"snapshot_id": "s", "type": "qcow2", "new_file": "f"});
    let body = json!({"snapshot": {"volume_id": "v", "create_info": info}});
    let refused = admin.post(path, body).await.expect(400);
    assert_eq!(refused.message(), "No volume Block Device Mapping with id v.");
    let gone = admin.delete(&format!("{path}/s?delete_info=%7B%22volume_id%22:%22v%22%7D")).await;
    assert_eq!(gone.expect(400).message(), refused.message());
    admin.delete(&format!("{path}/s")).await.expect(400);
}
