//! `/stacks`: made, shown, listed, deleted, rolled back.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::{Answer, TestCloud};

fn golden() -> Value {
    json!({"stack_name": "g1", "tags": "blue,green", "template": {
        "heat_template_version": "2018-08-31",
        "description": "golden one",
        "parameters": {
            "len": {"type": "number", "default": 8},
            "secret": {"type": "string", "hidden": true, "default": "s3cret"},
        },
        "resources": {
            "rnd": {"type": "OS::Heat::RandomString", "properties": {"length": {"get_param": "len"}}},
            "res": {"type": "OS::Heat::TestResource",
                "properties": {"value": {"get_attr": ["rnd", "value"]}}},
            "cfg": {"type": "OS::Heat::None"},
            "val": {"type": "OS::Heat::Value", "depends_on": "res",
                "properties": {"value": {"k": [1, "two", true]}}},
        },
        "outputs": {
            "o": {"description": "the value", "value": {"get_attr": ["res", "output"]}},
            "one": {"value": {"get_attr": ["val", "value", "k", 0]}},
        },
    }})
}

#[tokio::test]
async fn a_stack_becomes_what_its_template_says() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, golden()).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(shown.text("/stack/stack_status_reason"), "Stack CREATE completed successfully");
    assert_eq!(shown.text("/stack/description"), "golden one");
    assert_eq!(shown.text("/stack/parameters/secret"), "******");
    assert_eq!(shown.text("/stack/parameters/len"), "8");
    assert_eq!(shown.body["stack"]["tags"], json!(["blue", "green"]));
    assert_eq!(shown.body["stack"]["disable_rollback"], true);
    assert_eq!(shown.text("/stack/outputs/0/output_value").len(), 8);
    assert_eq!(shown.body["stack"]["outputs"][1]["output_value"], 1);
    let output = stack.get("/outputs/o").await;
    assert_eq!(output.text("/output/description"), "the value");
    assert_eq!(output.text("/output/output_value"), shown.text("/stack/outputs/0/output_value"));
    let plain = stack.get("?resolve_outputs=False").await;
    assert_eq!(plain.body["stack"].get("outputs"), None);
    let kept = stack.get("/template").await;
    assert_eq!(kept.body, golden()["template"]);
    let environment = stack.get("/environment").await;
    assert_eq!(
        environment.body,
        json!({"resource_registry": {"resources": {}}, "parameters": {},
            "parameter_defaults": {}, "event_sinks": [], "encrypted_param_names": []})
    );
    stack.get("/files").await;
    let missing = demo.get(&format!("{}/outputs/nope", stack.path)).await.expect(404);
    assert_eq!(missing.text("/error/message"), "Specified output key {} not found.");
}

