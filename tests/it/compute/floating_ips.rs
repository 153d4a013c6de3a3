//! Nova's old proxy to floating IPs, below 2.36, and its actions, below 2.44.

use serde_json::{Value, json};

use super::servers::{body_with, boot};
use crate::network::routers::{join, public, router};
use crate::network::{network, subnet};
use crate::support::{Session, TestCloud};

const FLOATING_IPS: &str = "/compute/v2.1/os-floating-ips";

/// A server whose network a router joins to the external one, by its path.
async fn server(session: &Session) -> String {
    let inside = network(session, "inside").await;
    let subnet = subnet(session, &inside, "192.0.2.0/24").await;
    let router = router(session, Some(&public(session).await)).await;
    join(session, &router, json!({"subnet_id": subnet})).await.expect(200);
    let body = body_with(session, "web", json!({"networks": [{"uuid": inside}]})).await;
    boot(session, body).await
}

#[tokio::test]
async fn one_is_taken_and_given_back() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let pools = demo.get("/compute/v2.1/os-floating-ip-pools").await.expect(200);
    assert_eq!(pools.body["floating_ip_pools"], json!([{"name": "public"}]));
    let made = demo.post(FLOATING_IPS, json!({"pool": "public"})).await.expect(200);
    let expected = json!({
        "id": made.text("/floating_ip/id"), "ip": made.text("/floating_ip/ip"),
        "fixed_ip": null, "instance_id": null, "pool": "public",
    });
    assert_eq!(made.body["floating_ip"], expected);
    let path = format!("{FLOATING_IPS}/{}", made.text("/floating_ip/id"));
    assert_eq!(demo.get(&path).await.expect(200).body["floating_ip"], expected);
    assert_eq!(demo.get(FLOATING_IPS).await.body["floating_ips"], json!([expected]));
    let theirs = format!("/network/v2.0/floatingips/{}", made.text("/floating_ip/id"));
    demo.get(&theirs).await.expect(200);
    demo.delete(&path).await.expect(202);
    let gone = demo.get(&path).await.expect(404);
    let id = made.text("/floating_ip/id");
    assert_eq!(gone.message(), format!("Floating IP not found for ID {id}"));
    let nowhere = demo.post(FLOATING_IPS, json!({"pool": "moon"})).await.expect(404);
    assert_eq!(nowhere.message(), "Floating IP pool not found.");
    demo.at("2.36").get(FLOATING_IPS).await.expect(404);
}

#[tokio::test]
async fn more_than_the_quota_is_refused_in_novas_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let quotas = format!("/network/v2.0/quotas/{}", demo.project);
    cloud.admin().await.put(&quotas, json!({"quota": {"floatingip": 0}})).await.expect(200);
    let refused = demo.post(FLOATING_IPS, json!({"pool": "public"})).await.expect(403);
    assert_eq!(refused.message(), "IP allocation over quota in pool public.");
    let refused = demo.post(FLOATING_IPS, json!({})).await.expect(403);
    assert_eq!(refused.message(), "IP allocation over quota.");
}

#[tokio::test]
async fn one_leads_to_a_server_and_away_again() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let server = server(&demo).await;
    let actions = format!("{server}/action");
    let made = demo.post(FLOATING_IPS, json!({})).await.expect(200);
    let path = format!("{FLOATING_IPS}/{}", made.text("/floating_ip/id"));
    let address = made.text("/floating_ip/ip");
    let add = json!({"addFloatingIp": {"address": address}});
    demo.at("2.44").post(&actions, add.clone()).await.expect(404);
    demo.at("2.43").post(&actions, add).await.expect(202);
    let led = demo.get(&path).await.expect(200);
    assert!(server.ends_with(&led.text("/floating_ip/instance_id")));
    assert!(led.text("/floating_ip/fixed_ip").starts_with("192.0.2."));
    let remove = json!({"removeFloatingIp": {"address": address}});
    demo.post(&actions, remove.clone()).await.expect(202);
    assert_eq!(demo.get(&path).await.body["floating_ip"]["instance_id"], Value::Null);
    // Nova: what leads nowhere belongs to no project that the rule could be asked of.
    demo.post(&actions, remove).await.expect(403);
}

#[tokio::test]
async fn what_cannot_lead_is_refused() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let newer = demo.at("2.37");
    let server = boot(&newer, body_with(&newer, "web", json!({"networks": "auto"})).await).await;
    let actions = format!("{server}/action");
    let address = demo.post(FLOATING_IPS, json!({})).await.text("/floating_ip/ip");
    let unreached = json!({"addFloatingIp": {"address": address}});
    let refused = demo.post(&actions, unreached).await.expect(400);
    let begin = format!("Unable to associate floating IP {address} to fixed IP ");
    assert!(refused.message().starts_with(&begin), "{}", refused.message());
    let unknown = json!({"addFloatingIp": {"address": "198.51.100.7"}});
    let refused = demo.post(&actions, unknown).await.expect(404);
    assert_eq!(refused.message(), "floating IP not found");
    let elsewhere = json!({"addFloatingIp": {"address": address, "fixed_address": "198.51.100.7"}});
    let refused = demo.post(&actions, elsewhere).await.expect(400);
    assert_eq!(refused.message(), "Specified fixed address not assigned to instance");
    let unknown = json!({"removeFloatingIp": {"address": "198.51.100.7"}});
    let refused = demo.post(&actions, unknown).await.expect(404);
    assert_eq!(refused.message(), "Floating IP not found for address 198.51.100.7.");
}
