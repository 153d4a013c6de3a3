//! `resize`, `confirmResize`, `revertResize`: the guest's limits and the server's flavor change, and
//! come back unless they are confirmed.

use kit::engine::{Instances, Limits};
use serde_json::{Value, json};

use super::servers::{active, settled};
use crate::support::{Answer, Session, TestCloud};

/// Asks for an action.
async fn act(session: &Session, path: &str, body: Value) -> Answer {
    session.post(&format!("{path}/action"), body).await
}

async fn resize(demo: &Session, path: &str, flavor: &str) -> Answer {
    act(demo, path, json!({"resize": {"flavorRef": flavor}})).await
}

/// What the engine holds the guest to.
async fn limits(cloud: &TestCloud, path: &str) -> Limits {
    let name = format!("nova-{}", path.rsplit('/').next().unwrap());
    cloud.engine.inspect(&name).await.unwrap().unwrap().limits
}

async fn flavor_name(demo: &Session, path: &str) -> String {
    demo.get(path).await.expect(200).text("/server/flavor/original_name")
}

#[tokio::test]
async fn a_resize_is_kept_when_it_is_confirmed() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    let before = limits(&cloud, &path).await;
    resize(&demo, &path, "2").await.expect(202);
    settled(&demo, &path, "VERIFY_RESIZE").await;
    let after = limits(&cloud, &path).await;
    assert_eq!(after.memory_bytes, 2048 << 20);
    assert_eq!(after.disk_bytes, before.disk_bytes);
    assert_eq!(flavor_name(&demo, &path).await, "m1.small");
    let finished = admin.get("/compute/v2.1/os-migrations?status=finished").await.expect(200);
    assert_eq!(finished.text("/migrations/0/migration_type"), "resize");
    assert_eq!(finished.text("/migrations/0/project_id"), demo.project);
    let stopped = act(&demo, &path, json!({"os-stop": null})).await.expect(409);
    assert!(stopped.message().ends_with("while it is in vm_state resized"));
    act(&demo, &path, json!({"confirmResize": null})).await.expect(204);
    settled(&demo, &path, "ACTIVE").await;
    assert_eq!(limits(&cloud, &path).await, after);
    let again = act(&demo, &path, json!({"confirmResize": null})).await.expect(409);
    assert!(again.message().ends_with("while it is in vm_state active"));
    let actions = demo.get(&format!("{path}/os-instance-actions")).await.expect(200);
    assert_eq!(actions.text("/instanceActions/0/action"), "confirmResize");
    assert_eq!(actions.text("/instanceActions/1/action"), "resize");
}

#[tokio::test]
async fn a_reverted_resize_brings_limits_and_flavor_back() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let (before, name) = (limits(&cloud, &path).await, flavor_name(&demo, &path).await);
    act(&demo, &path, json!({"os-stop": null})).await.expect(202);
    settled(&demo, &path, "SHUTOFF").await;
    resize(&demo, &path, "2").await.expect(202);
    settled(&demo, &path, "VERIFY_RESIZE").await;
    assert_ne!(limits(&cloud, &path).await, before);
    act(&demo, &path, json!({"revertResize": null})).await.expect(202);
    settled(&demo, &path, "SHUTOFF").await;
    assert_eq!(limits(&cloud, &path).await, before);
    assert_eq!(flavor_name(&demo, &path).await, name);
}

#[tokio::test]
async fn what_cannot_be_resized_is_refused_in_novas_words() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await);
    let path = active(&demo, "s").await;
    let same = demo.at("2.1").get(&path).await.expect(200).text("/server/flavor/id");
    let sentences = [
        (same.as_str(), "When resizing, instances must change flavor!"),
        ("absent", "Flavor absent could not be found."),
        (
            "zero",
            "Server disk was unable to be resized because: Resize to zero disk flavor is not allowed.",
        ),
    ];
    let zero = json!({"flavor": {"id": "zero", "name": "zero", "ram": 64, "vcpus": 1, "disk": 0}});
    admin.post("/compute/v2.1/flavors", zero).await.expect(200);
    for (flavor, sentence) in sentences {
        assert_eq!(resize(&demo, &path, flavor).await.expect(400).message(), sentence);
    }
    let large =
        json!({"flavor": {"id": "large", "name": "large", "ram": 60_000, "vcpus": 1, "disk": 1}});
    admin.post("/compute/v2.1/flavors", large).await.expect(200);
    let beyond = resize(&demo, &path, "large").await.expect(403).message();
    assert!(beyond.starts_with("Quota exceeded for ram: Requested "), "{beyond}");
    let unconfirmed = act(&demo, &path, json!({"revertResize": null})).await.expect(409);
    assert!(unconfirmed.message().starts_with("Cannot 'revertResize' instance "));
}

#[tokio::test]
async fn a_disk_does_not_shrink_and_the_server_stays_what_it_was() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await.at("2.96"));
    let path = active(&demo, "s").await;
    resize(&demo, &path, "2").await.expect(202);
    settled(&demo, &path, "VERIFY_RESIZE").await;
    act(&demo, &path, json!({"confirmResize": null})).await.expect(204);
    settled(&demo, &path, "ACTIVE").await;
    resize(&demo, &path, "1").await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    assert_eq!(flavor_name(&demo, &path).await, "m1.small");
    let actions = admin.get(&format!("{path}/os-instance-actions")).await.expect(200);
    assert_eq!(actions.text("/instanceActions/0/message"), "Error");
    let request = actions.text("/instanceActions/0/request_id");
    let action = admin.get(&format!("{path}/os-instance-actions/{request}")).await.expect(200);
    let details = action.text("/instanceAction/events/0/details");
    assert_eq!(details, "Resize error: Unable to resize disk down.");
    let failed = admin.get("/compute/v2.1/os-migrations?status=error").await.expect(200);
    assert_eq!(failed.body["migrations"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_resize_that_nobody_confirms_is_confirmed_after_its_window() {
    let cloud = TestCloud::builder().setting("compute", "resize_confirm_window", "1").start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    resize(&demo, &path, "2").await.expect(202);
    let wanted = |answer: &Answer| {
        answer.optional("/server/status") == "ACTIVE"
            && answer.optional("/server/flavor/original_name") == "m1.small"
    };
    demo.wait(&path, wanted).await;
}