#[tokio::test]
async fn a_deleted_stack_is_found_by_its_id_alone() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, golden()).await;
    stack.end().await;
    let shown = stack.get("").await;
    assert_eq!(shown.text("/stack/stack_status"), "DELETE_COMPLETE");
    let by_name = demo.get(&url(&demo, "/stacks/g1")).await.expect(404);
    assert_eq!(by_name.text("/error/type"), "EntityNotFound");
    assert_eq!(by_name.text("/error/message"), "The Stack (g1) could not be found.");
    demo.delete(&stack.path).await.expect(404);
    let listed = async |query: &str| {
        let list = demo.get(&url(&demo, &format!("/stacks{query}"))).await.expect(200);
        list.body["stacks"].as_array().unwrap().len()
    };
    assert_eq!((listed("").await, listed("?show_deleted=true").await), (0, 1));
    // The name is free again.
    Stack::create(&demo, golden()).await.reaches("CREATE_COMPLETE").await;
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for (name, tags, minutes) in [("a", "x", 7), ("b", "x,y", 60), ("c", "z", 60)] {
        let body = json!({"stack_name": name, "tags": tags, "timeout_mins": minutes,
            "template": template(json!({}))});
        Stack::create(&demo, body).await.reaches("CREATE_COMPLETE").await;
    }
    let names = async |query: &str| {
        let list = demo.get(&url(&demo, &format!("/stacks{query}"))).await.expect(200);
        let rows = list.body["stacks"].as_array().unwrap().clone();
        rows.iter().map(|row| row["stack_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("").await, ["c", "b", "a"], "the newest first");
    assert_eq!(names("?sort_keys=name&sort_dir=asc").await, ["a", "b", "c"]);
    assert_eq!(names("?tags=x,y").await, ["b"]);
    assert_eq!(names("?tags_any=y,z").await, ["c", "b"]);
    assert_eq!(names("?not_tags_any=x").await, ["c"]);
    assert_eq!(names("?not_tags=x,y").await, ["c", "a"], "b has both");
    let marked = demo.get(&url(&demo, "/stacks?name=b")).await.expect(200).text("/stacks/0/id");
    let behind = format!("?sort_keys=updated_at,name&sort_dir=asc&marker={marked}");
    assert_eq!(names(&behind).await, ["c"], "none was ever updated");
    assert_eq!(names("?name=a&name=c").await, ["c", "a"]);
    assert_eq!(names("?status=FAILED").await, [""; 0]);
    assert_eq!(names("?timeout_mins=7").await, ["a"]);
    assert_eq!(names("?marker=nope&sort_keys=bogus").await.len(), 3, "neither is known");
    let page = demo.get(&url(&demo, "/stacks?limit=2&with_count=true")).await.expect(200);
    assert_eq!(page.body["count"], 3);
    let next = page.text("/links/0/href");
    let next = next.split_once("/stacks").unwrap().1;
    assert_eq!(names(next).await, ["a"]);
    let refused = demo.get(&url(&demo, "/stacks?limit=-1")).await.expect(400);
    assert_eq!(
        refused.text("/error/message"),
        "Value '-1' is invalid for 'limit' which only accepts non-negative integer."
    );
    let global = demo.get(&url(&demo, "/stacks?global_tenant=true")).await.expect(403);
    assert_eq!(global.text("/error/message"), "You are not authorized to use stacks:global_index.");
    assert_eq!(global.text("/error/type"), "Forbidden");
}

#[tokio::test]
async fn what_is_wrong_is_refused_before_anything_exists() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let of = |resources: Value| json!({"stack_name": "s", "template": template(resources)});
    for (body, kind, message) in [
        (json!({"stack_name": "s"}), "HTTPBadRequest", "No template specified"),
        (
            json!({"stack_name": "1 x", "template": template(json!({}))}),
            "StackValidationFailed",
            "Invalid stack name 1 x must contain only alphanumeric or \"_-.\" characters, must \
             start with alpha and must be 255 characters or less.",
        ),
        (
            of(json!({"x": {"type": "OS::Nope"}})),
            "StackValidationFailed",
            "The Resource Type (OS::Nope) could not be found.",
        ),
        (
            of(json!({"x": {"type": "OS::Heat::Value",
                "properties": {"value": {"get_resource": "nope"}}}})),
            "InvalidTemplateReference",
            "The specified reference \"nope\" (in x.Properties.value) is incorrect.",
        ),
        (
            of(json!({"x": {"type": "OS::Heat::RandomString", "properties": {"length": 1000}}})),
            "StackValidationFailed",
            "Property error: : resources.x.properties.length: : 1000 is out of range (min: 1, max: 512)",
        ),
        (
            json!({"stack_name": "s", "parameters": {"nope": 1}, "template": template(json!({}))}),
            "UnknownUserParameter",
            "The Parameter (nope) was not defined in template.",
        ),
    ] {
        let refused = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
        assert_eq!(refused.text("/error/message"), message);
        assert_eq!(refused.text("/error/type"), kind, "{message}");
    }
    let list = demo.get(&url(&demo, "/stacks")).await.expect(200);
    assert_eq!(list.body, json!({"stacks": []}));
    Stack::create(&demo, golden()).await;
    let twice = demo.post(&url(&demo, "/stacks"), golden()).await.expect(409);
    assert_eq!(twice.text("/error/type"), "StackExists");
    assert_eq!(twice.text("/error/message"), "The Stack (g1) already exists.");
}

fn failing() -> Value {
    template(json!({
        "a": {"type": "OS::Heat::Value", "properties": {"value": "1"}},
        "f": {"type": "OS::Heat::TestResource", "depends_on": "a",
            "properties": {"fail": true, "value": "x"}},
        "never": {"type": "OS::Heat::TestResource", "depends_on": "f"},
    }))
}

#[tokio::test]
async fn a_failure_leaves_what_was_made_and_says_why() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "gf", "template": failing()});
    let stack = Stack::create(&demo, body).await;
    let failed = stack.reaches("CREATE_FAILED").await;
    assert_eq!(
        failed.text("/stack/stack_status_reason"),
        "Resource CREATE failed: ValueError: resources.f: Test Resource failed f"
    );
    let rows = stack.get("/resources").await;
    let state = |name: &str| {
        let rows = rows.body["resources"].as_array().unwrap();
        let row = rows.iter().find(|row| row["resource_name"] == name).unwrap();
        row["resource_status"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (state("a"), state("f"), state("never")),
        ("CREATE_COMPLETE".to_owned(), "CREATE_FAILED".to_owned(), "INIT_COMPLETE".to_owned())
    );
    stack.end().await;
}

