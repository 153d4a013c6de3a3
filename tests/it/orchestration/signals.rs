//! Wait conditions, and the ways in which guests signal their handles.

use serde_json::{Value, json};

use super::{Stack, root, template};
use crate::support::{Answer, Session, TestCloud};

/// Path and query of a URL that guests are given.
fn path_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap();
    &rest[rest.find('/').unwrap()..]
}

/// A handle of that transport, and what waits for it.
fn waiting(transport: &str, condition: Value) -> Value {
    let mut properties = json!({"handle": {"get_resource": "h"}, "timeout": 600});
    properties.as_object_mut().unwrap().extend(condition.as_object().unwrap().clone());
    json!({
        "h": {"type": "OS::Heat::WaitConditionHandle",
            "properties": {"signal_transport": transport}},
        "w": {"type": "OS::Heat::WaitCondition", "properties": properties},
    })
}

/// The handle's attribute `signal`, read.
async fn alarm_url(stack: &Stack<'_>) -> String {
    let shown = stack.ready("h").await;
    let signal: Value = serde_json::from_str(&shown.text("/resource/attributes/signal")).unwrap();
    signal["alarm_url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn whoever_has_the_token_completes_the_condition() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "gw", waiting("TOKEN_SIGNAL", json!({"count": 2}))).await;
    let handle = stack.ready("h").await;
    let token = handle.text("/resource/attributes/token");
    let endpoint = handle.text("/resource/attributes/endpoint");
    assert_eq!(
        handle.text("/resource/attributes/curl_cli"),
        format!(
            "curl -i -X POST -H 'X-Auth-Token: {token}' -H 'Content-Type: application/json' -H \
             'Accept: application/json' {endpoint}"
        )
    );
    assert_eq!(handle.text("/resource/attributes/signal"), "null");

    let guest = cloud.nobody();
    let path = path_of(&endpoint);
    guest.with_token("0123abcd").post(path, json!({})).await.expect(401);
    guest.post(path, json!({})).await.expect(401);
    let guest = guest.with_token(&token);
    let other = path.replace("resources/h/", "resources/w/");
    guest.post(&other, json!({})).await.expect(401);
    let first = json!({"status": "SUCCESS", "reason": "one", "data": "d1", "id": "a"});
    assert_eq!(guest.post(path, first).await.expect(200).body, Value::Null);
    guest.post(path, json!({"bogus": 1})).await.expect(200);
    assert_eq!(stack.get("").await.text("/stack/stack_status"), "CREATE_IN_PROGRESS");
    demo.post(path, json!({"data": "d2"})).await.expect(200);
    stack.reaches("CREATE_COMPLETE").await;

    let condition = stack.get("/resources/w").await;
    assert_eq!(condition.text("/resource/attributes/data"), r#"{"a": "d1", "2": "d2"}"#);
    let metadata = stack.get("/resources/h/metadata").await;
    let second = json!({"status": "SUCCESS", "reason": "Signal 2 received", "data": "d2"});
    assert_eq!(metadata.body["metadata"]["2"], second);
    let story = stack.story().await;
    let signals = story.iter().filter(|event| *event == "h SIGNAL_COMPLETE").count();
    assert_eq!(signals, 2, "{story:?}");
}

#[tokio::test]
async fn a_signed_url_is_the_proof_and_a_failure_fails_the_stack() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "s", waiting("CFN_SIGNAL", json!({}))).await;
    let url = alarm_url(&stack).await;
    let path = path_of(&url);
    assert!(
        path.starts_with("/heat-api-cfn/v1/waitcondition/arn%3Aopenstack%3Aheat%3A%3A"),
        "{path}"
    );
    let guest = cloud.nobody();
    let forged = path.replace("Signature=", "Signature=A");
    guest.put(&forged, json!({})).await.expect(403);
    let wrong = guest.put(path, json!({"bogus": 1})).await.expect(400);
    let told = String::from_utf8_lossy(&wrong.bytes);
    let sentence = "supplied:ValueError: resources.h: Metadata format invalid</Message>";
    assert!(
        told.contains("<Code>InvalidParameterValue</Code>") && told.contains(sentence),
        "{told}"
    );
    let signal = json!({"status": "FAILURE", "reason": "no disk", "id": "1", "data": ""});
    let taken = guest.put(path, signal).await.expect(201);
    assert_eq!(taken.body["metadata"]["1"]["reason"], "no disk");
    let failed = stack.reaches("CREATE_FAILED").await;
    assert_eq!(
        failed.text("/stack/stack_status_reason"),
        "Resource CREATE failed: WaitConditionFailure: resources.w: no disk"
    );
}

