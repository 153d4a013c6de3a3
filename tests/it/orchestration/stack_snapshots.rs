//! `/stacks/{stack_name}/{stack_id}/snapshots`.

use serde_json::{Value, json};

use super::{Stack, error, template};
use crate::support::{Answer, TestCloud};

fn server() -> Value {
    json!({"type": "OS::Nova::Server", "properties": {
        "image": "novadock/tiny", "flavor": "m1.tiny", "networks": [{"network": "shared"}]}})
}

/// A stack with a server, a value, and a server one stack further down.
fn body() -> Value {
    let inner = json!({"heat_template_version": "2018-08-31", "resources": {"db": server()}});
    json!({
        "stack_name": "s",
        "template": template(json!({
            "web": server(),
            "note": {"type": "OS::Heat::Value", "properties": {"value": "first"}},
            "part": {"type": "inner.yaml"},
        })),
        "files": {"inner.yaml": inner.to_string()},
    })
}

/// A snapshot that is there.
async fn kept(stack: &Stack<'_>, name: &str) -> Answer {
    let path = format!("{}/snapshots", stack.path);
    let begun = stack.session.post(&path, json!({"name": name})).await.expect(200);
    assert_eq!(
        (begun.text("/action"), begun.text("/status")),
        ("CREATE".into(), "IN_PROGRESS".into())
    );
    assert_eq!(begun.body["data"]["resources"], json!({}));
    let made = |answer: &Answer| answer.optional("/snapshot/status") == "COMPLETE";
    stack.session.wait(&format!("{path}/{}", begun.text("/id")), made).await
}

async fn images(stack: &Stack<'_>) -> Vec<String> {
    let all = stack.session.get("/image/v2/images?visibility=private").await.expect(200);
    let rows = all.body["images"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

async fn image_of(stack: &Stack<'_>, server: &str) -> String {
    let shown = stack.session.get(&format!("/compute/v2.1/servers/{server}")).await.expect(200);
    shown.text("/server/image/id")
}

#[tokio::test]
async fn a_stack_becomes_again_what_a_snapshot_has_kept() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, body()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let snapshot = kept(&stack, "before").await;
    assert_eq!(snapshot.text("/snapshot/status_reason"), "Stack SNAPSHOT completed successfully");
    assert_eq!(snapshot.text("/snapshot/data/action"), "SNAPSHOT");
    let resources = "/snapshot/data/resources";
    let outer = snapshot.text(&format!("{resources}/web/resource_data/snapshot_image_id"));
    let inner =
        snapshot.text(&format!("{resources}/part/resources/db/resource_data/snapshot_image_id"));
    assert_eq!(images(&stack).await.len(), 2);

    let change = json!({"template": {"heat_template_version": "2018-08-31", "resources": {
        "web": server(),
        "note": {"type": "OS::Heat::Value", "properties": {"value": "second"}},
    }}});
    demo.put(&stack.path, change).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;

    let id = snapshot.text("/snapshot/id");
    let restore = format!("{}/snapshots/{id}/restore", stack.path);
    demo.post(&restore, json!({})).await.expect(202);
    stack.reaches("RESTORE_COMPLETE").await;
    let note = stack.get("/resources/note").await;
    assert_eq!(note.text("/resource/attributes/value"), "first");
    let web = stack.get("/resources/web").await.text("/resource/physical_resource_id");
    assert_eq!(image_of(&stack, &web).await, outer);
    let all = stack.get("/resources?nested_depth=1&name=db").await;
    let db = all.text("/resources/0/physical_resource_id");
    assert_eq!(image_of(&stack, &db).await, inner);
    let told = stack.get("/template").await;
    assert_eq!(told.text("/resources/web/properties/image"), outer);

    stack.end().await;
    assert_eq!(images(&stack).await, Vec::<String>::new());
    assert_eq!(stack.get("/snapshots").await.body, json!({"snapshots": []}));
}

#[tokio::test]
async fn a_snapshot_goes_with_what_it_keeps() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "s", json!({"web": server()})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let path = format!("{}/snapshots", stack.path);
    let snapshot = kept(&stack, "one").await.text("/snapshot/id");
    let list = stack.get("/snapshots").await;
    assert_eq!(list.text("/snapshots/0/name"), "one");
    demo.delete(&format!("{path}/{snapshot}")).await.expect(204);
    assert_eq!(images(&stack).await, Vec::<String>::new());
    let gone = demo.get(&format!("{path}/{snapshot}")).await.expect(404);
    let sentence = format!("Snapshot with id {snapshot} not found");
    assert_eq!(error(&gone), ("NotFound", sentence.as_str()));
}

#[tokio::test]
async fn what_cannot_be_kept_now_is_refused_in_heats_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let waits = json!({"w": {"type": "OS::Heat::TestResource", "properties": {
        "action_wait_secs": {"update": 600}}}});
    let stack = Stack::of(&demo, "s", waits.clone()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let snapshot = kept(&stack, "one").await.text("/snapshot/id");
    let other = Stack::of(&demo, "other", json!({})).await;
    let foreign = format!("{}/snapshots/{snapshot}", other.path);
    let refused = demo.get(&foreign).await.expect(404);
    let sentence = format!("The Snapshot ({snapshot}) for Stack (other) could not be found.");
    assert_eq!(error(&refused), ("SnapshotNotFound", sentence.as_str()));

    let mut change = waits;
    change["w"]["properties"]["value"] = json!("other");
    demo.put(&stack.path, json!({"template": template(change)})).await.expect(202);
    let path = format!("{}/snapshots", stack.path);
    let refused = demo.post(&path, json!({})).await.expect(409);
    let sentence = "Stack s already has an action (UPDATE) in progress.";
    assert_eq!(error(&refused), ("ActionInProgress", sentence));
}

#[tokio::test]
async fn a_server_that_is_to_be_kept_leaves_an_image() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut kept = server();
    kept["deletion_policy"] = json!("Snapshot");
    let stack = Stack::of(&demo, "s", json!({"web": kept})).await;
    stack.reaches("CREATE_COMPLETE").await;
    stack.end().await;
    let left = images(&stack).await;
    let image = demo.get(&format!("/image/v2/images/{}", left[0])).await.expect(200);
    assert!(image.text("/name").starts_with("s-web-"), "{}", image.text("/name"));
    assert_eq!(image.text("/status"), "active");
    let servers = demo.get("/compute/v2.1/servers").await.expect(200);
    assert_eq!(servers.body["servers"], json!([]));

    let mut refused = json!({"n": {"type": "OS::Neutron::Net"}});
    refused["n"]["deletion_policy"] = json!("Snapshot");
    let body = json!({"stack_name": "t", "template": template(refused)});
    let answer = demo.post(&super::url(&demo, "/stacks"), body).await.expect(400);
    assert!(error(&answer).1.ends_with("\"Snapshot\" deletion policy not supported"));
}
