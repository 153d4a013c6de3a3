//! `/resource_types`.

use serde_json::json;

use super::{Stack, url};
use crate::support::TestCloud;

#[tokio::test]
async fn types_are_listed_by_their_beginning_and_shown_with_their_schema() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let listed = demo.get(&url(&demo, "/resource_types?name=OS::Heat::R")).await.expect(200);
    let types = ["OS::Heat::RandomString", "OS::Heat::ResourceChain", "OS::Heat::ResourceGroup"];
    assert_eq!(listed.body, json!({"resource_types": types}));
    let inner = demo.get(&url(&demo, "/resource_types?name=RandomString")).await.expect(200);
    assert_eq!(inner.body, json!({"resource_types": []}));
    let path = url(&demo, "/resource_types/OS::Heat::RandomString");
    let shown = demo.get(&path).await.expect(200);
    assert_eq!(
        shown.body["properties"]["length"],
        json!({"type": "integer", "description": "Length of the string to generate.",
            "default": 32, "required": false, "constraints": [{"range": {"min": 1, "max": 512}}],
            "update_allowed": false, "immutable": false})
    );
    assert_eq!(shown.text("/attributes/value/type"), "string");
    let missing = demo.get(&url(&demo, "/resource_types/OS::Nope")).await.expect(404);
    assert_eq!(missing.text("/error/message"), "The Resource Type (OS::Nope) could not be found.");
}

#[tokio::test]
async fn a_template_is_generated_from_a_type_in_either_language() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = url(&demo, "/resource_types/OS::Heat::RandomString/template");
    let cfn = demo.get(&path).await.expect(200);
    assert_eq!(cfn.text("/HeatTemplateFormatVersion"), "2012-12-12");
    assert_eq!(cfn.text("/Description"), "Initial template of RandomString");
    assert_eq!(
        cfn.body["Parameters"]["length"],
        json!({"Type": "Number", "Description": "Length of the string to generate.",
            "Default": 32, "MinValue": 1, "MaxValue": 512})
    );
    assert_eq!(
        cfn.body["Resources"]["RandomString"]["Properties"]["character_classes"],
        json!({"Fn::Split": [",", {"Ref": "character_classes"}]})
    );
    assert_eq!(cfn.body["Outputs"]["OS::stack_id"], json!({"Value": {"Ref": "RandomString"}}));
    let hot = demo.get(&format!("{path}?template_type=HOT")).await.expect(200);
    assert_eq!(
        hot.body["parameters"]["length"],
        json!({"type": "number", "description": "Length of the string to generate.",
            "default": 32, "constraints": [{"range": {"min": 1, "max": 512}}]})
    );
    assert_eq!(
        hot.body["outputs"]["value"]["value"],
        json!({"get_attr": ["RandomString", "value"]})
    );
    let validated = demo.post(&url(&demo, "/validate"), json!({"template": hot.body})).await;
    validated.expect(200);
    let odd = demo.get(&format!("{path}?template_type=xml")).await.expect(400);
    assert!(odd.text("/error/message").ends_with("valid types are: cfn, hot."));
}

#[tokio::test]
async fn a_type_of_an_absent_service_is_refused_with_its_name() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let template = json!({"heat_template_version": "rocky",
        "resources": {"v": {"type": "OS::Cinder::Volume", "properties": {"size": 1}}}});
    for (path, body) in [
        ("/validate", json!({"template": template})),
        ("/stacks", json!({"stack_name": "s", "template": template})),
    ] {
        let refused = demo.post(&url(&demo, path), body).await.expect(400);
        assert_eq!(refused.text("/error/type"), "ResourceTypeUnavailable");
        assert!(refused.text("/error/message").starts_with("HEAT-E99001 Service cinder is not"));
    }
    let ignored = url(&demo, "/validate?ignore_errors=99001");
    demo.post(&ignored, json!({"template": template})).await.expect(200);
    let odd = url(&demo, "/validate?ignore_errors=1");
    let odd = demo.post(&odd, json!({"template": template})).await.expect(400);
    assert_eq!(odd.text("/error/message"), "Invalid codes in ignore_errors : ['1']");
}

#[tokio::test]
async fn a_placeholder_is_accepted_and_says_that_it_makes_nothing() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let template = json!({"heat_template_version": "rocky",
        "resources": {"n": {"type": "OS::Senlin::Node", "properties": {"any": "thing"}}}});
    let verdict = demo.post(&url(&demo, "/validate"), json!({"template": template})).await;
    assert_eq!(
        verdict.expect(200).body["Warnings"],
        json!(["resources.n: OS::Senlin::Node is a placeholder: nothing is created."])
    );
    let stack = Stack::create(&demo, json!({"stack_name": "s", "template": template})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let shown = stack.get("/resources/n").await;
    assert_eq!(shown.text("/resource/resource_status_reason"), "placeholder: nothing was created");
    stack.end().await;
}
