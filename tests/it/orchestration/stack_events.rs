//! `/stacks/{stack_name}/{stack_id}/events`.

use serde_json::json;

use super::Stack;
use crate::support::TestCloud;

#[tokio::test]
async fn events_are_listed_from_both_ends_and_from_a_marker() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(
        &demo,
        "s",
        json!({"v": {"type": "OS::Heat::Value",
        "properties": {"value": 7}}}),
    )
    .await;
    stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(
        stack.story().await,
        ["s CREATE_IN_PROGRESS", "v CREATE_IN_PROGRESS", "v CREATE_COMPLETE", "s CREATE_COMPLETE"]
    );
    let newest = stack.get("/events?limit=1").await;
    assert_eq!(newest.text("/events/0/resource_status"), "CREATE_COMPLETE");
    let id = stack.path.rsplit('/').next().unwrap();
    assert_eq!(newest.text("/events/0/physical_resource_id"), id);
    let first = stack.get("/events?sort_dir=asc&limit=1").await.text("/events/0/id");
    let rest = stack.get(&format!("/events?sort_dir=asc&marker={first}")).await;
    assert_eq!(rest.body["events"].as_array().unwrap().len(), 3);
    let of_resource = stack.get("/resources/v/events?sort_dir=desc").await;
    let event = of_resource.text("/events/0/id");
    let shown = stack.get(&format!("/resources/v/events/{event}")).await;
    assert_eq!(shown.text("/event/resource_type"), "OS::Heat::Value");
    assert_eq!(shown.body["event"]["resource_properties"]["value"], 7);
    let missing = demo.get(&format!("{}/resources/v/events/nope", stack.path)).await.expect(404);
    assert_eq!(missing.text("/error/message"), "No event nope found");
    assert_eq!(missing.text("/error/type"), "HTTPNotFound");
}
