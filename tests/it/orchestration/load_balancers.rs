//! Load balancers: the servers that they know. That they balance, the clients' story shows.

use serde_json::{Value, json};

use super::{Stack, error, url};
use crate::support::{Session, TestCloud};

fn body(size: u64, image: &str) -> Value {
    let resources = json!({
        "Config": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": {
            "ImageId": "novadock/tiny", "InstanceType": "m1.tiny"}},
        "Group": {"Type": "OS::Heat::InstanceGroup", "Properties": {"AvailabilityZones": ["nova"],
            "LaunchConfigurationName": {"Ref": "Config"}, "Size": size,
            "LoadBalancerNames": [{"Ref": "Balancer"}]}},
        "Balancer": {"Type": "AWS::ElasticLoadBalancing::LoadBalancer", "Properties": {
            "AvailabilityZones": ["nova"], "Listeners": [
                {"LoadBalancerPort": 80, "InstancePort": 8080, "Protocol": "HTTP"}]}},
    });
    let outputs = json!({
        "Members": {"Value": {"Fn::GetAtt": ["Group", "InstanceList"]}},
        "Name": {"Value": {"Fn::GetAtt": ["Balancer", "DNSName"]}},
    });
    json!({"stack_name": "balanced", "template": {"HeatTemplateFormatVersion": "2012-12-12",
        "Parameters": {"LbImageId": {"Type": "String", "Default": image},
            "LbFlavor": {"Type": "String", "Default": "m1.tiny"}},
        "Resources": resources, "Outputs": outputs}})
}

/// The lines of the balancer's configuration that name a server.
async fn servers(demo: &Session, path: &str) -> Vec<String> {
    let shown = demo.get(path).await.expect(200);
    let text = shown.text("/resources/LB_config/properties/config");
    text.lines()
        .filter(|line| line.trim_start().starts_with("server "))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_balancer_knows_the_members_of_its_group() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, body(2, "novadock/tiny")).await;
    let shown = stack.reaches("CREATE_COMPLETE").await;
    let output = |index: usize| shown.text(&format!("/stack/outputs/{index}/output_value"));
    let (members, name) = (output(0), output(1));
    assert!(name.contains('.'), "{name}");
    let id = stack.get("/resources/Balancer").await.text("/resource/physical_resource_id");
    let all = demo.get(&url(&demo, "/stacks?show_nested=true")).await.expect(200);
    let rows = all.body["stacks"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == id.as_str()).unwrap();
    let inner = url(&demo, &format!("/stacks/{}/{id}", row["stack_name"].as_str().unwrap()));
    let template = format!("{inner}/template");
    let known = servers(&demo, &template).await;
    let expected: Vec<String> = members
        .split(',')
        .enumerate()
        .map(|(index, address)| format!("    server server{} {address}:8080", index + 1))
        .collect();
    assert_eq!(known, expected);
    // One goes.
    demo.put(&stack.path, body(1, "novadock/tiny")).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(servers(&demo, &template).await.len(), 1);
    let inner = Stack { session: &demo, path: inner };
    inner.reaches("UPDATE_COMPLETE").await;
    stack.end().await;
}

#[tokio::test]
async fn without_an_image_it_is_said_what_to_do() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = Stack::create(&demo, body(1, "novadock/haproxy")).await;
    let shown = stack.reaches("CREATE_FAILED").await;
    let reason = shown.text("/stack/stack_status_reason");
    assert!(reason.contains("`make demo-images`"), "{reason}");
    stack.end().await;
    let mut slow = body(1, "novadock/tiny");
    slow["template"]["Resources"]["Balancer"]["Properties"]["HealthCheck"] = json!({
        "Target": "TCP:80", "Interval": 1, "Timeout": 2, "UnhealthyThreshold": 1,
        "HealthyThreshold": 1});
    let answer = demo.post(&url(&demo, "/stacks"), slow).await.expect(400);
    assert_eq!(error(&answer).1, "Interval must be larger than Timeout");
}