#[tokio::test]
async fn a_failure_is_rolled_back_where_that_was_asked_for() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "gr", "template": failing(), "disable_rollback": false});
    let stack = Stack::create(&demo, body).await;
    let rolled = stack.reaches("ROLLBACK_COMPLETE").await;
    assert_eq!(rolled.text("/stack/stack_status_reason"), "Stack ROLLBACK completed successfully");
    assert_eq!(stack.get("/resources").await.body, json!({"resources": []}));
    assert_eq!(
        stack.story().await,
        [
            "gr CREATE_IN_PROGRESS",
            "a CREATE_IN_PROGRESS",
            "a CREATE_COMPLETE",
            "f CREATE_IN_PROGRESS",
            "f CREATE_FAILED",
            "gr CREATE_FAILED",
            "gr ROLLBACK_IN_PROGRESS",
            "never DELETE_IN_PROGRESS",
            "never DELETE_COMPLETE",
            "f DELETE_IN_PROGRESS",
            "f DELETE_COMPLETE",
            "a DELETE_IN_PROGRESS",
            "a DELETE_COMPLETE",
            "gr ROLLBACK_COMPLETE",
        ]
    );
    stack.end().await;
}

#[tokio::test]
async fn a_stack_that_takes_too_long_is_given_up() {
    let cloud = TestCloud::builder().manual_clock().start().await;
    let demo = cloud.demo().await;
    let slow = json!({"r": {"type": "OS::Heat::TestResource", "properties": {"wait_secs": 7200}}});
    let body = json!({"stack_name": "slow", "template": template(slow), "timeout_mins": 1});
    let stack = Stack::create(&demo, body).await;
    let row = format!("{}/resources/r", stack.path);
    let waits = |state: &'static str| {
        demo.wait(&row, move |answer| answer.optional("/resource/resource_status") == state)
    };
    waits("CREATE_IN_PROGRESS").await;
    cloud.clock.advance_seconds(61);
    let failed = stack.reaches("CREATE_FAILED").await;
    assert_eq!(failed.text("/stack/stack_status_reason"), "Timed out");
    waits("CREATE_FAILED").await;
}

#[tokio::test]
async fn a_stack_under_way_is_deleted_without_waiting() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let slow = json!({"r": {"type": "OS::Heat::TestResource",
        "properties": {"action_wait_secs": {"create": 3600}}}});
    let stack = Stack::of(&demo, "slow", slow).await;
    let row = format!("{}/resources/r", stack.path);
    demo.wait(&row, |answer| !answer.optional("/resource/physical_resource_id").is_empty()).await;
    stack.end().await;
    let story = stack.story().await;
    assert!(story.contains(&"r CREATE_FAILED".to_owned()), "{story:?}");
    assert!(story.contains(&"r DELETE_COMPLETE".to_owned()), "{story:?}");
}

