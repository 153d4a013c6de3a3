//! Users of stacks in Amazon's words, and their keys.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Stack;
use crate::support::{Answer, Session, TestCloud};

fn resources(policies: Value) -> Value {
    json!({
        "seen": {"type": "OS::Heat::Value", "properties": {"value": 1}, "metadata": {"a": 1}},
        "hidden": {"type": "OS::Heat::Value", "properties": {"value": 2}},
        "policy": {"type": "OS::Heat::AccessPolicy",
            "properties": {"AllowedResources": ["seen"]}},
        "user": {"type": "AWS::IAM::User", "depends_on": "policy", "properties": {
            "LoginProfile": {"Password": "s3cret"}, "Policies": policies}},
        "key": {"type": "AWS::IAM::AccessKey",
            "properties": {"UserName": {"get_resource": "user"}}},
    })
}

async fn log_in(cloud: &TestCloud, user: &str) -> Answer {
    let user = json!({"id": user, "password": "s3cret"});
    let auth = json!({"identity": {"methods": ["password"], "password": {"user": user}}});
    cloud.nobody().post("/identity/v3/auth/tokens", json!({"auth": auth})).await
}

/// What reading the metadata of a resource is answered with, whether the stack is named or its id.
async fn reads(guest: &Session, stack: &Stack<'_>, name: &str) -> u16 {
    let answers = stack.path.rsplit('/').take(2).map(async |named| {
        let question = format!(
            "/heat-api-cfn/v1/?Action=DescribeStackResource&StackName={named}&LogicalResourceId={name}"
        );
        guest.get(&question).await.status
    });
    let answers: Vec<u16> = join_all(answers).await;
    assert_eq!(answers[0], answers[1]);
    answers[0]
}

#[tokio::test]
async fn a_user_reads_what_his_policies_leave_him_and_goes_with_the_stack() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for (policies, hidden) in [(json!(["policy"]), 403), (json!([]), 200)] {
        let stack = Stack::of(&demo, "s", resources(policies)).await;
        stack.reaches("CREATE_COMPLETE").await;
        let physical = "/resource/physical_resource_id";
        let user = stack.get("/resources/user").await.text(physical);
        let token = log_in(&cloud, &user).await.expect(201).header("x-subject-token").to_owned();
        let guest = cloud.nobody().with_token(&token);
        assert_eq!(reads(&guest, &stack, "seen").await, 200);
        assert_eq!(reads(&guest, &stack, "hidden").await, hidden);
        stack.end().await;
        log_in(&cloud, &user).await.expect(401);
    }
}

#[tokio::test]
async fn a_key_is_the_users_and_its_secret_is_an_attribute() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let stack = Stack::of(&demo, "s", resources(json!(["policy"]))).await;
    stack.reaches("CREATE_COMPLETE").await;
    let key = stack.get("/resources/key").await;
    let user = stack.get("/resources/user").await.text("/resource/physical_resource_id");
    let pairs = format!("/identity/v3/users/{user}/credentials/OS-EC2");
    let kept = admin.get(&pairs).await.expect(200);
    assert_eq!(kept.text("/credentials/0/access"), key.text("/resource/physical_resource_id"));
    let secret = key.text("/resource/attributes/SecretAccessKey");
    assert_eq!(kept.text("/credentials/0/secret"), secret);
    assert!(key.text("/resource/attributes/UserName").starts_with("s-user-"));
    stack.end().await;
    let shown = admin.get("/identity/v3/credentials").await.expect(200);
    assert_eq!(shown.body["credentials"], json!([]));
}

#[tokio::test]
async fn a_policy_that_is_none_and_a_key_of_nobody_fail() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let cases = [
        (
            json!({"u": {"type": "AWS::IAM::User", "properties": {"Policies": ["u"]}}}),
            "InvalidTemplateAttribute: resources.u: The Referenced Attribute (u Policies) is \
             incorrect.",
        ),
        (
            json!({"k": {"type": "AWS::IAM::AccessKey", "properties": {"UserName": "nobody"}}}),
            "NotFound: resources.k: could not find user nobody",
        ),
    ];
    for (number, (resources, reason)) in cases.into_iter().enumerate() {
        let stack = Stack::of(&demo, &format!("s{number}"), resources).await;
        let failed = stack.reaches("CREATE_FAILED").await;
        let told = failed.text("/stack/stack_status_reason");
        assert_eq!(told, format!("Resource CREATE failed: {reason}"));
    }
}
