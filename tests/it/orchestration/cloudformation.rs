//! Amazon's API: the same stacks in another dialect.

use kit::http::query_string;
use serde_json::{Value, json};

use super::{Stack, url};
use crate::support::{Answer, Session, TestCloud};

const ROOT: &str = "/heat-api-cfn/v1/";
const FORM: &str = "application/x-www-form-urlencoded";

const TEMPLATE: &str = r#"{"HeatTemplateFormatVersion": "2012-12-12",
    "Parameters": {"word": {"Type": "String", "Default": "hi", "NoEcho": "true"}},
    "Resources": {"r": {"Type": "OS::Heat::Value", "Properties": {"value": {"Ref": "word"}},
        "Metadata": {"a": {"b": 1}}}},
    "Outputs": {"o": {"Value": {"Fn::GetAtt": ["r", "value"]}}}}"#;

/// Names and values.
type Parameters<'a> = &'a [(&'a str, &'a str)];

/// Asks by a form, for JSON.
async fn ask(session: &Session, action: &str, parameters: Parameters<'_>) -> Answer {
    let all = [("Action", action), ("ContentType", "JSON")];
    let form = query_string(all.iter().chain(parameters).copied());
    let request = session.request("POST", ROOT).header("Content-Type", FORM).body(form);
    session.send(request).await
}

/// What an action answered.
fn result(action: &str, answer: Answer) -> Value {
    answer.expect(200).body[format!("{action}Response")][format!("{action}Result")].clone()
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.bytes).into_owned()
}

#[tokio::test]
async fn a_stack_is_made_and_looked_at_in_amazons_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let made = [
        ("StackName", "s"),
        ("TemplateBody", TEMPLATE),
        ("Parameters.member.1.ParameterKey", "word"),
        ("Parameters.member.1.ParameterValue", "hello"),
        ("TimeoutInMinutes", "9"),
    ];
    let made = result("CreateStack", ask(&demo, "CreateStack", &made).await);
    let arn = made["StackId"].as_str().unwrap();
    let id = arn.rsplit('/').next().unwrap();
    assert_eq!(arn, format!("arn:openstack:heat::{}:stacks/s/{id}", demo.project));
    let stack = Stack { session: &demo, path: url(&demo, &format!("/stacks/s/{id}")) };
    stack.reaches("CREATE_COMPLETE").await;

    let shown = result("DescribeStacks", ask(&demo, "DescribeStacks", &[("StackName", arn)]).await);
    let shown = &shown["Stacks"][0];
    assert_eq!(shown["StackStatus"], "CREATE_COMPLETE");
    assert_eq!(shown["TimeoutInMinutes"], 9);
    assert_eq!(shown["Outputs"][0]["OutputValue"], "hello");
    let parameters = shown["Parameters"].as_array().unwrap();
    assert!(parameters.contains(&json!({"ParameterKey": "word", "ParameterValue": "******"})));
    let all = result("DescribeStacks", ask(&demo, "DescribeStacks", &[]).await);
    assert_eq!(all["Stacks"][0]["StackId"], arn);
    let listed = result("ListStacks", ask(&demo, "ListStacks", &[]).await);
    assert_eq!(listed["StackSummaries"][0]["StackId"], arn);

    let one = [("StackName", "s"), ("LogicalResourceId", "r")];
    let detail = result("DescribeStackResource", ask(&demo, "DescribeStackResource", &one).await);
    assert_eq!(detail["StackResourceDetail"]["Metadata"], json!({"a": {"b": 1}}));
    let thing = detail["StackResourceDetail"]["PhysicalResourceId"].as_str().unwrap().to_owned();
    let by_thing = [("PhysicalResourceId", thing.as_str())];
    let found =
        result("DescribeStackResources", ask(&demo, "DescribeStackResources", &by_thing).await);
    assert_eq!(found["StackResources"][0]["LogicalResourceId"], "r");
    let named = [("StackName", "s")];
    let listed = result("ListStackResources", ask(&demo, "ListStackResources", &named).await);
    assert_eq!(listed["StackResourceSummaries"][0]["ResourceStatus"], "CREATE_COMPLETE");
    let events = result("DescribeStackEvents", ask(&demo, "DescribeStackEvents", &named).await);
    assert_eq!(events["StackEvents"].as_array().unwrap().len(), 4);
    let template = result("GetTemplate", ask(&demo, "GetTemplate", &named).await);
    assert_eq!(template["TemplateBody"]["Resources"]["r"]["Type"], "OS::Heat::Value");

    let other = [("StackName", "s"), ("TemplateBody", "{HeatTemplateFormatVersion: '2012-12-12'}")];
    ask(&demo, "UpdateStack", &other).await.expect(200);
    stack.reaches("UPDATE_COMPLETE").await;
    ask(&demo, "DeleteStack", &named).await.expect(200);
    stack.reaches("DELETE_COMPLETE").await;
}

