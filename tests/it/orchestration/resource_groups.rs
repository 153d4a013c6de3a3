//! Groups: many resources of one definition, as one resource.

use serde_json::{Value, json};

use super::Stack;
use crate::support::TestCloud;

/// A stack whose only resource is a group, with these outputs.
fn group(properties: &Value, outputs: &[(&str, Value)]) -> Value {
    let outputs: serde_json::Map<String, Value> =
        outputs.iter().map(|(name, value)| ((*name).to_owned(), json!({"value": value}))).collect();
    json!({"stack_name": "many", "template": {
        "heat_template_version": "2018-08-31",
        "resources": {"group": {"type": "OS::Heat::ResourceGroup", "properties": properties}},
        "outputs": outputs,
    }})
}

fn kept(text: &str) -> Value {
    json!({"type": "OS::Heat::TestResource", "properties": {"value": text}})
}

async fn outputs(stack: &Stack<'_>) -> Vec<Value> {
    let shown = stack.get("").await;
    let outputs = shown.body["stack"]["outputs"].as_array().unwrap().clone();
    outputs.into_iter().map(|output| output["output_value"].clone()).collect()
}

/// Names and states of the members.
async fn members(stack: &Stack<'_>) -> Vec<String> {
    let rows = stack.get("/resources?nested_depth=1").await;
    let rows = rows.body["resources"].as_array().unwrap().clone();
    let members = rows.iter().filter(|row| row["parent_resource"] == "group");
    let mut names: Vec<String> = members
        .map(|row| format!("{} {}", row["resource_name"], row["resource_status"]).replace('"', ""))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_group_is_numbered_scaled_and_asked_as_one() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let asked = [
        ("all", json!({"get_attr": ["group", "output"]})),
        ("one", json!({"get_attr": ["group", "resource.1.output"]})),
        ("refs", json!({"get_attr": ["group", "refs"]})),
        ("map", json!({"get_attr": ["group", "attributes", "output"]})),
        ("gone", json!({"get_attr": ["group", "removed_rsrc_list"]})),
    ];
    let of = |count: u64, removal: Value| {
        let properties = json!({"count": count, "resource_def": kept("member %index%"),
            "removal_policies": removal});
        group(&properties, &asked)
    };
    let stack = Stack::create(&demo, of(3, json!([]))).await;
    stack.reaches("CREATE_COMPLETE").await;
    let values = outputs(&stack).await;
    assert_eq!(values[0], json!(["member 0", "member 1", "member 2"]));
    assert_eq!(values[1], "member 1");
    assert_eq!(values[2].as_array().unwrap().len(), 3);
    assert_eq!(values[3], json!({"0": "member 0", "1": "member 1", "2": "member 2"}));
    demo.put(&stack.path, of(2, json!([]))).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(members(&stack).await, ["0 CREATE_COMPLETE", "1 CREATE_COMPLETE"]);
    let shot = json!([{"resource_list": ["0"]}]);
    demo.put(&stack.path, of(2, shot)).await.expect(202);
    demo.wait(&stack.path, |answer| {
        answer.body["stack"]["outputs"][4]["output_value"] == json!(["0"])
    })
    .await;
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(members(&stack).await, ["1 CREATE_COMPLETE", "2 CREATE_COMPLETE"]);
    stack.end().await;
}

#[tokio::test]
async fn names_that_were_removed_come_back_when_policies_are_replaced() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let of = |removed: &[&str]| {
        let properties = json!({"count": 2, "resource_def": kept("x"),
            "removal_policies_mode": "update", "removal_policies": [{"resource_list": removed}]});
        group(&properties, &[("gone", json!({"get_attr": ["group", "removed_rsrc_list"]}))])
    };
    let stack = Stack::create(&demo, of(&[])).await;
    stack.reaches("CREATE_COMPLETE").await;
    for (removed, left) in [(["0"], ["1", "2"]), (["1"], ["0", "2"])] {
        demo.put(&stack.path, of(&removed)).await.expect(202);
        demo.wait(&stack.path, |answer| {
            answer.body["stack"]["outputs"][0]["output_value"] == json!(removed)
        })
        .await;
        stack.reaches("UPDATE_COMPLETE").await;
        let names = members(&stack).await;
        let names: Vec<&str> = names.iter().filter_map(|row| row.split(' ').next()).collect();
        assert_eq!(names, left);
    }
    stack.end().await;
}