#[tokio::test]
async fn a_hundred_independent_resources_need_no_second() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources: serde_json::Map<String, Value> = (0..100)
        .map(|index| (format!("r{index}"), json!({"type": "OS::Heat::RandomString"})))
        .collect();
    let stack = Stack::of(&demo, "hundred", Value::Object(resources)).await;
    stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(stack.get("/resources").await.body["resources"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn a_kill_in_the_middle_loses_and_doubles_nothing() {
    let mut cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources: serde_json::Map<String, Value> = (0..40)
        .map(|index| {
            let before: Vec<String> =
                (index > 4).then(|| format!("r{}", index - 5)).into_iter().collect();
            let resource = json!({"type": "OS::Heat::TestResource", "depends_on": before});
            (format!("r{index}"), resource)
        })
        .collect();
    let path = Stack::of(&demo, "long", Value::Object(resources)).await.path;
    for _ in 0..3 {
        cloud = cloud.kill_and_restart().await;
    }
    let demo = cloud.demo().await;
    let stack = Stack { session: &demo, path };
    stack.reaches("CREATE_COMPLETE").await;
    let story = stack.story().await;
    let completed = story.iter().filter(|line| line.ends_with("CREATE_COMPLETE")).count();
    assert_eq!(completed, 41, "each resource once, and the stack: {story:#?}");
}

#[tokio::test]
async fn a_name_leads_to_the_stack() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, golden()).await;
    let id = stack.path.rsplit('/').next().unwrap();
    for (method, asked, place) in [
        ("GET", "g1".to_owned(), String::new()),
        ("GET", id.to_owned(), String::new()),
        ("DELETE", "g1".to_owned(), String::new()),
        ("GET", "g1/resources".to_owned(), "/resources".to_owned()),
        ("GET", "g1/events?limit=2".to_owned(), "/events?limit=2".to_owned()),
    ] {
        let asked = url(&demo, &format!("/stacks/{asked}"));
        let found = demo.send(demo.request(method, &asked)).await.expect(302);
        assert_eq!(found.header("location"), format!("{}{}{place}", cloud.url, stack.path));
        assert_eq!(found.text("/code"), "302 Found");
    }
    demo.get(&url(&demo, &format!("/stacks/other/{id}"))).await.expect(404);
}

#[tokio::test]
async fn a_stack_is_its_projects_own() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, golden()).await;
    let stranger = cloud.system().await;
    let foreign = stranger.get(&stack.path).await.expect(403);
    assert_eq!(foreign.text("/error/message"), "Access was denied to this resource.");
    let reader = cloud.user_with_role("reader").await;
    reader.get(&stack.path).await.expect(200);
    let refused = reader.delete(&stack.path).await.expect(403);
    assert_eq!(refused.text("/error/message"), "You are not authorized to use stacks:delete.");
    let nobody = cloud.nobody().get(&stack.path).await.expect(401);
    assert_eq!(nobody.body["error"]["code"], 401);
}

#[tokio::test]
async fn an_administrator_reaches_the_stacks_of_every_project() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let stack = Stack::create(&demo, golden()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let own =
        Stack::create(&admin, json!({"stack_name": "mine", "template": template(json!({}))})).await;
    let id = stack.path.rsplit('/').next().unwrap();
    for there in [&demo, &admin] {
        let shown = admin.get(&url(there, &format!("/stacks/g1/{id}"))).await.expect(200);
        assert_eq!(shown.text("/stack/links/0/href"), format!("{}{}", cloud.url, stack.path));
        let found = admin.get(&url(there, &format!("/stacks/{id}"))).await.expect(302);
        assert_eq!(found.header("location"), format!("{}{}", cloud.url, stack.path));
        admin.get(&url(there, "/stacks/g1")).await.expect(404);
        admin.get(&url(there, "/stacks/mine")).await.expect(302);
        let listed =
            admin.get(&url(there, "/stacks?sort_keys=name&with_count=true")).await.expect(200);
        let projects = ["/stacks/0/project", "/stacks/1/project"].map(|at| listed.text(at));
        assert_eq!(projects, [demo.project.clone(), admin.project.clone()]);
    }
    let listed = demo.get(&url(&demo, "/stacks")).await.expect(200);
    assert_eq!(listed.body["stacks"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed.body["stacks"][0].get("project"), None);
    demo.get(&own.path).await.expect(403);
    let body = json!({"template": golden()["template"], "parameters": {"len": 9}});
    admin.put(&stack.path, body).await.expect(202);
    let updated = stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(updated.text("/stack/stack_owner"), "demo", "it keeps the rights that it had");
    admin.delete(&stack.path).await.expect(204);
}

#[tokio::test]
async fn odd_urls_are_answered_as_heat_does() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let unknown = demo.get(&url(&demo, "/nosuch")).await.expect(404);
    assert_eq!(unknown.text("/code"), "404 Not Found");
    let method = demo.put(&url(&demo, "/stacks"), json!({})).await.expect(405);
    assert_eq!(method.text("/error/type"), "HTTPMethodNotAllowed");
    let root = cloud.nobody().get("/orchestration/").await.expect(300);
    assert_eq!(root.text("/versions/0/id"), "v1.0");
    demo.get(&url(&demo, "/build_info")).await.expect(200);
}

