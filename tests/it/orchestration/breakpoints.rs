//! Hooks and restricted actions: what an environment says of single resources.

use serde_json::{Value, json};

use super::{Stack, error, template};
use crate::support::{Answer, Session, TestCloud};

fn environment(rows: Value) -> Value {
    json!({"resource_registry": {"resources": rows}})
}

/// Two resources, one after the other; the first keeps `value`.
fn pair(value: &str) -> Value {
    template(json!({
        "first": {"type": "OS::Heat::TestResource", "properties": {"value": value}},
        "second": {"type": "OS::Heat::RandomString", "depends_on": "first"},
    }))
}

async fn hooked(demo: &Session, hooks: Value) -> Stack<'_> {
    let environment = environment(json!({"fi*": {"hooks": hooks}}));
    let body = json!({
        "stack_name": "s", "template": pair("a"), "environment": environment, "timeout_mins": 1,
    });
    Stack::create(demo, body).await
}

/// Waits until an event of the first resource says so.
async fn told(stack: &Stack<'_>, words: &str) {
    let path = format!("{}/resources/first/events", stack.path);
    let said = |answer: &Answer| {
        let rows = answer.body["events"].as_array().unwrap();
        rows.iter().any(|row| row["resource_status_reason"] == words)
    };
    stack.session.wait(&path, said).await;
}

async fn state(stack: &Stack<'_>, name: &str) -> String {
    stack.get(&format!("/resources/{name}")).await.text("/resource/resource_status").clone()
}

async fn clear(stack: &Stack<'_>, hook: &str, status: u16) -> Answer {
    let path = format!("{}/resources/first/signal", stack.path);
    stack.session.post(&path, json!({"unset_hook": hook})).await.expect(status)
}

#[tokio::test]
async fn a_resource_waits_before_and_after_its_creation() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = hooked(&demo, json!(["pre-create", "post-create"])).await;
    told(&stack, "CREATE paused until Hook pre-create is cleared").await;
    assert_eq!(state(&stack, "first").await, "INIT_COMPLETE");

    let wrong = clear(&stack, "pre-crate", 400).await;
    let named =
        format!("TestResource \"first\" Stack \"s\" [{}]", stack.path.rsplit('/').next().unwrap());
    let sentence = format!("Invalid hook type \"pre-crate\" for {named}");
    assert_eq!(error(&wrong), ("InvalidBreakPointHook", sentence.as_str()));
    let early = clear(&stack, "post-create", 400).await;
    let sentence = format!("The \"post-create\" hook is not defined on {named}");
    assert_eq!(error(&early), ("InvalidBreakPointHook", sentence.as_str()));

    clear(&stack, "pre-create", 200).await;
    told(&stack, "CREATE paused until Hook post-create is cleared").await;
    assert_eq!(state(&stack, "first").await, "CREATE_COMPLETE");
    assert_eq!(state(&stack, "second").await, "INIT_COMPLETE");
    clear(&stack, "post-create", 200).await;
    stack.reaches("CREATE_COMPLETE").await;
    told(&stack, "Hook post-create is cleared").await;
    clear(&stack, "post-create", 400).await;
}

#[tokio::test]
async fn a_breakpoint_outlives_a_kill() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = hooked(&demo, json!("pre-create")).await;
    told(&stack, "CREATE paused until Hook pre-create is cleared").await;
    let path = stack.path.clone();
    let cloud = cloud.kill_and_restart().await;
    let demo = cloud.demo().await;
    let stack = Stack { session: &demo, path };
    assert_eq!(state(&stack, "first").await, "INIT_COMPLETE");
    clear(&stack, "pre-create", 200).await;
    stack.reaches("CREATE_COMPLETE").await;
}

#[tokio::test]
async fn a_resource_waits_around_updates_and_deletion() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let hooks = json!(["pre-update", "post-update", "pre-delete", "post-delete"]);
    let stack = hooked(&demo, hooks).await;
    stack.reaches("CREATE_COMPLETE").await;
    let change = json!({"template": pair("b"), "existing": true});
    demo.patch(&stack.path, change).await.expect(202);
    for hook in ["pre-update", "post-update"] {
        told(&stack, &format!("UPDATE paused until Hook {hook} is cleared")).await;
        clear(&stack, hook, 200).await;
    }
    stack.reaches("UPDATE_COMPLETE").await;

    demo.delete(&stack.path).await.expect(204);
    told(&stack, "DELETE paused until Hook pre-delete is cleared").await;
    assert_eq!(state(&stack, "first").await, "UPDATE_COMPLETE");
    clear(&stack, "pre-delete", 200).await;
    told(&stack, "DELETE paused until Hook post-delete is cleared").await;
    clear(&stack, "post-delete", 200).await;
    stack.reaches("DELETE_COMPLETE").await;
}

#[tokio::test]
async fn a_stack_that_is_deleted_at_a_breakpoint_goes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = hooked(&demo, json!(["pre-create", "pre-delete"])).await;
    told(&stack, "CREATE paused until Hook pre-create is cleared").await;
    stack.end().await;
}

#[tokio::test]
async fn a_breakpoint_that_nobody_clears_ends_with_the_time_of_the_stack() {
    let cloud = TestCloud::builder().manual_clock().start().await;
    let demo = cloud.demo().await;
    let stack = hooked(&demo, json!("post-create")).await;
    told(&stack, "CREATE paused until Hook post-create is cleared").await;
    cloud.clock.advance_seconds(61);
    let failed = stack.reaches("CREATE_FAILED").await;
    assert_eq!(failed.text("/stack/stack_status_reason"), "Timed out");
    told(&stack, "Failure occurred while waiting.").await;
    assert_eq!(state(&stack, "first").await, "CREATE_COMPLETE");
}

#[tokio::test]
async fn what_the_environment_restricts_fails_the_update_and_not_the_resource() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for (action, template) in [
        ("update", pair("b")),
        ("replace", template(json!({"first": {"type": "OS::Heat::RandomString"}}))),
    ] {
        let rows = json!({"first": {"restricted_actions": action}});
        let body = json!({
            "stack_name": action, "template": pair("a"), "environment": environment(rows),
        });
        let stack = Stack::create(&demo, body).await;
        stack.reaches("CREATE_COMPLETE").await;
        let change = json!({"template": template, "existing": true});
        demo.patch(&stack.path, change).await.expect(202);
        let failed = stack.reaches("UPDATE_FAILED").await;
        let sentence = format!("{action} is restricted for resource.");
        assert_eq!(
            failed.text("/stack/stack_status_reason"),
            format!(
                "Resource UPDATE failed: ResourceActionRestricted: resources.first: {sentence}"
            )
        );
        told(&stack, &sentence).await;
        assert_eq!(state(&stack, "first").await, "CREATE_COMPLETE");
    }
}