#[tokio::test]
async fn the_reference_of_an_amazon_handle_is_its_url() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = json!({
        "h": {"type": "AWS::CloudFormation::WaitConditionHandle"},
        "w": {"type": "AWS::CloudFormation::WaitCondition", "properties":
            {"Handle": {"get_resource": "h"}, "Timeout": "600"}},
    });
    let mut body = json!({"stack_name": "s", "template": template(resources)});
    body["template"]["outputs"] = json!({
        "url": {"value": {"get_resource": "h"}},
        "data": {"value": {"get_attr": ["w", "Data"]}},
    });
    let stack = Stack::create(&demo, body).await;
    stack.ready("h").await;
    let url = stack.get("/outputs/url").await.text("/output/output_value");
    let signal = json!({"Status": "SUCCESS", "Reason": "up", "UniqueId": "i-1", "Data": "x"});
    cloud.nobody().put(path_of(&url), signal).await.expect(201);
    stack.reaches("CREATE_COMPLETE").await;
    let data = stack.get("/outputs/data").await.text("/output/output_value");
    assert_eq!(data, r#"{"i-1": "x"}"#);
}

#[tokio::test]
async fn a_temporary_url_takes_what_is_put_there() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "s", waiting("TEMP_URL_SIGNAL", json!({"count": 2}))).await;
    let url = alarm_url(&stack).await;
    let guest = cloud.nobody();
    guest.put(path_of(&url), Value::Null).await.expect(201);
    let unsigned = path_of(&url).replace("temp_url_sig=", "temp_url_sig=0");
    guest.put(&unsigned, Value::Null).await.expect(403);
    guest.put(path_of(&url), json!({"data": 1})).await.expect(201);
    stack.reaches("CREATE_COMPLETE").await;
}

/// A session of the user that a handle names, if he may log in.
async fn log_in(cloud: &TestCloud, signal: &Value) -> Answer {
    let user = json!({"id": signal["user_id"], "password": signal["password"]});
    let identity = json!({"methods": ["password"], "password": {"user": user}});
    let scope = json!({"project": {"id": signal["project_id"]}});
    let body = json!({"auth": {"identity": identity, "scope": scope}});
    cloud.nobody().post("/identity/v3/auth/tokens", body).await
}

#[tokio::test]
async fn the_user_of_a_handle_signals_his_stack_and_may_do_nothing_else() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "s", waiting("HEAT_SIGNAL", json!({}))).await;
    let other = Stack::of(&demo, "other", waiting("HEAT_SIGNAL", json!({}))).await;
    let read = async |stack: &Stack<'_>| -> Value {
        let handle = stack.ready("h").await;
        serde_json::from_str(&handle.text("/resource/attributes/signal")).unwrap()
    };
    let (signal, others) = (read(&stack).await, read(&other).await);
    assert_eq!(signal["domain_id"], "heat");
    let token = log_in(&cloud, &signal).await.expect(201).header("x-subject-token").to_owned();
    let guest = cloud.nobody().with_token(&token);
    let own = path_of(signal["alarm_url"].as_str().unwrap());
    let project = |signal: &Value| signal["project_id"].as_str().unwrap().to_owned();
    let foreign = path_of(others["alarm_url"].as_str().unwrap())
        .replace(&project(&others), &project(&signal));
    guest.post(&foreign, json!({})).await.expect(404);
    guest.get(own.trim_end_matches("/resources/h/signal")).await.expect(403);
    guest.get("/compute/v2.1/servers").await.expect(403);
    let amazons = format!(
        "/heat-api-cfn/v1/?Action=DescribeStackResource&StackName={}&LogicalResourceId=",
        stack.path.rsplit('/').next().unwrap()
    );
    guest.get(&format!("{amazons}h")).await.expect(200);
    guest.get(&format!("{amazons}w")).await.expect(403);
    guest.post(own, json!({"data": "up"})).await.expect(200);
    stack.reaches("CREATE_COMPLETE").await;

    // He sleeps with his stack.
    let actions = format!("{}/actions", stack.path);
    demo.post(&actions, json!({"suspend": null})).await.expect(200);
    stack.reaches("SUSPEND_COMPLETE").await;
    log_in(&cloud, &signal).await.expect(401);
    demo.post(&actions, json!({"resume": null})).await.expect(200);
    stack.reaches("RESUME_COMPLETE").await;
    log_in(&cloud, &signal).await.expect(201);

    stack.end().await;
    guest.post(own, json!({})).await.expect(401);
    log_in(&cloud, &signal).await.expect(401);
    other.end().await;
    let admin = cloud.admin().await;
    let left = admin.get("/identity/v3/projects?domain_id=heat").await.expect(200);
    assert_eq!(left.body["projects"], json!([]));
}

