//! Software configs and deployments, by the API and by templates.

use kit::engine::ExecOutcome;
use kit::engine::sim::{Fault, When};
use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::{Answer, Session, TestCloud};

/// Every command in a guest ends like that from now on; the first boot's too.
fn answer_exec(cloud: &TestCloud, exit_code: i64) {
    let outcome = move || ExecOutcome { exit_code, output: Vec::new().into() };
    cloud.engine.answer_exec(move |_, _| outcome());
}

async fn config(session: &Session, body: Value) -> Answer {
    session.post(&url(session, "/software_configs"), body).await.expect(200)
}

/// A server, and a script that is deployed to it.
fn deployed(actions: Value) -> Value {
    json!({
        "server": {"type": "OS::Nova::Server", "properties": {
            "image": "novadock/tiny", "flavor": "m1.tiny", "user_data_format": "SOFTWARE_CONFIG",
            "networks": [{"network": "shared"}]}},
        "config": {"type": "OS::Heat::SoftwareConfig", "properties": {
            "group": "script", "config": "#!/bin/sh\ntrue\n",
            "inputs": [{"name": "greeting"}], "outputs": [{"name": "result"}]}},
        "deployment": {"type": "OS::Heat::SoftwareDeployment", "properties": {
            "config": {"get_resource": "config"}, "server": {"get_resource": "server"},
            "input_values": {"greeting": "hello"}, "actions": actions}},
    })
}

#[tokio::test]
async fn a_config_is_kept_as_it_was_given() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"name": "c1", "group": "script", "config": "#!/bin/sh\n",
        "inputs": [{"name": "foo", "type": "String"}], "outputs": [{"name": "bar"}], "options": {}});
    let made = config(&demo, body).await;
    let id = made.text("/software_config/id");
    assert_eq!(made.body["software_config"]["inputs"], json!([{"name": "foo", "type": "String"}]));
    assert_eq!(
        made.body["software_config"]["outputs"],
        json!([{"name": "bar", "type": "String", "error_output": false}])
    );
    let path = url(&demo, &format!("/software_configs/{id}"));
    assert_eq!(demo.get(&path).await.expect(200).body, made.body);
    let missing = demo.get(&url(&demo, "/software_configs/nope")).await.expect(404);
    assert_eq!(error(&missing), ("NotFound", "Software config with id {} not found"));

    // A server that is none of ours: somebody else says how it went.
    let body = json!({"config_id": id, "server_id": "11111111-1111-1111-1111-111111111111",
        "input_values": {"foo": "1"}, "action": "CREATE", "status": "IN_PROGRESS",
        "status_reason": "waiting", "tenant_id": demo.project});
    let deployments = url(&demo, "/software_deployments");
    let deployment = demo.post(&deployments, body).await.expect(200);
    assert_eq!(deployment.text("/software_deployment/status"), "IN_PROGRESS");
    let metadata = format!("{deployments}/metadata/11111111-1111-1111-1111-111111111111");
    let metadata = demo.get(&metadata).await.expect(200);
    assert_eq!(metadata.text("/metadata/0/id"), id);
    let shown = format!("{deployments}/{}", deployment.text("/software_deployment/id"));
    let done =
        json!({"output_values": {"bar": "x"}, "status": "COMPLETE", "status_reason": "done"});
    let done = demo.put(&shown, done).await.expect(200);
    assert_eq!(done.text("/software_deployment/output_values/bar"), "x");
    assert_eq!(demo.delete(&path).await.status, 500);
    demo.delete(&shown).await.expect(204);
    demo.delete(&path).await.expect(204);
    let gone = demo.get(&shown).await.expect(404);
    assert!(gone.text("/error/message").ends_with("not found"));
}

