//! `/servers`: from the request to a guest on the engine, and away again.

use serde_json::{Value, json};

use crate::support::TestCloud;
use crate::support::session::Session;

const SERVERS: &str = "/compute/v2.1/servers";

/// The image that can boot.
async fn image(session: &Session) -> String {
    session.wait("/image/v2/images", |answer| answer.body["images"][0]["id"].is_string()).await;
    session.find("/image/v2/images", "images").await
}

async fn body(session: &Session, name: &str) -> Value {
    json!({"server": {"name": name, "flavorRef": "42", "imageRef": image(session).await, "networks": "none"}})
}

async fn active(session: &Session, name: &str) -> String {
    let made = session.post(SERVERS, body(session, name).await).await.expect(202);
    let path = format!("{SERVERS}/{}", made.text("/server/id"));
    settled(session, &path, "ACTIVE").await;
    path
}

async fn settled(session: &Session, path: &str, status: &str) {
    let wanted = |answer: &crate::support::Answer| {
        answer.body["server"]["status"] == status
            && answer.body["server"]["OS-EXT-STS:task_state"].is_null()
    };
    session.wait(path, wanted).await;
}

#[tokio::test]
async fn a_server_boots_and_goes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "web 1").await;
    let server = demo.get(&path).await.expect(200);
    assert_eq!(server.text("/server/name"), "web 1");
    assert_eq!(server.text("/server/OS-EXT-SRV-ATTR:hostname"), "web-1");
    assert_eq!(server.body["server"]["OS-EXT-STS:power_state"], 1);
    demo.delete(&path).await.expect(204);
    demo.wait(&path, |answer| answer.status == 404).await;
}
