//! `changePassword`: the guest's own tool sets the password, or there is none.

use kit::engine::ExecOutcome;
use serde_json::json;

use super::servers::{active, settled};
use crate::support::TestCloud;

/// Every command in the guest ends like that from now on.
fn answer(cloud: &TestCloud, exit_code: i64) {
    let outcome = move || ExecOutcome { exit_code, output: Vec::new().into() };
    cloud.engine.answer_exec(move |_, _| outcome());
}

#[tokio::test]
async fn the_guest_gets_a_hash_and_nobody_keeps_the_password() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    let body = json!({"changePassword": {"adminPass": "hunter2"}});
    demo.post(&format!("{path}/action"), body.clone()).await.expect(202);
    settled(&demo, &path, "ACTIVE").await;
    let execs = cloud.engine.execs(&format!("nova-{}", path.rsplit('/').next().unwrap()));
    let fed = execs.last().unwrap().stdin.clone().unwrap();
    assert!(fed.starts_with(b"root:$6$"), "{fed:?}");
    let actions = demo.get(&format!("{path}/os-instance-actions")).await.expect(200);
    assert_eq!(actions.text("/instanceActions/0/action"), "changePassword");
    demo.post(&format!("{path}/action"), json!({"os-stop": null})).await.expect(202);
    settled(&demo, &path, "SHUTOFF").await;
    let stopped = demo.post(&format!("{path}/action"), body).await.expect(409);
    assert!(stopped.message().ends_with("while it is in vm_state stopped"));
}

#[tokio::test]
async fn a_guest_without_the_tool_is_told_of_at_once() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = active(&demo, "s").await;
    answer(&cloud, 127);
    let body = json!({"changePassword": {"adminPass": "hunter2"}});
    let refused = demo.post(&format!("{path}/action"), body).await.expect(409);
    assert_eq!(refused.message(), "Set admin password is not supported");
    settled(&demo, &path, "ACTIVE").await;
}
