//! `/stacks/{stack_name}/{stack_id}/resources`.

use serde_json::json;

use super::Stack;
use crate::support::TestCloud;

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
