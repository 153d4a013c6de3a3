//! Groups of servers that a launch configuration describes, and Amazon's policies.

use serde_json::{Value, json};

use super::{Stack, error, url};
use crate::support::{Answer, Session, TestCloud};

/// A template of these resources in Amazon's words.
fn amazons(resources: Value, outputs: Value) -> Value {
    json!({"HeatTemplateFormatVersion": "2012-12-12", "Resources": resources, "Outputs": outputs})
}

fn configuration(flavor: &str) -> Value {
    json!({"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": {
        "ImageId": "novadock/tiny", "InstanceType": flavor}})
}

fn scaled(flavor: &str) -> Value {
    let resources = json!({
        "Config": configuration(flavor),
        "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup",
            "UpdatePolicy": {"AutoScalingRollingUpdate": {"MinInstancesInService": 1}},
            "Properties": {"AvailabilityZones": {"Fn::GetAZs": ""}, "MinSize": 1, "MaxSize": 3,
                "LaunchConfigurationName": {"Ref": "Config"}, "DesiredCapacity": 2,
                "Tags": [{"Key": "tier", "Value": "web"}]}},
        "Up": {"Type": "AWS::AutoScaling::ScalingPolicy", "Properties": {
            "AutoScalingGroupName": {"Ref": "Group"}, "AdjustmentType": "ChangeInCapacity",
            "ScalingAdjustment": 1}},
    });
    let outputs = json!({
        "List": {"Value": {"Fn::GetAtt": ["Group", "InstanceList"]}},
        "Up": {"Value": {"Ref": "Up"}},
    });
    json!({"stack_name": "scaled", "template": amazons(resources, outputs)})
}

/// Flavor and metadata of each server.
async fn servers(session: &Session) -> Vec<(String, Value)> {
    let list = session.get("/compute/v2.1/servers/detail").await.expect(200);
    let rows = list.body["servers"].as_array().unwrap().iter();
    let flavor = |row: &Value| {
        let flavor = &row["flavor"];
        flavor["original_name"].as_str().or_else(|| flavor["id"].as_str()).unwrap().to_owned()
    };
    rows.map(|row| (flavor(row), row["metadata"].clone())).collect()
}

fn output(answer: &Answer, name: &str) -> String {
    let rows = answer.body["stack"]["outputs"].as_array().unwrap();
    let row = rows.iter().find(|row| row["output_key"] == name).unwrap();
    row["output_value"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_configuration_is_launched_scaled_and_replaced() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, scaled("m1.tiny")).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(output(&shown, "List").split(',').count(), 2);
    assert!(output(&shown, "Up").contains("/signal/"), "{}", output(&shown, "Up"));
    let all = servers(&demo).await;
    let tags = json!({"tier": "web", "metering.groupname": "Group",
        "metering.AutoScalingGroupName": "Group"});
    assert!(all.iter().all(|(_, metadata)| *metadata == tags), "{all:?}");
    // A policy makes the group larger.
    demo.post(&format!("{}/resources/Up/signal", stack.path), json!({})).await.expect(200);
    demo.wait(&stack.path, |answer| output(answer, "List").split(',').count() == 3).await;
    // Another configuration comes member by member.
    demo.put(&stack.path, scaled("m1.small")).await.expect(202);
    let shown = stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(output(&shown, "List").split(',').count(), 2);
    let flavors: Vec<String> = servers(&demo).await.into_iter().map(|(flavor, _)| flavor).collect();
    assert_eq!(flavors.len(), 2);
    assert!(flavors.iter().all(|flavor| *flavor != all[0].0), "{flavors:?}");
    stack.end().await;
    assert!(servers(&demo).await.is_empty());
}

