//! `/os-keypairs`.

use serde_json::{Value, json};

use crate::support::TestCloud;

const PATH: &str = "/compute/v2.1/os-keypairs";
const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFW2weyUBFYgzoilBK5JeEvdjyIBYfArE2y3JougZg4r user@example";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHD3lAWIfRA8S68oYWkhcfTmCKgXchrmW+hWAsUEP3vVVSMwdb/JJWGGxqaUb7Te4v69wSsnsm1+tOWfL5I5SdA= k";

fn import(name: &str) -> Value {
    json!({"keypair": {"name": name, "public_key": ED25519}})
}

#[tokio::test]
async fn an_imported_key_is_kept_as_it_came() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.2");
    let made = demo.post(PATH, import("mine")).await.expect(201);
    assert_eq!(
        made.body,
        json!({"keypair": {
            "type": "ssh", "name": "mine", "public_key": ED25519, "user_id": demo.user,
            "fingerprint": "e8:db:f1:dd:d7:50:aa:45:94:dd:cb:54:9a:b1:b2:ca",
        }})
    );
    let shown = demo.get(&format!("{PATH}/mine")).await.expect(200);
    assert_eq!(shown.text("/keypair/public_key"), ED25519);
    assert_eq!(shown.body["keypair"]["deleted"], false);
    let again = demo.post(PATH, import("mine")).await.expect(409);
    assert_eq!(again.message(), "Key pair 'mine' already exists.");
}

#[tokio::test]
async fn statuses_changed_with_the_types() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for (version, created, deleted) in [("2.1", 200, 202), ("2.2", 201, 204), ("2.96", 201, 204)] {
        let session = demo.at(version);
        session.post(PATH, import("k")).await.expect(created);
        session.delete(&format!("{PATH}/k")).await.expect(deleted);
        let gone = session.delete(&format!("{PATH}/k")).await.expect(404);
        assert_eq!(gone.message(), format!("Keypair k not found for user {}", demo.user));
    }
}

#[tokio::test]
async fn a_key_is_made_for_those_who_bring_none() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.91");
    let made = demo.post(PATH, json!({"keypair": {"name": "made"}})).await.expect(201);
    assert!(made.text("/keypair/private_key").starts_with("-----BEGIN RSA PRIVATE KEY-----"));
    assert!(made.text("/keypair/public_key").starts_with("ssh-rsa "));
    let shown = demo.get(&format!("{PATH}/made")).await.expect(200);
    assert_eq!(shown.optional("/keypair/private_key"), "", "it is shown once");
}

#[tokio::test]
async fn what_is_no_key_is_refused() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"keypair": {"name": "bad", "public_key": "ssh-rsa nonsense"}});
    let answer = demo.post(PATH, body).await.expect(400);
    assert_eq!(answer.message(), "Keypair data is invalid: failed to generate fingerprint");
}

#[tokio::test]
async fn pages_are_in_the_order_of_names_and_older_versions_have_none() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.35");
    for name in ["b", "a", "c"] {
        demo.post(PATH, import(name)).await.expect(201);
    }
    let first = demo.get(&format!("{PATH}?limit=2")).await.expect(200);
    assert_eq!(first.text("/keypairs/0/keypair/name"), "a");
    let next = first.text("/keypairs_links/0/href");
    assert!(next.ends_with("/os-keypairs?limit=2&marker=b"), "{next}");
    let second = demo.get(next.trim_start_matches(&cloud.url)).await.expect(200);
    assert_eq!(second.text("/keypairs/0/keypair/name"), "c");
    let old = demo.at("2.34").get(&format!("{PATH}?limit=1")).await.expect(200);
    assert_eq!(old.body["keypairs"].as_array().unwrap().len(), 3);
    let unknown = demo.get(&format!("{PATH}?marker=x")).await.expect(400);
    assert_eq!(unknown.message(), "Marker x could not be found.");
}

#[tokio::test]
async fn administrators_see_the_keys_of_others_and_members_do_not() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await.at("2.10"), cloud.admin().await.at("2.10"));
    demo.post(PATH, import("mine")).await.expect(201);
    let path = format!("{PATH}/mine?user_id={}", demo.user);
    assert_eq!(admin.get(&path).await.expect(200).text("/keypair/user_id"), demo.user);
    admin.at("2.9").get(&path).await.expect(404);
    let answer = demo.get(&format!("{PATH}?user_id={}", admin.user)).await.expect(403);
    let rule = "os_compute_api:os-keypairs:index";
    assert_eq!(answer.message(), format!("Policy doesn't allow {rule} to be performed."));
}

#[tokio::test]
async fn the_quota_refuses_the_one_too_many() {
    let cloud = TestCloud::builder().setting("quota", "key_pairs", "2").start().await;
    let demo = cloud.demo().await;
    demo.post(PATH, import("a")).await.expect(200);
    let ecdsa = json!({"keypair": {"name": "b", "public_key": ECDSA}});
    demo.post(PATH, ecdsa).await.expect(200);
    let answer = demo.post(PATH, import("c")).await.expect(403);
    assert_eq!(answer.message(), "Quota exceeded, too many key pairs.");
}
