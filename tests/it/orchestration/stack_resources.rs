//! `/stacks/{stack_name}/{stack_id}/resources`.

use kit::engine::Instances;
use serde_json::{Value, json};

use super::Stack;
use crate::support::{Answer, TestCloud};

#[tokio::test]
async fn a_resource_shows_what_it_is_and_who_needs_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(
        &demo,
        "g1",
        json!({
            "rnd": {"type": "OS::Heat::RandomString", "description": "luck",
                "metadata": {"role": "dice"}},
            "res": {"type": "OS::Heat::TestResource",
                "properties": {"value": {"get_resource": "rnd"}}},
        }),
    )
    .await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown = stack.get("/resources/rnd?with_attr=value").await;
    assert_eq!(shown.text("/resource/resource_status"), "CREATE_COMPLETE");
    assert_eq!(shown.text("/resource/resource_status_reason"), "state changed");
    assert_eq!(shown.body["resource"]["required_by"], json!(["res"]));
    assert_eq!(shown.text("/resource/description"), "luck");
    assert_eq!(shown.text("/resource/attributes/value").len(), 32);
    assert!(shown.text("/resource/physical_resource_id").starts_with("g1-rnd-"));
    let needed = stack.get("/resources/res").await;
    assert_eq!(
        needed.text("/resource/attributes/output"),
        shown.text("/resource/attributes/value"),
        "a reference to a random string is the string"
    );
    let metadata = stack.get("/resources/rnd/metadata").await;
    assert_eq!(metadata.body, json!({"metadata": {"role": "dice"}}));
    let listed = stack.get("/resources?type=OS::Heat::TestResource").await;
    assert_eq!(listed.body["resources"].as_array().unwrap().len(), 1);
    assert_eq!(stack.get("/resources?status=FAILED").await.body, json!({"resources": []}));
    let missing = demo.get(&format!("{}/resources/nope", stack.path)).await.expect(404);
    assert_eq!(
        missing.text("/error/message"),
        "The Resource (nope) could not be found in Stack g1."
    );
    assert_eq!(missing.text("/error/type"), "ResourceNotFound");
}

#[tokio::test]
async fn a_resource_that_takes_no_signals_says_so() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "g1", json!({"res": {"type": "OS::Heat::TestResource"}})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let path = format!("{}/resources/res/signal", stack.path);
    let refused = demo.post(&path, json!({"x": 1})).await.expect(400);
    let said = ("ResourceActionNotSupported", "signal is not supported for resource.");
    assert_eq!(super::error(&refused), said);
    let missing = format!("{}/resources/nope/signal", stack.path);
    demo.post(&missing, json!(null)).await.expect(404);
}

#[tokio::test]
async fn a_resource_that_is_not_well_is_replaced_by_the_next_update() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "g1", json!({"rnd": {"type": "OS::Heat::RandomString"}})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let before = stack.get("/resources/rnd").await.text("/resource/physical_resource_id");
    let path = format!("{}/resources/{before}", stack.path);
    let ill = json!({"mark_unhealthy": true, "resource_status_reason": "broken"});
    assert_eq!(demo.patch(&path, ill.clone()).await.expect(200).body, json!(null));
    let shown = stack.get("/resources/rnd").await;
    assert_eq!(shown.text("/resource/resource_status"), "CHECK_FAILED");
    assert_eq!(shown.text("/resource/resource_status_reason"), "broken");
    let path = format!("{}/resources/rnd", stack.path);
    demo.patch(&path, json!({"mark_unhealthy": "false"})).await.expect(200);
    let shown = stack.get("/resources/rnd").await;
    assert_eq!(shown.text("/resource/resource_status"), "CHECK_COMPLETE");
    assert_eq!(
        shown.text("/resource/resource_status_reason"),
        "state changed by resource_mark_unhealthy api"
    );

    demo.patch(&path, ill).await.expect(200);
    demo.patch(&stack.path, json!({})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let after = stack.get("/resources/rnd").await.text("/resource/physical_resource_id");
    assert_ne!(before, after, "another took its place");

    let refusals = [
        (
            json!({"resource_status_reason": "x"}),
            "Missing mandatory (mark_unhealthy) key from mark unhealthy request",
        ),
        (json!({"x": 1}), "Invalid keys in resource mark unhealthy {'x'}"),
        (
            json!({"mark_unhealthy": "perhaps"}),
            "Unrecognized value \"perhaps\" for \"mark_unhealthy\", acceptable values are: true, \
             false",
        ),
    ];
    for (body, sentence) in refusals {
        let refused = demo.patch(&path, body).await.expect(400);
        assert_eq!(super::error(&refused), ("HTTPBadRequest", sentence));
    }
    let missing = format!("{}/resources/nope", stack.path);
    demo.patch(&missing, json!({"mark_unhealthy": true})).await.expect(404);
}

fn server() -> Value {
    json!({"type": "OS::Nova::Server", "properties": {
        "image": "novadock/tiny", "flavor": "m1.tiny", "networks": [{"network": "shared"}]}})
}

/// The resource, once it is in this state.
async fn in_state(stack: &Stack<'_>, name: &str, state: &str) -> Answer {
    let path = format!("{}/resources/{name}", stack.path);
    let reached = |answer: &Answer| answer.optional("/resource/resource_status") == state;
    stack.session.wait(&path, reached).await
}

#[tokio::test]
async fn a_guest_that_ends_or_vanishes_shows_in_its_resource_once_until_it_is_back() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "s", json!({"ends": server(), "goes": server()})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let id = |answer: Answer| answer.text("/resource/physical_resource_id");
    let ends = id(stack.get("/resources/ends").await);
    let goes = id(stack.get("/resources/goes").await);
    cloud.engine.stop(&format!("nova-{ends}"), 0).await.unwrap();
    cloud.engine.remove_behind_back(&format!("nova-{goes}"));
    let ended = in_state(&stack, "ends", "CHECK_FAILED").await;
    let reason = "Error: resources.ends: The guest of the server has ended";
    assert_eq!(ended.text("/resource/resource_status_reason"), reason);
    let gone = in_state(&stack, "goes", "CHECK_FAILED").await;
    let reason = "Error: resources.goes: The guest of the server is gone";
    assert_eq!(gone.text("/resource/resource_status_reason"), reason);

    let action = format!("/compute/v2.1/servers/{ends}/action");
    demo.post(&action, json!({"os-start": null})).await.expect(202);
    in_state(&stack, "ends", "CHECK_COMPLETE").await;
    let events = stack.get("/events?resource_name=ends&sort_dir=asc").await;
    let states: Vec<&str> = events.body["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["resource_status"].as_str().unwrap())
        .collect();
    let wanted = ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CHECK_FAILED", "CHECK_COMPLETE"];
    assert_eq!(states, wanted);
    let shown = stack.get("").await;
    assert_eq!(shown.text("/stack/stack_status"), "CREATE_COMPLETE");
}
