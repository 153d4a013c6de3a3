//! Resources that stand for things of others.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::TestCloud;

fn with_server(id: &str, name: &str) -> Value {
    template(json!({
        "old": {"type": "OS::Nova::Server", "external_id": id},
        "seen": {"type": "OS::Heat::Value", "properties": {
            "value": {"get_attr": ["old", "name"]}}},
        "more": {"type": "OS::Heat::Value", "properties": {"value": name}},
    }))
}

#[tokio::test]
async fn a_server_of_somebody_else_is_shown_checked_and_left_alone() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let own = json!({"own": {"type": "OS::Nova::Server", "properties": {
        "name": "theirs", "image": "novadock/tiny", "flavor": "m1.tiny",
        "networks": [{"network": "shared"}]}}});
    let other = Stack::of(&demo, "other", own).await;
    let id = other.ready("own").await.text("/resource/physical_resource_id").clone();

    let body = json!({"stack_name": "s", "template": with_server(&id, "a")});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let seen = stack.get("/resources/seen").await;
    assert_eq!(seen.text("/resource/attributes/value"), "theirs");
    let old = stack.get("/resources/old").await;
    assert_eq!(old.text("/resource/physical_resource_id"), id);
    let story = stack.story().await;
    let own = |event: &&String| event.starts_with("old ");
    assert_eq!(
        story.iter().filter(own).collect::<Vec<_>>(),
        [
            "old ADOPT_IN_PROGRESS",
            "old ADOPT_COMPLETE",
            "old CHECK_IN_PROGRESS",
            "old CHECK_COMPLETE"
        ]
    );

    demo.put(&stack.path, json!({"template": with_server(&id, "b")})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let mut taken = with_server(&id, "b");
    taken["resources"]["old"] = json!({"type": "OS::Nova::Server", "properties": {
        "image": "novadock/tiny", "flavor": "m1.tiny", "networks": [{"network": "shared"}]}});
    demo.put(&stack.path, json!({"template": taken})).await.expect(202);
    let failed = stack.reaches("UPDATE_FAILED").await;
    assert_eq!(
        failed.text("/stack/stack_status_reason"),
        "Resource UPDATE failed: NotSupported: resources.old: Update to property external_id of \
         old (OS::Nova::Server) is not supported."
    );
    stack.end().await;
    demo.get(&format!("/compute/v2.1/servers/{id}")).await.expect(200);
}

#[tokio::test]
async fn what_is_not_there_is_refused_before_anything_exists() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "s", "template": with_server("nowhere", "a")});
    let refused = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
    let sentence =
        "Invalid external resource: Resource nowhere (OS::Nova::Server) can not be found.";
    assert_eq!(error(&refused), ("StackValidationFailed", sentence));
}
