//! Stacks nested in stacks: template resources, made, shown, changed, deleted, refused.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::TestCloud;

const CHILD: &str = "
heat_template_version: 2018-08-31
parameters:
  text: {type: string}
  list: {type: comma_delimited_list, default: ''}
resources:
  kept: {type: OS::Heat::TestResource, properties: {value: {get_param: text}}}
outputs:
  text: {value: {get_attr: [kept, output]}}
  list: {value: {get_param: list}}
";

/// A stack of these resources with the template `child.yaml`.
fn with_child(name: &str, resources: Value, child: &str) -> Value {
    let mut body = json!({"stack_name": name, "template": template(resources)});
    body["files"] = json!({"child.yaml": child});
    body
}

fn part(text: &str) -> Value {
    json!({"part": {"type": "child.yaml", "properties": {"text": text, "list": ["a", "b"]}}})
}

#[tokio::test]
async fn a_template_is_a_type_whose_outputs_are_attributes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut body = with_child("outer", part("hello"), CHILD);
    body["template"]["outputs"] = json!({
        "text": {"value": {"get_attr": ["part", "text"]}},
        "list": {"value": {"get_attr": ["part", "list", 1]}},
        "deep": {"value": {"get_attr": ["part", "resource.kept", "output"]}},
        "thing": {"value": {"get_resource": "part"}},
    });
    let stack = Stack::create(&demo, body).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    let output = |index: usize| shown.body["stack"]["outputs"][index]["output_value"].clone();
    assert_eq!((output(0), output(1), output(2)), (json!("hello"), json!("b"), json!("hello")));
    let arn = output(3).as_str().unwrap().to_owned();
    assert!(arn.starts_with("arn:openstack:heat::") && arn.contains(":stacks/outer-part-"));
    let rows = stack.get("/resources?nested_depth=1").await;
    let (part, kept) = (&rows.body["resources"][0], &rows.body["resources"][1]);
    assert_eq!((&part["resource_type"], part.get("parent_resource")), (&json!("child.yaml"), None));
    assert_eq!(part["links"][2]["rel"], "nested");
    assert_eq!(kept["parent_resource"], "part");
    assert_eq!(stack.get("/resources").await.body["resources"].as_array().unwrap().len(), 1);
    let listed = async |query: &str| {
        demo.get(&url(&demo, &format!("/stacks{query}"))).await.expect(200).body["stacks"].clone()
    };
    assert_eq!(listed("").await.as_array().unwrap().len(), 1);
    let all = listed("?show_nested=true").await;
    assert_eq!(all[0]["id"], part["physical_resource_id"]);
    assert_eq!(all[0]["parent"], all[1]["id"]);
    let events = stack.get("/events?nested_depth=2").await;
    let events = events.body["events"].as_array().unwrap().clone();
    assert_eq!(events[0]["links"][3]["rel"], "root_stack");
    assert!(events.iter().any(|event| event["resource_name"] == "kept"));
    stack.end().await;
    assert_eq!(listed("?show_nested=true").await, json!([]));
}

#[tokio::test]
async fn an_update_goes_down_into_nested_stacks() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, with_child("outer", part("one"), CHILD)).await;
    stack.reaches("CREATE_COMPLETE").await;
    let kept = async || {
        let rows = stack.get("/resources?nested_depth=1&with_detail=true").await;
        let kept = &rows.body["resources"][1];
        format!("{} {}", kept["resource_status"], kept["attributes"]["output"]).replace('"', "")
    };
    assert_eq!(kept().await, "CREATE_COMPLETE one");
    demo.put(&stack.path, with_child("outer", part("two"), CHILD)).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(kept().await, "UPDATE_COMPLETE two");
    // Only the text of the template differs.
    let child = CHILD.replace("{get_param: text}", "three");
    demo.put(&stack.path, with_child("outer", part("two"), &child)).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(kept().await, "UPDATE_COMPLETE three");
    for (word, state) in [
        ("suspend", "SUSPEND_COMPLETE"),
        ("resume", "RESUME_COMPLETE"),
        ("check", "CHECK_COMPLETE"),
    ] {
        demo.post(&format!("{}/actions", stack.path), json!({word: null})).await.expect(200);
        stack.reaches(state).await;
        assert_eq!(kept().await, format!("{state} three"));
    }
}

#[tokio::test]
async fn a_failure_inside_is_told_outside_and_rolled_back() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let fails = CHILD.replace("value: {get_param: text}", "fail: true");
    let stack = Stack::create(&demo, with_child("bad", part("x"), &fails)).await;
    let shown = stack.reaches("CREATE_FAILED").await;
    assert_eq!(
        shown.text("/stack/stack_status_reason"),
        "Resource CREATE failed: ValueError: resources.part.resources.kept: Test Resource failed \
         kept"
    );
    // A template that fits mends it in place.
    demo.put(&stack.path, with_child("bad", part("x"), CHILD)).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let mut worse = with_child("bad", part("y"), &fails);
    worse["disable_rollback"] = json!(false);
    demo.put(&stack.path, worse).await.expect(202);
    stack.reaches("ROLLBACK_COMPLETE").await;
    let row = stack.get("/resources/part").await;
    assert_eq!(row.text("/resource/attributes/text"), "x");
    stack.end().await;
}

