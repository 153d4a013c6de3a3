//! `/quotas`.

use serde_json::json;

use super::network;
use crate::support::TestCloud;

#[tokio::test]
async fn a_limit_is_seen_set_held_and_forgotten() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let path = format!("/network/v2.0/quotas/{}", demo.project);
    assert_eq!(demo.get(&path).await.expect(200).body["quota"]["network"], 100);
    let one = json!({"quota": {"network": 1}});
    let refused = demo.put(&path, one.clone()).await.expect(403);
    assert_eq!(refused.text("/NeutronError/message"), "rule:update_quota is disallowed by policy");
    assert_eq!(admin.put(&path, one).await.expect(200).body["quota"]["network"], 1);
    network(&demo, "only").await;
    let more = json!({"network": {"name": "more"}});
    demo.post("/network/v2.0/networks", more).await.expect(409);
    let details = demo.get(&format!("{path}/details.json")).await.expect(200);
    assert_eq!(details.body["quota"]["network"], json!({"limit": 1, "used": 1, "reserved": 0}));
    let zero = json!({"quota": {"network": 0}});
    let refused = admin.put(&path, zero).await.expect(400);
    assert_eq!(
        refused.text("/NeutronError/message"),
        "Quota limit 0 for network must be greater than or equal to already used 1"
    );
    let listed = admin.get("/network/v2.0/quotas").await.expect(200);
    assert_eq!(listed.text("/quotas/0/project_id"), demo.project);
    admin.delete(&path).await.expect(204);
    assert_eq!(demo.get(&path).await.expect(200).body["quota"]["network"], 100);
    assert_eq!(demo.get(&format!("{path}/default")).await.expect(200).body["quota"]["port"], 500);
}

#[tokio::test]
async fn the_limits_of_others_are_for_administrators() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    demo.get("/network/v2.0/quotas").await.expect(403);
    admin.get(&format!("/network/v2.0/quotas/{}", demo.project)).await.expect(200);
    let details = format!("/network/v2.0/quotas/{}/details", admin.project);
    let refused = demo.get(&details).await.expect(403);
    assert_eq!(refused.text("/NeutronError/type"), "AdminRequired");
    admin.get(&details).await.expect(200);
    let own = demo.get("/network/v2.0/quotas/project").await.expect(200);
    assert_eq!(own.text("/project/project_id"), demo.project);
}