fn versioned(value: &str, more: Value) -> Value {
    let mut resources = json!({
        "a": {"type": "OS::Heat::TestResource", "properties": {"value": value}},
        "kept": {"type": "OS::Heat::RandomString"},
    });
    resources.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    template(resources)
}

#[tokio::test]
async fn an_update_keeps_changes_replaces_adds_and_removes() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let first = versioned(
        "1",
        json!({
            "gone": {"type": "OS::Heat::None"},
            "swapped": {"type": "OS::Heat::RandomString", "properties": {"salt": "x"}},
        }),
    );
    let stack = Stack::create(&demo, json!({"stack_name": "u", "template": first})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let physical = async |name: &str| {
        stack.get(&format!("/resources/{name}")).await.text("/resource/physical_resource_id")
    };
    let before = [physical("a").await, physical("kept").await, physical("swapped").await];
    let second = versioned(
        "2",
        json!({
            "new": {"type": "OS::Heat::Value", "properties": {"value": {"get_attr": ["a", "output"]}}},
            "swapped": {"type": "OS::Heat::RandomString", "properties": {"salt": "y"}},
        }),
    );
    let accepted = demo.put(&stack.path, json!({"template": second})).await.expect(202);
    assert_eq!(accepted.text("/code"), "202 Accepted");
    let updated = stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(updated.text("/stack/stack_status_reason"), "Stack UPDATE completed successfully");
    let after = [physical("a").await, physical("kept").await, physical("swapped").await];
    assert_eq!((&before[0], &before[1]), (&after[0], &after[1]));
    assert_ne!(before[2], after[2]);
    let new = stack.get("/resources/new").await;
    assert_eq!(new.text("/resource/attributes/value"), "2");
    let rows = stack.get("/resources").await;
    assert_eq!(rows.body["resources"].as_array().unwrap().len(), 4);
    let story = stack.story().await;
    let place = |line: &str| story.iter().position(|seen| seen == line).unwrap();
    assert!(!story.contains(&"kept UPDATE_IN_PROGRESS".to_owned()));
    assert!(place("new CREATE_COMPLETE") < place("gone DELETE_IN_PROGRESS"), "{story:#?}");
    stack.end().await;
}

#[tokio::test]
async fn an_update_that_fails_goes_back_to_what_there_was() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "gu", "template": versioned("1", json!({}))});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let bad = versioned(
        "2",
        json!({"b": {"type": "OS::Heat::TestResource", "depends_on": "a",
        "properties": {"fail": true}}}),
    );
    let body = json!({"template": bad, "disable_rollback": false});
    demo.put(&stack.path, body).await.expect(202);
    stack.reaches("ROLLBACK_COMPLETE").await;
    let shown = stack.get("/resources/a").await;
    assert_eq!(shown.text("/resource/attributes/output"), "1");
    demo.get(&format!("{}/resources/b", stack.path)).await.expect(404);
    assert_eq!(stack.get("/template").await.body, versioned("1", json!({})));
}

#[tokio::test]
async fn a_patch_keeps_what_it_does_not_name() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut body = golden();
    body["parameters"] = json!({"len": 10});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    demo.patch(&stack.path, json!({"existing": true, "parameters": {"secret": "other"}}))
        .await
        .expect(202);
    let shown = stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(shown.text("/stack/parameters/len"), "10");
    assert_eq!(shown.body["stack"]["tags"], json!(["blue", "green"]));
    demo.patch(&stack.path, json!({"clear_parameters": ["len"]})).await.expect(202);
    let shown = demo
        .wait(&stack.path, |answer| {
            answer.optional("/stack/parameters/len") == "8"
                && answer.optional("/stack/stack_status") == "UPDATE_COMPLETE"
        })
        .await;
    assert_eq!(shown.text("/stack/outputs/0/output_value").len(), 8);
}