#[tokio::test]
async fn a_newer_update_overtakes_what_is_nested() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let slow =
        CHILD.replace("properties: {value", "properties: {action_wait_secs: {create: -1}, value");
    let stack = Stack::create(&demo, with_child("slow", part("x"), &slow)).await;
    let under_way = |answer: &crate::support::Answer| {
        answer.body["resources"].as_array().is_some_and(|rows| {
            rows.iter().any(|row| {
                row["resource_name"] == "kept" && row["resource_status"] == "CREATE_IN_PROGRESS"
            })
        })
    };
    demo.wait(&format!("{}/resources?nested_depth=1", stack.path), under_way).await;
    stack.end().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_nested_template_is_told_with_the_way_to_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let refusal = async |child: &str| {
        let resources = json!({"part": {"type": "child.yaml", "properties": {"text": "x"}}});
        let body = with_child("wrong", resources, child);
        let answer = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
        let (class, sentence) = error(&answer);
        (class.to_owned(), sentence.to_owned())
    };
    let unknown = CHILD.replace("OS::Heat::TestResource", "OS::Nope");
    let failed = "StackValidationFailed".to_owned();
    assert_eq!(
        refusal(&unknown).await,
        (
            failed.clone(),
            "resources.part<child.yaml>: : The Resource Type (OS::Nope) could not be found."
                .to_owned()
        )
    );
    let property = CHILD.replace("{value: {get_param: text}}", "{nope: 1}");
    assert_eq!(
        refusal(&property).await.1,
        "Property error: : resources.part<child.yaml>.resources.kept.properties: : Unknown Property \
         nope"
    );
    let endless = "
heat_template_version: 2018-08-31
parameters: {text: {type: string, default: a}, list: {type: string, default: b}}
resources: {again: {type: child.yaml}}
";
    let (_, sentence) = refusal(endless).await;
    assert!(sentence.ends_with("Recursion depth exceeds 5."), "{sentence}");
    assert!(sentence.contains("part<child.yaml>.resources.again<child.yaml>"), "{sentence}");
}

#[tokio::test]
async fn a_facade_is_seen_from_inside_and_a_row_of_the_registry_is_a_type() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let child = "
heat_template_version: 2018-08-31
resources:
  note: {type: OS::Heat::Value, properties: {value: {resource_facade: metadata}}}
  policy: {type: OS::Heat::Value, properties: {value: {resource_facade: deletion_policy}}}
outputs:
  note: {value: {get_attr: [note, value, k]}}
  policy: {value: {get_attr: [policy, value]}}
  OS::stack_id: {value: {get_attr: [note, value, k]}}
";
    let resources = json!({
        "part": {"type": "My::Part", "metadata": {"k": "v"}, "deletion_policy": "Delete"},
    });
    let mut body = with_child("facade", resources, child);
    body["environment"] = json!({"resource_registry": {"My::Part": "child.yaml"}});
    body["template"]["outputs"] = json!({
        "note": {"value": {"get_attr": ["part", "note"]}},
        "policy": {"value": {"get_attr": ["part", "policy"]}},
        "known": {"value": {"get_resource": "part"}},
    });
    let stack = Stack::create(&demo, body).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    let output = |index: usize| shown.body["stack"]["outputs"][index]["output_value"].clone();
    assert_eq!((output(0), output(1), output(2)), (json!("v"), json!("Delete"), json!("v")));
    stack.end().await;
}

#[tokio::test]
async fn a_stack_that_is_stopped_stops_what_is_nested_in_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let slow = CHILD.replace("{value: {get_param: text}}", "{action_wait_secs: {create: 3600}}");
    let stack = Stack::create(&demo, with_child("outer", part("a"), &slow)).await;
    let states = url(&demo, "/stacks?show_nested=true&sort_keys=created_at&sort_dir=asc");
    demo.wait(&states, |answer| !answer.optional("/stacks/1/id").is_empty()).await;
    let actions = format!("{}/actions", stack.path);
    demo.post(&actions, json!({"cancel_without_rollback": null})).await.expect(200);
    let both = demo.get(&states).await.expect(200);
    for place in ["/stacks/0", "/stacks/1"] {
        assert_eq!(both.text(&format!("{place}/stack_status")), "CREATE_FAILED");
        let reason = both.text(&format!("{place}/stack_status_reason"));
        assert_eq!(reason, "Stack CREATE cancelled");
    }
    stack.end().await;
    assert_eq!(demo.get(&states).await.expect(200).body, json!({"stacks": []}));
}

