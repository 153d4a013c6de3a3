//! Credentials: kept, shown again, and those of EC2, which sign requests.

use serde_json::{Value, json};

use super::{grant, keys, make_project, make_user};
use crate::support::{Answer, Scope, Session, TestCloud};

const CREDENTIALS: &str = "/identity/v3/credentials";
const EC2_TOKENS: &str = "/identity/v3/ec2tokens";
/// What keystoneclient's signer makes of [`signed`] with the secret `s3cret`.
const SIGNATURE: &str = "1uQNVx9JR4FzYWQUW5egCWeKt+pRcJNyT6/B0yhl1o8=";

/// A request of three minutes before the manual clock's time.
fn signed(signature: &str) -> Value {
    json!({"credentials": {
        "access": "abc", "signature": signature, "verb": "GET", "host": "example.org:8000",
        "path": "/v1/", "headers": {}, "body_hash": "", "params": {
            "Action": "ListStacks", "SignatureVersion": "2",
            "Timestamp": "2026-09-21T14:10:00Z", "AWSAccessKeyId": "abc",
        },
    }})
}

fn ec2_path(session: &Session) -> String {
    format!("/identity/v3/users/{}/credentials/OS-EC2", session.user)
}

async fn keep(session: &Session, kind: &str, project: &str, blob: &Value) -> Answer {
    let (blob, user) = (blob.to_string(), &session.user);
    let body = json!({"type": kind, "user_id": user, "project_id": project, "blob": blob});
    session.post(CREDENTIALS, json!({"credential": body})).await
}

#[tokio::test]
async fn a_credential_is_kept_sealed_and_shown_again() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let blob = json!({"seed": "tr3asure"});
    let made = keep(&demo, "totp", &demo.project, &blob).await.expect(201);
    let one = format!("{CREDENTIALS}/{}", made.text("/credential/id"));
    assert_eq!(demo.get(&one).await.expect(200).text("/credential/blob"), blob.to_string());
    for file in ["novadock.db", "novadock.db-wal"] {
        let kept = std::fs::read(cloud.folder().join(file)).unwrap_or_default();
        assert!(!kept.windows(8).any(|bytes| bytes == b"tr3asure"), "{file}");
    }
    let listed = admin.get(&format!("{CREDENTIALS}?type=totp")).await.expect(200);
    assert_eq!(listed.body["credentials"].as_array().map(Vec::len), Some(1));
    assert_eq!(cloud.user_with_role("member").await.get(&one).await.status, 403);
    let changed = json!({"credential": {"blob": "other"}});
    let changed = demo.patch(&one, changed).await.expect(200);
    assert_eq!(changed.text("/credential/blob"), "other");
    demo.patch(&one, json!({"credential": {"type": "ec2", "blob": ""}})).await.expect(400);
    demo.delete(&one).await.expect(204);
    demo.get(&one).await.expect(403);
    assert_eq!(admin.get(&one).await.expect(404).message().find("credential"), Some(15));
}

#[tokio::test]
async fn a_pair_of_keys_is_made_for_a_project() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let path = ec2_path(&demo);
    let made = demo.post(&path, json!({"tenant_id": demo.project})).await.expect(201);
    let fields = ["user_id", "tenant_id", "access", "secret", "trust_id", "links"];
    assert_eq!(keys(&made, "/credential"), fields);
    let one = format!("{path}/{}", made.text("/credential/access"));
    assert!(made.text("/credential/links/self").ends_with(&one));
    assert_eq!(demo.get(&one).await.expect(200).body, made.body);
    let listed = demo.get(&path).await.expect(200);
    assert_eq!(listed.body["credentials"][0], made.body["credential"]);
    let listed = demo.get(&format!("{CREDENTIALS}?type=ec2")).await.expect(200);
    let blob: Value = serde_json::from_str(&listed.text("/credentials/0/blob")).unwrap();
    assert_eq!(blob["secret"], made.body["credential"]["secret"]);
    demo.post(&path, json!({"tenant_id": "nowhere"})).await.expect(404);
    demo.post(&ec2_path(&admin), json!({"tenant_id": demo.project})).await.expect(403);
    demo.delete(&one).await.expect(204);
    demo.get(&one).await.expect(404);
}

#[tokio::test]
async fn a_signed_request_is_worth_a_token_of_its_signer() {
    let cloud = TestCloud::builder().manual_clock().start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let pair = json!({"access": "abc", "secret": "s3cret"});
    keep(&demo, "ec2", &demo.project, &pair).await.expect(201);
    keep(&demo, "ec2", &demo.project, &pair).await.expect(409);
    demo.post(EC2_TOKENS, signed(SIGNATURE)).await.expect(403);
    admin.post(EC2_TOKENS, signed("wrong")).await.expect(401);
    let mut unknown = signed(SIGNATURE);
    unknown["credentials"]["access"] = json!("other");
    let unknown = admin.post(EC2_TOKENS, unknown).await.expect(404);
    assert_eq!(unknown.message(), "EC2 access key not found.");
    admin.post(EC2_TOKENS, json!({})).await.expect(400);
    let answer = admin.post(EC2_TOKENS, signed(SIGNATURE)).await.expect(200);
    assert_eq!(answer.text("/token/user/id"), demo.user);
    assert_eq!(answer.text("/token/project/id"), demo.project);
    assert_eq!(answer.body["token"]["methods"], json!(["ec2credential"]));
    let narrow = demo.with_token(answer.header("x-subject-token"));
    narrow.get("/compute/v2.1/servers").await.expect(200);
    narrow.get(&ec2_path(&demo)).await.expect(403);
    keep(&narrow, "totp", &demo.project, &json!({})).await.expect(403);
    let body = json!({"application_credential": {"name": "robot"}});
    let credentials = format!("/identity/v3/users/{}/application_credentials", demo.user);
    narrow.post(&credentials, body).await.expect(403);
    cloud.clock.advance_seconds(15 * 60);
    let admin = cloud.admin().await;
    admin.post(EC2_TOKENS, signed(SIGNATURE)).await.expect(401);
}

#[tokio::test]
async fn keys_end_with_their_user_and_their_project() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let (user, project) = (make_user(&admin, "ann").await, make_project(&admin, "lab").await);
    grant(&admin, &project, &user, "member").await;
    let ann = cloud.session("ann", "secret", Scope::Project("lab")).await;
    let path = ec2_path(&ann);
    ann.post(&path, json!({"tenant_id": project})).await.expect(201);
    let other = make_project(&admin, "other").await;
    admin.post(&path, json!({"tenant_id": other})).await.expect(201);
    let count = async || {
        let all = admin.get(&format!("{CREDENTIALS}?user_id={user}")).await.expect(200);
        all.body["credentials"].as_array().map(Vec::len)
    };
    assert_eq!(count().await, Some(2));
    admin.delete(&format!("/identity/v3/projects/{other}")).await.expect(204);
    assert_eq!(count().await, Some(1));
    admin.delete(&format!("/identity/v3/users/{user}")).await.expect(204);
    assert_eq!(count().await, Some(0));
}