#[tokio::test]
async fn a_group_of_instances_has_the_size_that_it_is_given() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let of = |size: u64| {
        let resources = json!({"Config": configuration("m1.tiny"), "Group": {
            "Type": "OS::Heat::InstanceGroup", "Properties": {"AvailabilityZones": ["nova"],
                "LaunchConfigurationName": {"Ref": "Config"}, "Size": size}}});
        json!({"stack_name": "group", "template": amazons(resources, json!({}))})
    };
    let stack = Stack::create(&demo, of(2)).await;
    stack.reaches("CREATE_COMPLETE").await;
    assert_eq!(servers(&demo).await.len(), 2);
    demo.put(&stack.path, of(0)).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(servers(&demo).await.len(), 0);
    stack.end().await;
}

#[tokio::test]
async fn a_configuration_can_be_taken_from_a_server() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let model = json!({"server": {"type": "OS::Nova::Server", "properties": {
        "image": "novadock/tiny", "flavor": "m1.small", "networks": [{"network": "shared"}]}}});
    let model = Stack::of(&demo, "model", model).await;
    model.reaches("CREATE_COMPLETE").await;
    let id = model.get("/resources/server").await.text("/resource/physical_resource_id");
    let resources = json!({
        "Config": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": {"InstanceId": id}},
        "Group": {"Type": "OS::Heat::InstanceGroup", "Properties": {"AvailabilityZones": ["nova"],
            "LaunchConfigurationName": {"Ref": "Config"}, "Size": 1}},
        "Direct": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {
            "AvailabilityZones": ["nova"], "InstanceId": id, "MinSize": 1, "MaxSize": 1}},
    });
    let body = json!({"stack_name": "twins", "template": amazons(resources, json!({}))});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let flavors: Vec<String> = servers(&demo).await.into_iter().map(|(flavor, _)| flavor).collect();
    assert_eq!(flavors.len(), 3);
    assert!(flavors.iter().all(|flavor| *flavor == flavors[0]), "{flavors:?}");
    stack.end().await;
    model.end().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_group_is_said_before_anything_exists() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let group = |properties: Value| {
        let mut all = json!({"AvailabilityZones": ["nova"], "MinSize": 1, "MaxSize": 2});
        all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
        json!({"Config": configuration("m1.tiny"),
            "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": all}})
    };
    let reference = json!({"Ref": "Config"});
    let mut paused = group(json!({"LaunchConfigurationName": reference}));
    paused["Group"]["UpdatePolicy"] = json!({"AutoScalingRollingUpdate": {"PauseTime": "PT2H"}});
    let policy = json!({"Policy": {"Type": "AWS::AutoScaling::ScalingPolicy", "Properties": {
        "AutoScalingGroupName": "x", "AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 1,
        "MinAdjustmentStep": 1}}});
    let bare = json!({"Config": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": {
        "ImageId": "novadock/tiny"}}});
    for (resources, sentence) in [
        (group(json!({})), "Either 'InstanceId' or 'LaunchConfigurationName' must be provided."),
        (
            group(json!({"LaunchConfigurationName": "None"})),
            "LaunchConfigurationName (None) reference can not be found.",
        ),
        (
            group(json!({"LaunchConfigurationName": "Config"})),
            "LaunchConfigurationName (Config) requires a reference to the configuration not just \
             the name of the resource.",
        ),
        (
            group(json!({"LaunchConfigurationName": reference, "DesiredCapacity": 3})),
            "DesiredCapacity must be between MinSize and MaxSize",
        ),
        (
            group(json!({"LaunchConfigurationName": reference, "MinSize": -1})),
            "The size of AutoScalingGroup can not be less than zero",
        ),
        (
            group(json!({"LaunchConfigurationName": reference, "VPCZoneIdentifier": ["a", "b"]})),
            "Anything other than one VPCZoneIdentifier is not supported.",
        ),
        (paused, "Maximum PauseTime is 1 hour."),
        (
            policy,
            "MinAdjustmentStep property should only be specified for AdjustmentType with \
                  value PercentChangeInCapacity.",
        ),
        (bare, "If without InstanceId, ImageId and InstanceType are required."),
    ] {
        let body = json!({"stack_name": "wrong", "template": amazons(resources, json!({}))});
        let answer = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
        assert_eq!(error(&answer).1, sentence);
    }
}
