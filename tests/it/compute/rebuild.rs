//! `rebuild`: what it answers, and what an image may forbid.

use serde_json::json;

use super::servers::{act, active, body_with, settled};
use crate::support::TestCloud;

#[tokio::test]
async fn a_rebuild_shows_user_data_once() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await.at("2.96");
    let server = active(&admin, "s").await;
    let image = admin.get(&server).await.text("/server/image/id");
    let rebuilt = act(&admin, &server, json!({"rebuild": {"imageRef": image}})).await.expect(202);
    let shown = rebuilt.body["server"].as_object().unwrap();
    assert!(shown.contains_key("user_data"));
    assert!(!shown.contains_key("OS-EXT-SRV-ATTR:user_data"));
}

#[tokio::test]
async fn an_image_may_forbid_that_disks_grow() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.96"), cloud.admin().await);
    let path = active(&demo, "s").await;
    let image = demo.get(&path).await.text("/server/image/id");
    let metadata = format!("/compute/v2.1/images/{image}/metadata");
    let forbids = json!({"metadata": {"auto_disk_config": "Disabled"}});
    admin.post(&metadata, forbids).await.expect(200);
    let sentence = format!("Requested image {image} has automatic disk resize disabled.");

    let auto = json!({"OS-DCF:diskConfig": "AUTO"});
    let made = demo.post("/compute/v2.1/servers", body_with(&demo, "t", auto).await).await;
    assert_eq!(made.expect(400).message(), sentence);
    let rebuild = |how: &str| json!({"rebuild": {"imageRef": image, "OS-DCF:diskConfig": how}});
    let refused = act(&demo, &path, rebuild("AUTO")).await.expect(400);
    assert_eq!(refused.message(), sentence);
    act(&demo, &path, rebuild("MANUAL")).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    let resize = json!({"resize": {"flavorRef": "2", "OS-DCF:diskConfig": "AUTO"}});
    let refused = act(&demo, &path, resize).await.expect(400);
    assert_eq!(refused.message(), sentence);
}