#[tokio::test]
async fn a_rolling_update_that_pauses_goes_on_after_a_kill() {
    let mut cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let of = |text: &str| {
        let mut body = group(&json!({"count": 2, "resource_def": kept(text)}), &[]);
        body["template"]["resources"]["group"]["update_policy"] =
            json!({"rolling_update": {"pause_time": 0.5}});
        body
    };
    let stack = Stack::create(&demo, of("old")).await;
    stack.reaches("CREATE_COMPLETE").await;
    demo.put(&stack.path, of("new")).await.expect(202);
    let path = stack.path;
    cloud = cloud.kill_and_restart().await;
    let demo = cloud.demo().await;
    let stack = Stack { session: &demo, path };
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(members(&stack).await, ["0 UPDATE_COMPLETE", "1 UPDATE_COMPLETE"]);
    // Pauses that alone take longer than the update may are refused.
    let mut body = of("newer");
    body["timeout_mins"] = json!(1);
    body["template"]["resources"]["group"]["update_policy"]["rolling_update"]["pause_time"] =
        json!(60);
    demo.put(&stack.path, body).await.expect(202);
    let shown = stack.reaches("UPDATE_FAILED").await;
    let reason = shown.text("/stack/stack_status_reason");
    assert!(reason.ends_with("will result in stack update timeout."), "{reason}");
    stack.end().await;
}

#[tokio::test]
async fn a_rolling_update_goes_batch_by_batch() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let of = |text: &str| {
        let mut body = group(&json!({"count": 3, "resource_def": kept(text)}), &[]);
        body["template"]["resources"]["group"]["update_policy"] = json!({
            "rolling_update": {"max_batch_size": 2}, "batch_create": {"max_batch_size": 2},
        });
        body
    };
    let stack = Stack::create(&demo, of("old")).await;
    stack.reaches("CREATE_COMPLETE").await;
    demo.put(&stack.path, of("new")).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let updated = ["0 UPDATE_COMPLETE", "1 UPDATE_COMPLETE", "2 UPDATE_COMPLETE"];
    assert_eq!(members(&stack).await, updated);
    let events = stack.get("/events?nested_depth=1&sort_dir=asc").await;
    let events = events.body["events"].as_array().unwrap().clone();
    let inside = |event: &&Value| {
        let name = event["resource_name"].as_str().unwrap();
        name.starts_with("many-group") && event["resource_status"] != "CREATE_IN_PROGRESS"
    };
    let states: Vec<&str> = events
        .iter()
        .filter(inside)
        .map(|event| event["resource_status"].as_str().unwrap())
        .collect();
    // Two batches made it, and two more changed it.
    let expected = [
        "CREATE_COMPLETE",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ];
    assert_eq!(states, expected);
}

#[tokio::test]
async fn a_mistake_in_a_member_is_told_with_the_way_to_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = group(&json!({"count": 2, "resource_def": {"type": "OS::Nope"}}), &[]);
    let answer = demo.post(&super::url(&demo, "/stacks"), body).await.expect(400);
    assert_eq!(
        super::error(&answer),
        (
            "StackValidationFailed",
            "resources.group<nested_stack>: : The Resource Type (OS::Nope) could not be found."
        )
    );
    let many = group(&json!({"count": 1001, "resource_def": {"type": "OS::Heat::None"}}), &[]);
    let stack = Stack::create(&demo, many).await;
    let shown = stack.reaches("CREATE_FAILED").await;
    assert_eq!(
        shown.text("/stack/stack_status_reason"),
        "Resource CREATE failed: RequestLimitExceeded: resources.group: Request limit exceeded: \
         Maximum resources per stack exceeded."
    );
}

#[tokio::test]
async fn a_chain_is_made_link_by_link() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "chain", "template": {
        "heat_template_version": "2018-08-31",
        "resources": {"group": {"type": "OS::Heat::ResourceChain", "properties": {
            "resources": ["OS::Heat::TestResource", "OS::Heat::TestResource"],
            "resource_properties": {"value": "link"}}}},
        "outputs": {"all": {"value": {"get_attr": ["group", "output"]}}},
    }});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(outputs(&stack).await, [json!(["link", "link"])]);
    let rows = stack.get("/resources?nested_depth=1").await;
    assert_eq!(rows.body["resources"][1]["required_by"], json!(["1"]));
    stack.end().await;
}
