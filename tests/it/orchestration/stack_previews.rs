//! `/stacks/preview` and `/stacks/{stack_name}/{stack_id}/preview`.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::TestCloud;

fn golden() -> Value {
    let mut golden = template(json!({
        "rnd": {"type": "OS::Heat::RandomString", "properties": {"length": {"get_param": "len"}}},
        "res": {"type": "OS::Heat::TestResource", "properties": {
            "value": {"get_attr": ["rnd", "value"]}, "action_wait_secs": {"update": 0}}},
        "cfg": {"type": "OS::Heat::None"},
        "val": {"type": "OS::Heat::Value", "properties": {
            "type": "json", "value": {"k": [1, "two", true]}}},
    }));
    golden["parameters"] = json!({
        "len": {"type": "number", "default": 8},
        "secret": {"type": "string", "hidden": true, "default": "s3cret"},
    });
    golden["outputs"] = json!({
        "o": {"description": "the value", "value": {"get_attr": ["res", "output"]}},
        "ref": {"value": {"get_resource": "cfg"}},
    });
    golden
}

/// Of each line of the plan: what, to whom, when, and because of which properties.
fn plan(body: &Value) -> Vec<String> {
    let line = |step: &Value| {
        let names: Vec<_> = step["properties"].as_array().unwrap().iter().collect();
        let names: Vec<_> = names.iter().map(|row| row["name"].as_str().unwrap()).collect();
        format!(
            "{} {} {} {names:?}",
            step["order"],
            step["action"].as_str().unwrap(),
            step["resource_name"].as_str().unwrap()
        )
    };
    body["plan"].as_array().unwrap().iter().map(line).collect()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|row| row["resource_name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_creation_is_previewed_and_nothing_made() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "g1", "template": golden()});
    let preview = demo.post(&url(&demo, "/stacks/preview"), body.clone()).await.expect(200);
    let stack = &preview.body["stack"];
    assert_eq!(stack["id"], "None");
    assert_eq!(stack["stack_user_project_id"], Value::Null);
    assert_eq!(stack["parameters"]["OS::stack_id"], "None");
    assert_eq!(stack["parameters"]["secret"], "******");
    assert!(stack["links"][0]["href"].as_str().unwrap().ends_with("/stacks/g1/None"));
    let outputs = &stack["outputs"];
    assert_eq!(
        (&outputs[0]["output_value"], &outputs[1]["output_value"]),
        (&Value::Null, &json!("cfg"))
    );
    let resources = &stack["resources"];
    assert_eq!(names(resources), ["rnd", "res", "cfg", "val"]);
    assert_eq!(
        resources[0],
        json!({
            "updated_time": null, "creation_time": null, "resource_name": "rnd",
            "physical_resource_id": "", "resource_action": "INIT", "resource_status": "COMPLETE",
            "resource_status_reason": "", "resource_type": "OS::Heat::RandomString",
            "resource_identity": {"tenant": demo.project, "stack_name": "g1", "stack_id": "None",
                "path": "/resources/rnd"},
            "stack_identity": {"tenant": demo.project, "stack_name": "g1", "stack_id": "None",
                "path": ""},
            "stack_name": "g1", "required_by": ["res"], "description": "", "metadata": {},
            "attributes": {"value": null},
            "properties": {"length": 8, "sequence": null,
                "character_classes": [{"class": "lettersdigits", "min": 1}],
                "character_sequences": null, "salt": null},
        })
    );
    assert_eq!(resources[1]["properties"]["value"], "test_string");
    assert_eq!(resources[3]["attributes"], json!({"value": {"k": [1, "two", true]}}));
    let expected = ["1 create rnd []", "2 create res []", "1 create cfg []", "1 create val []"];
    assert_eq!(plan(&preview.body), expected);
    let listed = demo.get(&url(&demo, "/stacks")).await.expect(200);
    assert_eq!(listed.body, json!({"stacks": []}));

    Stack::create(&demo, body.clone()).await.reaches("CREATE_COMPLETE").await;
    let again = demo.post(&url(&demo, "/stacks/preview"), body).await.expect(409);
    assert_eq!(error(&again), ("StackExists", "The Stack (g1) already exists."));
}

#[tokio::test]
async fn what_is_nested_in_a_creation_is_previewed_in_its_place() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let inner = template(json!({
        "kept": {"type": "OS::Heat::TestResource", "properties": {"value": "inside"}},
    }));
    let outer = template(json!({
        "first": {"type": "OS::Heat::RandomString"},
        "group": {"type": "OS::Heat::ResourceGroup", "depends_on": "first", "properties": {
            "count": 2, "resource_def": {"type": "inner.yaml"}}},
    }));
    let files = json!({"inner.yaml": inner.to_string()});
    let body = json!({"stack_name": "s", "template": outer, "files": files});
    let preview = demo.post(&url(&demo, "/stacks/preview"), body.clone()).await.expect(200);
    let resources = &preview.body["stack"]["resources"];
    assert_eq!(resources[0]["resource_name"], "first");
    assert_eq!(resources[0]["parent_resource"], Value::Null);
    for (index, member) in ["0", "1"].into_iter().enumerate() {
        let kept = &resources[1][index][0];
        assert_eq!(kept["resource_name"], "kept");
        assert_eq!(kept["stack_name"], format!("s-group-{member}"));
        assert_eq!(kept["parent_resource"], member);
        assert_eq!(kept["properties"]["value"], "inside");
    }
    let group = &preview.body["plan"][1];
    assert_eq!((&group["resource_name"], &group["order"]), (&json!("group"), &json!(2)));
    assert_eq!(group["nested"][1]["nested"][0]["resource_name"], "kept");

    let stack = Stack::create(&demo, body.clone()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let other = body["files"]["inner.yaml"].as_str().unwrap().replace("inside", "another");
    let mut change = json!({"template": body["template"], "files": {"inner.yaml": other}});
    change["template"]["resources"]["group"]["properties"]["count"] = json!(3);
    let preview = demo.put(&format!("{}/preview", stack.path), change).await.expect(200);
    let plan = preview.body["plan"].as_array().unwrap();
    let group = plan.iter().find(|step| step["resource_name"] == "group").unwrap();
    let member = |name: &str| {
        let members = group["nested"].as_array().unwrap();
        members.iter().find(|step| step["resource_name"] == name).unwrap().clone()
    };
    let (there, new) = (member("1"), member("2"));
    assert_eq!((&there["action"], &new["action"]), (&json!("update"), &json!("create")));
    let inside = &there["nested"][0];
    assert_eq!((&inside["resource_name"], &inside["action"]), (&json!("kept"), &json!("update")));
    assert_eq!(inside["properties"][0]["new"], "another");
    assert_eq!(new["nested"][0]["action"], "create");
}

#[tokio::test]
async fn an_update_is_previewed_with_the_reasons() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, json!({"stack_name": "g1", "template": golden()})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let path = format!("{}/preview", stack.path);

    let mut new = golden();
    new["resources"]["rnd"]["properties"]["length"] = json!(9);
    new["resources"]["res"]["properties"]["value"] = json!("changed");
    new["resources"].as_object_mut().unwrap().remove("cfg");
    new["outputs"].as_object_mut().unwrap().remove("ref");
    new["resources"]["new"] = json!({"type": "OS::Heat::Value", "properties": {"value": "1"}});
    let preview = demo.put(&path, json!({"template": new})).await.expect(200);
    let changes = &preview.body["resource_changes"];
    assert_eq!(names(&changes["unchanged"]), ["val"]);
    assert_eq!(names(&changes["updated"]), ["res"]);
    assert_eq!(names(&changes["replaced"]), ["rnd"]);
    assert_eq!(names(&changes["added"]), ["new"]);
    assert_eq!(names(&changes["deleted"]), ["cfg"]);
    assert_eq!(changes["updated"][0]["resource_action"], "CREATE");
    assert_eq!(changes["replaced"][0]["creation_time"], Value::Null);
    let expected = [
        r#"1 replace rnd ["length"]"#,
        r#"1 update res ["value"]"#,
        "1 keep val []",
        "1 create new []",
        "2 delete rnd []",
        "2 delete cfg []",
    ];
    let mut told = plan(&preview.body);
    told.sort();
    let mut expected = expected.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(told, expected);
    let lines = preview.body["plan"].as_array().unwrap();
    let replaced = lines.iter().find(|row| row["action"] == "replace").unwrap();
    let difference = json!({"name": "length", "old": 8, "new": 9, "forces_replacement": true});
    assert_eq!(replaced["properties"][0], difference);
    assert_eq!(replaced["reason"], "These properties cannot change in place.");

    let patched = demo.patch(&path, json!({"parameters": {"len": 10}})).await.expect(200);
    let changes = &patched.body["resource_changes"];
    assert_eq!(names(&changes["replaced"]), ["rnd"]);
    assert_eq!(names(&changes["updated"]), ["res"], "it hangs on what is replaced");
    assert_eq!(stack.get("").await.text("/stack/stack_status"), "CREATE_COMPLETE");
    assert_eq!(stack.get("/resources/rnd").await.text("/resource/attributes/value").len(), 8);
}
