//! `changePassword`: the guest's administrator gets another password, or is not there.

use kit::engine::{GuestFile, Instances};
use serde_json::{Value, json};

use super::servers::{active, settled};
use crate::support::TestCloud;

const SHADOW: &str = "/etc/shadow";

fn guest_of(path: &str) -> String {
    format!("nova-{}", path.rsplit('/').next().unwrap())
}

fn change() -> Value {
    json!({"changePassword": {"adminPass": "hunter2"}})
}

#[tokio::test]
async fn the_guest_gets_a_hash_and_nobody_keeps_the_password() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let action = format!("{path}/action");
    demo.post(&action, change()).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    let shadow = cloud.engine.read_file(&guest_of(&path), SHADOW, 1000).await.unwrap().unwrap();
    let text = String::from_utf8(shadow.content.unwrap().to_vec()).unwrap();
    assert!(text.starts_with("root:$6$") && text.ends_with(":19000:0:99999:7:::\n"), "{text}");
    assert_eq!(shadow.mode, 0o600);
    let actions = demo.get(&format!("{path}/os-instance-actions")).await.expect(200);
    assert_eq!(actions.text("/instanceActions/0/action"), "changePassword");
    demo.post(&action, json!({"os-stop": null})).await.expect(202);
    settled(&demo, &path, "SHUTOFF").await;
    let stopped = demo.post(&action, change()).await.expect(409);
    assert!(stopped.message().ends_with("while it is in vm_state stopped"));
}

#[tokio::test]
async fn a_guest_without_such_a_user_is_told_of_at_once() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let nobody = |path: &str| GuestFile {
        path: path.to_owned(),
        content: Some(b"nobody:x:65534:\n".to_vec().into()),
        mode: 0o600,
        uid: 0,
        gid: 0,
    };
    let files = [nobody(SHADOW), nobody("/etc/passwd")];
    cloud.engine.put_files(&guest_of(&path), &files).await.unwrap();
    let refused = demo.post(&format!("{path}/action"), change()).await.expect(409);
    assert_eq!(refused.message(), "Set admin password is not supported");
    settled(&demo, &path, "ACTIVE").await;
}