#[tokio::test]
async fn what_is_put_where_a_swift_handle_says_completes_its_signal() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = json!({
        "h": {"type": "OS::Heat::SwiftSignalHandle"},
        "w": {"type": "OS::Heat::SwiftSignal", "properties":
            {"handle": {"get_resource": "h"}, "timeout": 600, "count": 2}},
    });
    let stack = Stack::of(&demo, "s", resources.clone()).await;
    let handle = stack.ready("h").await;
    let url = handle.text("/resource/attributes/endpoint");
    assert_eq!(handle.text("/resource/attributes/curl_cli"), format!("curl -i -X PUT '{url}'"));
    assert_eq!(handle.text("/resource/attributes/token"), "");
    let guest = cloud.nobody();
    guest.put(path_of(&url), Value::Null).await.expect(201);
    guest.put(path_of(&url), json!({"data": "x", "id": "b", "more": 1})).await.expect(201);
    stack.reaches("CREATE_COMPLETE").await;
    let signal = stack.get("/resources/w").await;
    assert_eq!(signal.text("/resource/attributes/data"), r#"{"1": null, "b": "x"}"#);

    let lost = Stack::of(&demo, "lost", resources).await;
    let url = lost.ready("h").await.text("/resource/attributes/endpoint");
    guest.put(path_of(&url), json!({"status": "FAILURE", "reason": "no disk"})).await.expect(201);
    assert_eq!(
        lost.reaches("CREATE_FAILED").await.text("/stack/stack_status_reason"),
        "Resource CREATE failed: SwiftSignalFailure: resources.w: no disk"
    );
}

#[tokio::test]
async fn a_condition_whose_time_is_up_says_what_it_got() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "s", waiting("TOKEN_SIGNAL", json!({"timeout": 1}))).await;
    let failed = stack.reaches("CREATE_FAILED").await;
    assert_eq!(
        failed.text("/stack/stack_status_reason"),
        "Resource CREATE failed: WaitConditionTimeout: resources.w: 0 of 1 received"
    );
    stack.end().await;
}

#[tokio::test]
async fn what_needs_no_signal_waits_for_none_and_what_is_no_handle_is_refused() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::of(&demo, "s", waiting("NO_SIGNAL", json!({"count": 3}))).await;
    stack.reaches("CREATE_COMPLETE").await;
    let alone = json!({"w": {"type": "OS::Heat::WaitCondition",
        "properties": {"handle": "nobody", "timeout": 1}}});
    let failed = Stack::of(&demo, "t", alone).await.reaches("CREATE_FAILED").await;
    assert_eq!(
        failed.text("/stack/stack_status_reason"),
        "Resource CREATE failed: ValueError: resources.w: nobody is not a valid wait condition \
         handle."
    );
}

#[tokio::test]
async fn a_transport_whose_service_is_absent_is_refused_by_name() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"stack_name": "s", "template": template(waiting("ZAQAR_SIGNAL", json!({})))});
    let refused = demo.post(&stacks(&demo), body).await.expect(400);
    assert!(refused.text("/error/message").contains("messaging service (zaqar)"), "{refused:?}");
}

#[tokio::test]
async fn an_update_replaces_a_handle_that_must_be_signalled_anew() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = json!({
        "h": {"type": "OS::Heat::UpdateWaitConditionHandle"},
        "w": {"type": "AWS::CloudFormation::WaitCondition", "properties":
            {"Handle": {"get_resource": "h"}, "Timeout": 600}},
    });
    let mut body = template(resources);
    body["outputs"] = json!({"url": {"value": {"get_resource": "h"}}});
    let stack = Stack::create(&demo, json!({"stack_name": "s", "template": body.clone()})).await;
    stack.ready("h").await;
    let url = async || stack.get("/outputs/url").await.text("/output/output_value");
    let signal = json!({"Status": "SUCCESS", "Reason": "", "UniqueId": "1", "Data": ""});
    let guest = cloud.nobody();
    let first = url().await;
    guest.put(path_of(&first), signal.clone()).await.expect(201);
    stack.reaches("CREATE_COMPLETE").await;

    demo.put(&stack.path, json!({"template": body})).await.expect(202);
    let another = |answer: &Answer| {
        let url = answer.optional("/output/output_value");
        !url.is_empty() && url != first
    };
    let second = demo.wait(&format!("{}/outputs/url", stack.path), another).await;
    guest.put(path_of(&first), signal.clone()).await.expect(403);
    guest.put(path_of(&second.text("/output/output_value")), signal).await.expect(201);
    stack.reaches("UPDATE_COMPLETE").await;
}

fn stacks(session: &Session) -> String {
    format!("{}/stacks", root(session))
}