#[tokio::test]
async fn a_stack_deploys_to_its_server_and_forgets_it_again() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = deployed(json!(["CREATE", "UPDATE", "DELETE"]));
    let stack = Stack::of(&demo, "s", resources).await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown = stack.get("/resources/deployment?with_attr=result").await;
    assert_eq!(shown.body["resource"]["attributes"]["deploy_status_code"], json!(0));
    let server = stack.get("/resources/server").await.text("/resource/physical_resource_id");
    let run = cloud.engine.execs(&format!("nova-{server}")).pop().unwrap();
    assert!(run.command[1].ends_with("-1/start"), "{run:?}");
    let metadata = demo.get(&url(&demo, &format!("/software_deployments/metadata/{server}"))).await;
    let inputs = metadata.body["metadata"][0]["inputs"].as_array().unwrap().clone();
    let value = |name: &str| {
        let found = inputs.iter().find(|input| input["name"] == name).unwrap();
        found["value"].as_str().unwrap().to_owned()
    };
    assert_eq!((value("greeting"), value("deploy_action")), ("hello".into(), "CREATE".into()));
    assert_eq!(value("deploy_server_id"), server);
    assert!(value("deploy_signal_id").contains("/heat-api-cfn/v1/signal/arn%3A"));
    stack.end().await;
    let left = demo.get(&url(&demo, "/software_deployments")).await.expect(200);
    assert_eq!(left.body, json!({"software_deployments": []}));
    let left = demo.get(&url(&demo, "/software_configs")).await.expect(200);
    assert_eq!(left.body, json!({"software_configs": []}));
}

#[tokio::test]
async fn a_deployment_that_fails_fails_the_stack() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    answer_exec(&cloud, 3);
    let stack = Stack::of(&demo, "s", deployed(json!(["CREATE"]))).await;
    let failed = stack.reaches("CREATE_FAILED").await;
    assert_eq!(
        failed.text("/stack/stack_status_reason"),
        "Resource CREATE failed: Error: resources.deployment: Deployment to server failed: \
         deploy_status_code : Deployment exited with non-zero status code: 3"
    );
    stack.end().await;
}

#[tokio::test]
async fn the_end_of_a_server_ends_what_waits_for_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let server = deployed(json!([]))["server"].clone();
    let stack = Stack::of(&demo, "s", json!({"server": server})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let server = stack.get("/resources/server").await.text("/resource/physical_resource_id");
    let path = format!("/compute/v2.1/servers/{server}");
    demo.post(&format!("{path}/action"), json!({"os-stop": null})).await.expect(202);
    let id =
        config(&demo, json!({"config": "#!/bin/sh\ntrue\n"})).await.text("/software_config/id");
    let body = json!({"config_id": id, "server_id": server, "status": "IN_PROGRESS"});
    let deployments = url(&demo, "/software_deployments");
    let made = demo.post(&deployments, body).await.expect(200);
    demo.delete(&path).await.expect(204);
    let path = format!("{deployments}/{}", made.text("/software_deployment/id"));
    let failed = |answer: &Answer| answer.optional("/software_deployment/status") == "FAILED";
    let ended = demo.wait(&path, failed).await;
    assert_eq!(ended.text("/software_deployment/status_reason"), "The server is gone.");
}

#[tokio::test]
async fn a_group_deploys_to_each_of_its_servers() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut resources = deployed(json!(["CREATE"]));
    let group = json!({"type": "OS::Heat::SoftwareDeploymentGroup", "properties": {
        "config": {"get_resource": "config"}, "servers": {"one": {"get_resource": "server"}}}});
    resources["deployment"] = group;
    let stack = Stack::of(&demo, "s", resources).await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown = stack.get("/resources/deployment").await;
    let codes = &shown.body["resource"]["attributes"]["deploy_status_codes"];
    assert_eq!(*codes, json!({"one": 0}));
    stack.end().await;
}

/// What an agent in a server reads of its deployments, signals each, and never runs.
async fn signal_all(cloud: &TestCloud, metadata: &Value, count: usize) {
    let deployments = metadata["metadata"]["deployments"].as_array().unwrap();
    assert_eq!(deployments.len(), count, "{metadata}");
    for deployment in deployments {
        let inputs = deployment["inputs"].as_array().unwrap();
        let url = inputs.iter().find(|input| input["name"] == "deploy_signal_id").unwrap();
        let url = url["value"].as_str().unwrap();
        let path = url.split_once("/heat-api-cfn").unwrap().1;
        let said = json!({"deploy_stdout": "up", "deploy_status_code": 0});
        cloud.nobody().post(&format!("/heat-api-cfn{path}"), said).await.expect(200);
    }
}