#[tokio::test]
async fn a_validation_tells_what_nested_templates_ask_when_it_is_asked_to() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let verdict = async |query: &str, child: &str, status: u16| {
        let body = json!({"template": template(part("x")), "files": {"child.yaml": child}});
        demo.post(&url(&demo, &format!("/validate{query}")), body).await.expect(status)
    };
    let plain = verdict("", CHILD, 200).await;
    assert_eq!(plain.body.get("NestedParameters"), None);
    let nested = verdict("?show_nested=true", CHILD, 200).await;
    let part = &nested.body["NestedParameters"]["part"];
    assert_eq!(
        (&part["Type"], &part["Parameters"]["text"]["Type"]),
        (&json!("child.yaml"), &json!("String"))
    );
    // Heat does not look into them otherwise.
    let unknown = CHILD.replace("OS::Heat::TestResource", "OS::Nope");
    verdict("", &unknown, 200).await;
    let refused = verdict("?show_nested=true", &unknown, 400).await;
    assert_eq!(
        error(&refused).1,
        "resources.part<child.yaml>: The Resource Type (OS::Nope) could not be found."
    );
}

#[tokio::test]
async fn what_a_row_of_the_registry_made_goes_without_the_row() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = |makes: Value, resources: Value| {
        let mut body = with_child("registry", resources, CHILD);
        body["environment"] = json!({"resource_registry": makes});
        body
    };
    let both = json!({
        "part": {"type": "My::Part", "properties": {"text": "a"}},
        "value": {"type": "My::Value", "properties": {"value": "a"}},
    });
    let rows = json!({"My::Part": "child.yaml", "My::Value": "OS::Heat::TestResource"});
    let stack = Stack::create(&demo, body(rows, both.clone())).await;
    stack.reaches("CREATE_COMPLETE").await;
    let id = async || stack.get("/resources/value").await.text("/resource/physical_resource_id");
    let before = id().await;
    // Another plug-in for the same type makes another thing.
    let rows = json!({"My::Part": "child.yaml", "My::Value": "OS::Heat::Value"});
    demo.put(&stack.path, body(rows, both)).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_ne!(id().await, before);
    // Rows and resources go at once.
    demo.put(&stack.path, body(json!({}), json!({}))).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let all = demo.get(&url(&demo, "/stacks?show_nested=true")).await.expect(200);
    assert_eq!(all.body["stacks"].as_array().unwrap().len(), 1);
    stack.end().await;
}

#[tokio::test]
async fn a_template_that_stands_for_a_type_looks_like_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let ask = async |parameters: Value, outputs: Value, status: u16| {
        let child = json!({"heat_template_version": "2018-08-31", "parameters": parameters,
            "outputs": outputs});
        let resources = json!({"part": {"type": "OS::Heat::Value", "properties": {"value": "x"}}});
        let mut body = with_child("facade", resources, &child.to_string());
        body["environment"] = json!({"resource_registry": {"OS::Heat::Value": "child.yaml"}});
        demo.post(&url(&demo, "/stacks"), body).await.expect(status)
    };
    let value = json!({"value": {"type": "string"}});
    let shown = json!({"value": {"value": "x"}});
    let other = json!({"value": {"type": "string"}, "type": {"type": "number", "default": 1}});
    for (parameters, outputs, sentence) in [
        (
            other,
            &shown,
            "Property type type mismatch between facade OS::Heat::Value (String) and \
                         provider (Number)",
        ),
        (
            value.clone(),
            &json!({}),
            "Attribute value for facade OS::Heat::Value missing in provider",
        ),
    ] {
        let answer = ask(parameters, outputs.clone(), 400).await;
        assert_eq!(error(&answer).1, sentence);
    }
    let _made = ask(value, shown, 201).await;
}

#[tokio::test]
async fn a_nested_stack_is_updated_by_itself_until_the_outer_one_is() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, with_child("outer", part("a"), CHILD)).await;
    stack.reaches("CREATE_COMPLETE").await;
    let all = demo.get(&url(&demo, "/stacks?show_nested=true")).await.expect(200);
    let rows = all.body["stacks"].as_array().unwrap();
    let row = rows.iter().find(|row| !row["parent"].is_null()).unwrap();
    let word = |key: &str| row[key].as_str().unwrap();
    let path = url(&demo, &format!("/stacks/{}/{}", word("stack_name"), word("id")));
    let inner = Stack { session: &demo, path };
    let text = async || inner.get("/outputs/text").await.text("/output/output_value");
    demo.patch(&inner.path, json!({"parameters": {"text": "b"}})).await.expect(202);
    inner.reaches("UPDATE_COMPLETE").await;
    assert_eq!(text().await, "b");
    demo.put(&stack.path, with_child("outer", part("a"), CHILD)).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(text().await, "a");
    stack.end().await;
}
