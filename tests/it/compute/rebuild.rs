//! `rebuild`: what it answers.

use serde_json::json;

use super::servers::{act, active};
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