#[tokio::test]
async fn deployments_to_a_server_of_somebody_else_wait_for_their_signals() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut resources = deployed(json!(["CREATE"]));
    resources["server"] =
        json!({"type": "OS::Heat::DeployedServer", "properties": {"name": "old"}});
    let servers = json!({"one": {"get_resource": "server"}, "two": {"get_resource": "server"}});
    resources["group"] = json!({"type": "OS::Heat::SoftwareDeploymentGroup", "properties": {
        "config": {"get_resource": "config"}, "servers": servers}});
    let stack = Stack::of(&demo, "s", resources).await;
    let server = stack.ready("server").await;
    assert_eq!(server.text("/resource/attributes/name"), "old");
    let path = format!("{}/resources/server/metadata", stack.path);
    let all = |answer: &Answer| {
        answer.body["metadata"]["deployments"].as_array().is_some_and(|rows| rows.len() == 3)
    };
    let metadata = demo.wait(&path, all).await;
    let access = &metadata.body["metadata"]["os-collect-config"];
    assert_eq!(access["collectors"], json!(["cfn", "local"]));
    assert_eq!(access["cfn"]["path"], "server.Metadata");
    signal_all(&cloud, &metadata.body, 3).await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown = stack.get("/resources/group").await;
    let said = &shown.body["resource"]["attributes"]["deploy_stdouts"];
    assert_eq!(*said, json!({"one": "up", "two": "up"}));
    stack.end().await;
}

#[tokio::test]
async fn a_deployment_is_cancelled_when_its_stack_has_no_time_left() {
    let cloud = TestCloud::builder().manual_clock().start().await;
    let demo = cloud.demo().await;
    let elsewhere = "11111111-1111-1111-1111-111111111111";
    let deployment = json!({"type": "OS::Heat::SoftwareDeployment", "properties": {
        "config": {"get_resource": "config"}, "server": elsewhere}});
    let config = json!({"type": "OS::Heat::SoftwareConfig"});
    let resources = json!({"config": config, "deployment": deployment});
    let body = json!({"stack_name": "s", "template": template(resources), "timeout_mins": 1});
    let stack = Stack::create(&demo, body).await;
    let deployments = url(&demo, "/software_deployments");
    demo.wait(&deployments, |answer| {
        answer.optional("/software_deployments/0/status") == "IN_PROGRESS"
    })
    .await;
    cloud.clock.advance_seconds(61);
    let failed = stack.reaches("CREATE_FAILED").await;
    assert_eq!(failed.text("/stack/stack_status_reason"), "Timed out");
    let cancelled = demo.get(&deployments).await.expect(200);
    assert_eq!(cancelled.text("/software_deployments/0/status"), "FAILED");
    let reason = cancelled.text("/software_deployments/0/status_reason");
    assert_eq!(reason, "Deployment cancelled.");
    stack.end().await;
}

#[tokio::test]
async fn a_server_of_ours_shows_its_deployments() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "s", deployed(json!(["CREATE"]))).await;
    stack.reaches("CREATE_COMPLETE").await;
    let metadata = stack.get("/resources/server/metadata").await;
    assert_eq!(metadata.text("/metadata/deployments/0/group"), "script");
    stack.end().await;
}

#[tokio::test]
async fn more_deployments_than_may_work_do_not_hold_up_a_boot() {
    let cloud =
        TestCloud::builder().setting("compute", "max_concurrent_operations", "2").start().await;
    let demo = cloud.demo().await;
    let mut resources = deployed(json!(["CREATE"]));
    let deployment = resources.as_object_mut().unwrap().remove("deployment").unwrap();
    let stack = Stack::of(&demo, "s", resources.clone()).await;
    stack.reaches("CREATE_COMPLETE").await;
    for number in 0..3 {
        resources[format!("deployment{number}")] = deployment.clone();
    }
    cloud.engine.faults().order("exec", When::Always, Fault::Hang);
    let before = cloud.engine.faults().calls("exec");
    demo.put(&stack.path, json!({"template": template(resources)})).await.expect(202);
    while cloud.engine.faults().calls("exec") < before + 3 {
        tokio::task::yield_now().await;
    }
    let other = json!({"other": {"type": "OS::Nova::Server", "properties": {
        "image": "novadock/tiny", "flavor": "m1.tiny", "networks": [{"network": "shared"}],
        "user_data_format": "RAW"}}});
    let booted = Stack::of(&demo, "other", other).await;
    booted.reaches("CREATE_COMPLETE").await;
    answer_exec(&cloud, 0);
    cloud.engine.faults().clear();
    stack.reaches("UPDATE_COMPLETE").await;
}