#[tokio::test]
async fn a_stack_sleeps_wakes_and_is_looked_at() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, golden()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let actions = format!("{}/actions", stack.path);
    for (word, state) in [
        ("suspend", "SUSPEND_COMPLETE"),
        ("resume", "RESUME_COMPLETE"),
        ("check", "CHECK_COMPLETE"),
    ] {
        demo.post(&actions, json!({word: null})).await.expect(200);
        stack.reaches(state).await;
    }
    for (body, sentence) in [
        (json!({"bogus": null}), "Invalid action bogus specified"),
        (json!({"suspend": null, "resume": null}), "Multiple actions specified"),
        (
            json!({"cancel_update": null}),
            "Cancelling update when stack is CHECK_COMPLETE is not supported.",
        ),
    ] {
        let refused = demo.post(&actions, body).await.expect(400);
        assert_eq!(refused.text("/error/message"), sentence);
    }
}

/// An update of a quick stack by a resource that takes an hour.
async fn slow_update(stack: &Stack<'_>) {
    stack.reaches("CREATE_COMPLETE").await;
    let new = template(json!({
        "quick": {"type": "OS::Heat::TestResource"},
        "slow": {"type": "OS::Heat::TestResource",
            "properties": {"action_wait_secs": {"create": 3600}}},
    }));
    stack.session.put(&stack.path, json!({"template": new})).await.expect(202);
    let row = format!("{}/resources/slow", stack.path);
    let begun = |answer: &Answer| !answer.optional("/resource/physical_resource_id").is_empty();
    stack.session.wait(&row, begun).await;
}

#[tokio::test]
async fn an_update_under_way_is_cancelled_and_goes_back() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let quick = json!({"quick": {"type": "OS::Heat::TestResource"}});
    let stack = Stack::of(&demo, "s", quick).await;
    slow_update(&stack).await;
    let actions = format!("{}/actions", stack.path);
    demo.post(&actions, json!({"cancel_update": null})).await.expect(200);
    stack.reaches("ROLLBACK_COMPLETE").await;
    let listed = stack.get("/resources").await;
    assert_eq!(listed.body["resources"].as_array().unwrap().len(), 1);
    let again = demo.post(&actions, json!({"cancel_without_rollback": null})).await.expect(400);
    let sentence = "Cancelling update when stack is ROLLBACK_COMPLETE is not supported.";
    assert_eq!(error(&again), ("NotSupported", sentence));
}

#[tokio::test]
async fn an_update_under_way_is_stopped_where_it_is() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let quick = json!({"quick": {"type": "OS::Heat::TestResource"}});
    let stack = Stack::of(&demo, "s", quick).await;
    slow_update(&stack).await;
    let actions = format!("{}/actions", stack.path);
    demo.post(&actions, json!({"cancel_without_rollback": null})).await.expect(200);
    let stopped = stack.reaches("UPDATE_FAILED").await;
    assert_eq!(stopped.text("/stack/stack_status_reason"), "Stack UPDATE cancelled");
    let slow = stack.get("/resources/slow").await;
    assert_eq!(slow.text("/resource/resource_status"), "CREATE_IN_PROGRESS", "it ends by itself");
    stack.end().await;
    let refused = demo.put(&stack.path, json!({})).await.expect(404);
    assert_eq!(error(&refused).0, "EntityNotFound");
}

#[tokio::test]
async fn a_list_is_of_what_its_filters_say() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let none = json!({"x": {"type": "OS::Heat::None"}});
    let stack = Stack::of(&demo, "plain", none.clone()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let hidden = json!({"stack_name": "hidden", "template": template(none),
        "tags": "data-processing-cluster"});
    Stack::create(&demo, hidden).await.reaches("CREATE_COMPLETE").await;
    for (query, expected) in [
        ("", 1),
        ("show_hidden=true", 2),
        ("stack_name=plain&stack_name=other", 1),
        ("stack_status=CREATE_COMPLETE", 1),
        ("stack_status=DELETE_COMPLETE", 0),
        ("status=FAILED", 0),
        ("username=demo", 1),
        ("username=nobody", 0),
        ("tenant=nowhere", 0),
    ] {
        let list = demo.get(&url(&demo, &format!("/stacks?{query}"))).await.expect(200);
        assert_eq!(list.body["stacks"].as_array().unwrap().len(), expected, "{query}");
    }
    let wrong = demo.get(&url(&demo, "/stacks?show_nested=perhaps")).await.expect(400);
    assert!(error(&wrong).1.starts_with("Unrecognized value \"perhaps\" for \"show_nested\""));
}
