//! Groups that policies scale, and stacks as resources of their own.

use serde_json::{Value, json};

use super::{Stack, url};
use crate::support::{Answer, TestCloud};

fn size_is(size: u64) -> impl Fn(&Answer) -> bool {
    move |answer| answer.body["stack"]["outputs"][0]["output_value"] == size
}

fn scaled(text: &str, cooldown: u64) -> Value {
    json!({"stack_name": "scaled", "template": {
        "heat_template_version": "2018-08-31",
        "resources": {
            "group": {"type": "OS::Heat::AutoScalingGroup", "properties": {
                "min_size": 1, "max_size": 3, "desired_capacity": 2,
                "resource": {"type": "OS::Heat::TestResource", "properties": {"value": text}}}},
            "up": {"type": "OS::Heat::ScalingPolicy", "properties": {
                "auto_scaling_group_id": {"get_resource": "group"}, "cooldown": cooldown,
                "adjustment_type": "change_in_capacity", "scaling_adjustment": 5}},
        },
        "outputs": {
            "size": {"value": {"get_attr": ["group", "current_size"]}},
            "texts": {"value": {"get_attr": ["group", "outputs_list", "output"]}},
            "first": {"value": {"get_attr": ["group", "resource.0.output"]}},
        },
    }})
}

#[tokio::test]
async fn a_signalled_policy_scales_its_group() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, scaled("old", 0)).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    let output = |shown: &Answer, index: usize| {
        shown.body["stack"]["outputs"][index]["output_value"].clone()
    };
    assert_eq!(output(&shown, 0), 2);
    assert_eq!((output(&shown, 1), output(&shown, 2)), (json!(["old", "old"]), json!("old")));
    demo.post(&format!("{}/resources/up/signal", stack.path), json!({})).await.expect(200);
    demo.wait(&stack.path, size_is(3)).await;
    // A new definition reaches every member, and the size goes back to what is wanted.
    demo.put(&stack.path, scaled("new", 60)).await.expect(202);
    let shown = stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!((output(&shown, 0), output(&shown, 1)), (json!(2), json!(["new", "new"])));
    // It has just been changed.
    demo.post(&format!("{}/resources/up/signal", stack.path), json!({})).await.expect(200);
    assert_eq!(output(&stack.get("").await, 0), 2);
    stack.end().await;
}

#[tokio::test]
async fn sizes_that_contradict_each_other_are_refused() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut body = scaled("x", 0);
    body["template"]["resources"]["group"]["properties"]["desired_capacity"] = json!(4);
    let answer = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
    let sentence = super::error(&answer).1.to_owned();
    assert!(
        sentence.ends_with("DesiredCapacity must be between MinSize and MaxSize"),
        "{sentence}"
    );
}

const INNER: &str = "
heat_template_version: 2018-08-31
parameters: {text: {type: string}}
resources: {kept: {type: OS::Heat::TestResource, properties: {value: {get_param: text}}}}
outputs: {text: {value: {get_attr: [kept, output]}}}
";

#[tokio::test]
async fn a_stack_is_a_resource_that_everybody_sees() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let of = |region: &str| {
        json!({"stack_name": "outer", "template": {
            "heat_template_version": "2018-08-31",
            "resources": {"own": {"type": "OS::Heat::Stack", "properties": {
                "template": INNER, "parameters": {"text": "hello"},
                "context": {"region_name": region}}}},
            "outputs": {"text": {"value": {"get_attr": ["own", "outputs", "text"]}}},
        }})
    };
    let stack = Stack::create(&demo, of("RegionOne")).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(shown.text("/stack/outputs/0/output_value"), "hello");
    let list = demo.get(&url(&demo, "/stacks")).await.expect(200);
    let names: Vec<&Value> =
        list.body["stacks"].as_array().unwrap().iter().map(|row| &row["parent"]).collect();
    assert_eq!(names, [&Value::Null, &Value::Null]);
    stack.end().await;
    let away = demo.post(&url(&demo, "/stacks"), of("Elsewhere")).await.expect(400);
    assert_eq!(
        super::error(&away).1,
        "Cannot establish connection to Heat endpoint at region \"Elsewhere\" due to \"publicURL \
         endpoint for orchestration service in Elsewhere region not found\""
    );
    let mut wrong = of("RegionOne");
    wrong["template"]["resources"]["own"]["properties"]["template"] =
        INNER.replace("outputs:", "outcome:").into();
    let wrong = demo.post(&url(&demo, "/stacks"), wrong).await.expect(400);
    assert_eq!(
        super::error(&wrong).1,
        "Failed validating stack template using Heat endpoint at region \"RegionOne\" due to \
         \"ERROR: The template section is invalid: outcome\""
    );
}

#[tokio::test]
async fn a_stack_of_cloud_formation_finds_its_template_among_the_files() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let of = |address: &str| {
        json!({"stack_name": "cfn", "files": {"http://files/inner.yaml": INNER}, "template": {
            "HeatTemplateFormatVersion": "2012-12-12",
            "Resources": {"Part": {"Type": "AWS::CloudFormation::Stack", "Properties": {
                "TemplateURL": address, "Parameters": {"text": "hello"}}}},
            "Outputs": {"Text": {"Value": {"Fn::GetAtt": ["Part", "Outputs.text"]}}},
        }})
    };
    let stack = Stack::create(&demo, of("http://files/inner.yaml")).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(shown.text("/stack/outputs/0/output_value"), "hello");
    stack.end().await;
    let missing = of("http://files/other.yaml");
    let answer = demo.post(&url(&demo, "/stacks"), missing).await.expect(400);
    assert_eq!(
        super::error(&answer).1,
        "Resources.Part<nested_stack>: : Could not fetch remote template \
         \"http://files/other.yaml\": Failed to retrieve template"
    );
}