#[tokio::test]
async fn answers_are_xml_unless_json_is_asked_for() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let one = json!({"r": {"type": "OS::Heat::None", "metadata": {"a": "<b>"}}});
    Stack::of(&demo, "s", one).await.reaches("CREATE_COMPLETE").await;
    let path = format!("{ROOT}?Action=DescribeStackResource&StackName=s&LogicalResourceId=r");
    let shown = demo.get(&path).await.expect(200);
    assert_eq!(shown.header("content-type"), "application/xml");
    let metadata = r#"<Metadata>{"a": "&lt;b&gt;"}</Metadata>"#;
    assert!(text(&shown).contains(metadata), "{}", text(&shown));
    let script = demo.get(&format!("{path}&ContentType=Shell")).await.expect(200);
    assert_eq!(script.header("content-type"), "text/x-shellscript");
    let missing = demo.get(&path.replace("Id=r", "Id=x")).await.expect(400);
    assert_eq!(
        text(&missing),
        "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameterValue</Code><Message>A bad \
         or out-of-range value was supplied:The Resource (x) could not be found in Stack s.\
         </Message></Error></ErrorResponse>"
    );
    let verdict = [("TemplateBody", TEMPLATE)];
    let verdict = result("ValidateTemplate", ask(&demo, "ValidateTemplate", &verdict).await);
    assert_eq!(verdict["Parameters"][0]["ParameterKey"], "word");
    assert_eq!(verdict["Parameters"][0]["NoEcho"], "true");
}

#[tokio::test]
async fn a_signature_says_who_asks() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    Stack::of(&demo, "s", json!({})).await;
    let blob = r#"{"access": "guests", "secret": "secret"}"#;
    let pair = json!({"credential": {"type": "ec2", "user_id": demo.user,
        "project_id": demo.project, "blob": blob}});
    cloud.admin().await.post("/identity/v3/credentials", pair).await.expect(201);
    let signed = |access: &str, signature: &str| {
        format!(
            "{ROOT}?AWSAccessKeyId={access}&Action=ListStacks&SignatureMethod=HmacSHA256\
             &SignatureVersion=2&Signature={signature}"
        )
    };
    // Of the query above, sent by GET to 127.0.0.1 without a port.
    let signature = "KlCSHHY%2FNf713%2FfrKKYy%2FfnlybBSszXuIQLcL9xon3I%3D";
    let guest = cloud.nobody();
    let listed = guest.get(&signed("guests", signature)).await.expect(200);
    assert!(text(&listed).contains("<StackName>s</StackName>"), "{}", text(&listed));
    let forged = guest.get(&signed("guests", "guess")).await.expect(403);
    assert!(text(&forged).contains("<Code>AccessDenied</Code>"), "{}", text(&forged));
    let unknown = guest.get(&signed("nobody", signature)).await.expect(403);
    assert!(text(&unknown).contains("<Code>InvalidClientTokenId</Code>"), "{}", text(&unknown));
}

#[tokio::test]
async fn what_is_wrong_has_amazons_names() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    Stack::of(&demo, "s", json!({})).await;
    let code = async |session: &Session, action: &str, parameters: Parameters<'_>| {
        let answer = ask(session, action, parameters).await;
        (answer.status, answer.text("/ErrorResponse/Error/Code"))
    };
    let body = ("TemplateBody", TEMPLATE);
    let both = [("StackName", "t"), body, ("OnFailure", "DELETE"), ("DisableRollback", "true")];
    let rows: [(&str, Parameters<'_>, &str); 6] = [
        ("Dance", &[], "InvalidAction"),
        ("CreateStack", &[("StackName", "s"), body], "AlreadyExists"),
        ("CreateStack", &[("StackName", "t")], "MissingParameter"),
        ("CreateStack", &both, "InvalidParameterCombination"),
        ("DescribeStacks", &[("StackName", "none")], "InvalidParameterValue"),
        ("GetTemplate", &[], "MissingParameter"),
    ];
    for (action, parameters, expected) in rows {
        let met = code(&demo, action, parameters).await;
        assert_eq!(met, (400, expected.to_owned()), "{action} {parameters:?}");
    }
    let reader = cloud.user_with_role("reader").await;
    let denied = ask(&reader, "DeleteStack", &[("StackName", "s")]).await.expect(403);
    let sentence =
        "User is not authorized to perform action:Action DeleteStack not allowed for user";
    assert_eq!(denied.text("/ErrorResponse/Error/Message"), sentence);
    let unsigned = code(&cloud.nobody(), "ListStacks", &[]).await;
    assert_eq!(unsigned, (400, "IncompleteSignature".to_owned()));
    let catalogue = demo.get("/identity/v3/auth/catalog").await.expect(200);
    let rows = catalogue.body["catalog"].as_array().unwrap();
    let row = rows.iter().find(|row| row["type"] == "cloudformation").unwrap();
    assert_eq!(row["endpoints"][0]["url"], json!(format!("{}/heat-api-cfn/v1", cloud.url)));
}
