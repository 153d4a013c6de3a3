//! Servers that are deleted and can be restored for a while.

use serde_json::json;

use super::servers::{SERVERS, act, active, settled};
use crate::support::TestCloud;

async fn cloud() -> TestCloud {
    let builder = TestCloud::builder().setting("compute", "reclaim_instance_interval", "600");
    builder.manual_clock().start().await
}

#[tokio::test]
async fn a_deleted_server_can_be_restored_until_its_time_is_over() {
    let cloud = cloud().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    demo.delete(&path).await.expect(204);
    settled(&demo, &path, "SOFT_DELETED").await;
    assert_eq!(demo.get(SERVERS).await.expect(200).body["servers"], json!([]));
    let all = admin.get(&format!("{SERVERS}?all_tenants=1&deleted=1")).await.expect(200);
    assert_eq!(all.text("/servers/0/name"), "s");
    act(&demo, &path, json!({"restore": null})).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    demo.delete(&path).await.expect(204);
    settled(&demo, &path, "SOFT_DELETED").await;
    cloud.clock.advance_seconds(601);
    demo.wait(&path, |answer| answer.status == 404).await;
    assert!(cloud.engine.snapshot().instances.is_empty());
}

#[tokio::test]
async fn a_softly_deleted_server_counts_for_no_quota_and_can_be_deleted_at_once() {
    let cloud = cloud().await;
    let demo = cloud.demo().await.at("2.96");
    let quota = format!("/compute/v2.1/os-quota-sets/{}", demo.project);
    let limit = json!({"quota_set": {"instances": 1}});
    cloud.admin().await.put(&quota, limit).await.expect(200);
    let first = active(&demo, "a").await;
    demo.delete(&first).await.expect(204);
    settled(&demo, &first, "SOFT_DELETED").await;
    active(&demo, "b").await;
    let refused = act(&demo, &first, json!({"restore": null})).await.expect(403);
    assert!(refused.message().starts_with("Quota exceeded for instances: Requested 1, but"));
    act(&demo, &first, json!({"forceDelete": null})).await.expect(202);
    demo.wait(&first, |answer| answer.status == 404).await;
}
