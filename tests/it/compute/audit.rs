//! `os-instance_usage_audit_log` and `os-baremetal-nodes`.

use serde_json::json;

use super::servers::active;
use crate::support::TestCloud;

#[tokio::test]
async fn the_audit_log_counts_the_servers_of_a_month() {
    let cloud = TestCloud::start().await;
    active(&cloud.demo().await.at("2.96"), "s").await;
    let admin = cloud.admin().await;
    let path = "/compute/v2.1/os-instance_usage_audit_log";
    let last = admin.get(path).await.expect(200);
    assert_eq!(last.body["instance_usage_audit_logs"]["total_instances"], 0);
    let later = admin.get(&format!("{path}/2100-01-15%2000:00:00")).await.expect(200);
    let log = &later.body["instance_usage_audit_log"];
    assert_eq!(log["period_beginning"], "2099-12-01 00:00:00");
    assert_eq!(log["total_instances"], 1);
    assert_eq!(log["overall_status"], "ALL hosts done. 0 errors.");
    let refused = admin.get(&format!("{path}/never")).await.expect(400);
    assert_eq!(refused.message(), "Invalid timestamp for date never");
}

#[tokio::test]
async fn there_are_no_machines_of_ironic() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let path = "/compute/v2.1/os-baremetal-nodes";
    assert_eq!(admin.get(path).await.expect(200).body, json!({"nodes": []}));
    let refused = admin.post(path, json!({})).await.expect(400);
    assert!(refused.message().contains("Please use Ironic command node-create"));
    admin.at("2.36").get(path).await.expect(404);
}
