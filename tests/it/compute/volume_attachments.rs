//! `os-volume_attachments` and `shares`: there is nothing to attach.

use serde_json::json;

use super::servers::active;
use crate::support::TestCloud;

const VOLUME: &str = "ab1c0b5e-6b2c-4a37-9d1d-6a0c7d1f2e11";

#[tokio::test]
async fn a_server_has_no_volumes_and_no_volume_is_found() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let server = active(&demo, "s").await;
    let path = format!("{server}/os-volume_attachments");
    let listed = demo.get(&path).await.expect(200);
    assert_eq!(listed.body, json!({"volumeAttachments": []}));
    let body = json!({"volumeAttachment": {"volumeId": VOLUME}});
    let refused = demo.post(&path, body.clone()).await.expect(404);
    assert_eq!(refused.message(), format!("Volume {VOLUME} could not be found."));
    let one = format!("{path}/{VOLUME}");
    let shown = demo.get(&one).await.expect(404);
    let id = server.rsplit('/').next().unwrap();
    let sentence = format!("Instance {id} is not attached to volume {VOLUME}");
    assert_eq!(shown.message(), sentence);
    let changed = demo.put(&one, body.clone()).await.expect(404);
    let sentence = format!("No volume Block Device Mapping with id {VOLUME}.");
    assert_eq!(changed.message(), sentence);
    demo.at("2.84").put(&one, body).await.expect(403);
    demo.delete(&one).await.expect(404);
}

#[tokio::test]
async fn a_share_is_looked_for_only_while_the_server_is_stopped() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.97");
    let server = active(&demo, "s").await;
    let path = format!("{server}/shares");
    assert_eq!(demo.get(&path).await.expect(200).body, json!({"shares": []}));
    let body = json!({"share": {"share_id": VOLUME}});
    demo.post(&path, body.clone()).await.expect(409);
    demo.post(&format!("{server}/action"), json!({"os-stop": null})).await.expect(202);
    demo.wait(&server, |answer| answer.text("/server/status") == "SHUTOFF").await;
    let refused = demo.post(&path, body).await.expect(404);
    assert_eq!(refused.message(), format!("Share {VOLUME} could not be found."));
    demo.at("2.96").get(&path).await.expect(404);
}

#[tokio::test]
async fn the_old_proxies_tell_of_no_volume() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for (path, thing) in [("os-volumes", "Volume"), ("os-snapshots", "Snapshot")] {
        let path = format!("/compute/v2.1/{path}");
        let collection = format!("{}s", thing.to_lowercase());
        for list in [path.clone(), format!("{path}/detail")] {
            assert_eq!(demo.get(&list).await.expect(200).body[&collection], json!([]));
        }
        let one = demo.get(&format!("{path}/7")).await.expect(404);
        assert_eq!(one.message(), format!("{thing} 7 could not be found."));
        demo.delete(&format!("{path}/7")).await.expect(404);
        demo.at("2.36").get(&path).await.expect(404);
    }
    let body = json!({"volume": {"size": 1}});
    demo.post("/compute/v2.1/os-volumes", body).await.expect(501);
    let body = json!({"snapshot": {"volume_id": "7"}});
    demo.post("/compute/v2.1/os-snapshots", body).await.expect(404);
}
