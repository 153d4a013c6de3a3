//! `POST /stacks` with `adopt_stack_data`: stacks of what other stacks have left.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::{Session, TestCloud};

fn server() -> Value {
    json!({"type": "OS::Nova::Server", "properties": {
        "image": "novadock/tiny", "flavor": "m1.tiny", "networks": [{"network": "shared"}]}})
}

/// A stack with a server, a secret, and a server one stack further down.
fn body() -> Value {
    let inner = json!({"heat_template_version": "2018-08-31", "resources": {"db": server()}});
    let mut template = template(json!({
        "web": server(),
        "secret": {"type": "OS::Heat::RandomString", "properties": {"length": {"get_param": "n"}}},
        "part": {"type": "inner.yaml"},
    }));
    template["parameters"] = json!({"n": {"type": "number"}});
    json!({"stack_name": "old", "template": template, "parameters": {"n": 12},
        "files": {"inner.yaml": inner.to_string()}})
}

async fn servers(session: &Session) -> Vec<String> {
    let all = session.get("/compute/v2.1/servers").await.expect(200);
    let rows = all.body["servers"].as_array().unwrap().iter();
    let mut ids: Vec<String> = rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

fn adopting(name: &str, data: &Value) -> Value {
    json!({"stack_name": name, "adopt_stack_data": data.to_string(), "template": null})
}

#[tokio::test]
async fn what_an_abandoned_stack_has_left_is_taken_over_and_not_made_again() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let old = Stack::create(&demo, body()).await;
    old.reaches("CREATE_COMPLETE").await;
    let before = servers(&demo).await;
    let secret = old.get("/resources/secret").await.text("/resource/attributes/value");
    let left = demo.delete(&format!("{}/abandon", old.path)).await.expect(200).body;
    old.reaches("DELETE_COMPLETE").await;

    let new = Stack::create(&demo, adopting("new", &left)).await;
    let shown = new.reaches("ADOPT_COMPLETE").await;
    assert_eq!(shown.text("/stack/stack_status_reason"), "Stack ADOPT completed successfully");
    assert_eq!(shown.text("/stack/parameters/n"), "12");
    assert_eq!(servers(&demo).await, before);
    let kept = new.get("/resources/secret").await;
    assert_eq!(kept.text("/resource/attributes/value"), secret);
    let web = new.get("/resources/web").await;
    assert_eq!(web.text("/resource/resource_status"), "ADOPT_COMPLETE");
    let all = new.get("/resources?nested_depth=1&name=db").await;
    let nested = all.text("/resources/0/physical_resource_id");
    assert_eq!(nested, left["resources"]["part"]["resources"]["db"]["resource_id"]);
    new.end().await;
    assert_eq!(servers(&demo).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_resource_that_nothing_was_left_of_fails_and_what_was_there_stays() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let nets = "/network/v2.0/networks";
    let net = demo.post(nets, json!({"network": {"name": "n"}})).await.expect(201);
    let id = net.text("/network/id");
    let data = json!({
        "template": template(json!({
            "net": {"type": "OS::Neutron::Net"},
            "other": {"type": "OS::Neutron::Net", "depends_on": "net"},
        })),
        "resources": {"net": {"resource_id": id}},
    });
    let mut body = adopting("s", &data);
    body["disable_rollback"] = json!(false);
    let stack = Stack::create(&demo, body).await;
    stack.reaches("ROLLBACK_COMPLETE").await;
    let events = stack.get("/events?resource_name=other&resource_status=FAILED").await;
    let reason = "Exception: resources.other: Resource ID was not provided.";
    assert_eq!(events.text("/events/0/resource_status_reason"), reason);
    demo.get(&format!("{nets}/{id}")).await.expect(200);
}

#[tokio::test]
async fn what_belongs_to_others_is_not_taken_over() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let theirs = Stack::of(&admin, "theirs", json!({"r": {"type": "OS::Heat::None"}})).await;
    theirs.reaches("CREATE_COMPLETE").await;
    let stack_id = theirs.path.rsplit('/').next().unwrap();
    let config = admin.post(&url(&admin, "/software_configs"), json!({})).await.expect(200);
    let config = config.text("/software_config/id");
    let inner = json!({"heat_template_version": "rocky"}).to_string();
    let data = json!({
        "template": template(json!({
            "stack": {"type": "OS::Heat::Stack", "properties": {"template": inner}},
            "group": {"type": "OS::Heat::ResourceGroup", "properties": {
                "count": 1, "resource_def": {"type": "OS::Heat::None"}}},
            "config": {"type": "OS::Heat::SoftwareConfig"},
        })),
        "resources": {
            "stack": {"resource_id": stack_id},
            "group": {"resource_id": stack_id},
            "config": {"resource_id": config},
        },
    });
    let stack = Stack::create(&demo, adopting("s", &data)).await;
    stack.reaches("ADOPT_FAILED").await;
    stack.end().await;
    let shown = admin.get(&theirs.path).await.expect(200);
    assert_eq!(shown.text("/stack/stack_status"), "CREATE_COMPLETE");
    admin.get(&url(&admin, &format!("/software_configs/{config}"))).await.expect(200);
}

#[tokio::test]
async fn data_that_is_no_export_is_refused() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let refused = demo.post(&url(&demo, "/stacks"), adopting("s", &json!({}))).await.expect(400);
    assert_eq!(error(&refused).1, "Invalid adopt data: 'template'");
}
