//! The interfaces of `OS::Nova::Server`: on ports of its own, and changed while the guest runs.

use kit::engine::sim::{Fault, When};
use kit::engine::{EngineError, Instances};
use serde_json::{Value, json};

use super::{Stack, template, url};
use crate::support::{Answer, TestCloud};

/// A server with these interfaces, between a network with two ranges and a port on it.
fn with_networks(networks: &Value) -> Value {
    let subnet = |network: &str, cidr: &str| {
        json!({"type": "OS::Neutron::Subnet", "properties": {
            "network": {"get_resource": network}, "cidr": cidr}})
    };
    template(json!({
        "net": {"type": "OS::Neutron::Net"},
        "range": subnet("net", "10.91.0.0/24"),
        "other": {"type": "OS::Neutron::Net"},
        "other_range": subnet("other", "10.92.0.0/24"),
        "port": {"type": "OS::Neutron::Port", "depends_on": "other_range", "properties": {
            "network": {"get_resource": "other"},
            "allowed_address_pairs": [{"ip_address": "10.92.0.200"}]}},
        "one": {"type": "OS::Nova::Server", "depends_on": ["range", "other_range"], "properties": {
            "image": "novadock/tiny", "flavor": "m1.tiny", "networks": networks}},
    }))
}

async fn interfaces(stack: &Stack<'_>) -> Answer {
    let id = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    stack.session.get(&format!("/compute/v2.1/servers/{id}/os-interface")).await.expect(200)
}

async fn update(stack: &Stack<'_>, networks: &Value, state: &str) -> Answer {
    let body = json!({"template": with_networks(networks)});
    stack.session.put(&stack.path, body).await.expect(202);
    stack.reaches(state).await
}

#[tokio::test]
async fn a_server_keeps_running_while_its_interfaces_change() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let first = with_networks(&json!([{"network": {"get_resource": "net"}}]));
    let stack = Stack::create(&demo, json!({"stack_name": "s", "template": first})).await;
    stack.reaches("CREATE_COMPLETE").await;
    let id = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    let before = interfaces(&stack).await.text("/interfaceAttachments/0/port_id");
    let port = stack.get("/resources/port").await;
    let pairs = port.body["resource"]["attributes"]["allowed_address_pairs"].clone();
    assert_eq!(pairs[0]["ip_address"], "10.92.0.200");
    assert_eq!(pairs[0]["mac_address"], port.body["resource"]["attributes"]["mac_address"]);

    let both = json!([{"network": {"get_resource": "net"}}, {"port": {"get_resource": "port"}}]);
    update(&stack, &both, "UPDATE_COMPLETE").await;
    let port = port.text("/resource/physical_resource_id");
    let now = interfaces(&stack).await;
    assert_eq!(now.text("/interfaceAttachments/0/port_id"), before);
    assert_eq!(now.text("/interfaceAttachments/1/port_id"), port);
    let guest = cloud.engine.inspect(&format!("nova-{id}")).await.unwrap().unwrap();
    assert_eq!(guest.attachments.len(), 2, "the stack waits for the guest");

    let address = json!([{"network": {"get_resource": "net"}, "fixed_ip": "10.91.0.77"}]);
    update(&stack, &address, "UPDATE_COMPLETE").await;
    let now = interfaces(&stack).await;
    assert_eq!(now.body["interfaceAttachments"].as_array().unwrap().len(), 1);
    assert_eq!(now.text("/interfaceAttachments/0/fixed_ips/0/ip_address"), "10.91.0.77");
    demo.get(&format!("/network/v2.0/ports/{before}")).await.expect(404);
    let same = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    assert_eq!(same, id);
    stack.end().await;
    let ports = demo.get("/network/v2.0/ports").await.expect(200);
    assert_eq!(ports.body["ports"], json!([]));
}

#[tokio::test]
async fn a_subnet_is_there_before_whatever_takes_an_address_of_it_and_goes_after() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let net = json!({"get_resource": "net"});
    let server = json!({"type": "OS::Nova::Server", "properties": {
        "image": "novadock/tiny", "flavor": "m1.tiny", "networks": [{"network": net}]}});
    let resources = json!({
        "port": {"type": "OS::Neutron::Port", "properties": {"network": net}},
        "server": server,
        "subnet": {"type": "OS::Neutron::Subnet", "properties": {
            "network": net, "cidr": "10.93.0.0/24"}},
        "net": {"type": "OS::Neutron::Net"},
    });
    let stack = Stack::of(&demo, "hidden", resources).await;
    stack.reaches("CREATE_COMPLETE").await;
    let subnet = stack.get("/resources/subnet").await;
    assert_eq!(subnet.body["resource"]["required_by"], json!(["port", "server"]));
    stack.end().await;
}

#[tokio::test]
async fn a_port_in_a_subnet_is_made_for_the_server_and_goes_with_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let networks = json!([{"subnet": {"get_resource": "range"}, "fixed_ip": "10.91.0.8",
        "port_extra_properties": {"mac_address": "fa:16:3e:00:00:77"}}]);
    let body = json!({"stack_name": "s", "template": with_networks(&networks)});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let now = interfaces(&stack).await;
    assert_eq!(now.text("/interfaceAttachments/0/fixed_ips/0/ip_address"), "10.91.0.8");
    assert_eq!(now.text("/interfaceAttachments/0/mac_addr"), "fa:16:3e:00:00:77");
    let port = now.text("/interfaceAttachments/0/port_id");
    let shown = demo.get(&format!("/network/v2.0/ports/{port}")).await.expect(200);
    assert_eq!(shown.text("/port/name"), "one-port-0");
    stack.end().await;
    demo.get(&format!("/network/v2.0/ports/{port}")).await.expect(404);
}

#[tokio::test]
async fn an_interface_that_does_not_come_fails_the_update() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let first = json!([{"network": {"get_resource": "net"}}]);
    let body = json!({"stack_name": "s", "template": with_networks(&first)});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let refused = EngineError::Refused("no".to_owned());
    cloud.engine.faults().order("attach", When::Nth(1), Fault::Fail(refused));
    let both = json!([{"network": {"get_resource": "net"}}, {"port": {"get_resource": "port"}}]);
    let failed = update(&stack, &both, "UPDATE_FAILED").await;
    let reason = failed.text("/stack/stack_status_reason");
    assert!(reason.contains("InterfaceAttachFailed: resources.one: Failed to attach"), "{reason}");
    update(&stack, &first, "UPDATE_COMPLETE").await;
    let now = interfaces(&stack).await;
    assert_eq!(now.body["interfaceAttachments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_needs_an_absent_service_is_refused_with_its_name() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for (name, property, told) in [
        ("a", json!({"software_config_transport": "ZAQAR_MESSAGE"}), "zaqar"),
        ("b", json!({"block_device_mapping_v2": [{"ephemeral_size": 1}]}), "cinder"),
        ("c", json!({"deployment_swift_data": {"container": "c"}}), "swift"),
    ] {
        let mut properties = json!({"image": "novadock/tiny", "flavor": "m1.tiny"});
        properties.as_object_mut().unwrap().extend(property.as_object().unwrap().clone());
        let server = json!({"one": {"type": "OS::Nova::Server", "properties": properties}});
        let stack = Stack::of(&demo, name, server).await;
        let failed = stack.reaches("CREATE_FAILED").await;
        let reason = failed.text("/stack/stack_status_reason");
        assert!(reason.contains(told), "{reason}");
    }
}

#[tokio::test]
async fn interfaces_that_cannot_be_are_refused_before_anything_exists() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let both = "Cannot define the following properties at the same time: ";
    for (properties, sentence) in [
        (
            json!({"networks": [{"fixed_ip": "10.0.0.9"}]}),
            "One of the properties \"network\", \"port\", \"allocate_network\" or \"subnet\" should \
             be set for the specified network of server \"one\"."
                .to_owned(),
        ),
        (
            json!({"networks": [{"port": {"get_resource": "port"}, "fixed_ip": "10.0.0.9"}]}),
            format!("{both}networks/fixed_ip, networks/port."),
        ),
        (
            json!({"networks": [{"allocate_network": "auto", "tag": "a"}]}),
            "Can not specify \"allocate_network\" with other keys of networks at the same time."
                .to_owned(),
        ),
        (
            json!({"networks": [{"allocate_network": "none"}, {"network": "shared"}]}),
            "Property \"allocate_network\" can not be specified if multiple network interfaces set \
             for server."
                .to_owned(),
        ),
        (
            json!({"networks": [{"port": {"get_resource": "port"}}], "security_groups": ["default"]}),
            format!("{both}security_groups, networks/port."),
        ),
        (
            json!({"image": null}),
            "Neither image nor bootable volume is specified for instance one".to_owned(),
        ),
    ] {
        let mut given = json!({"image": "novadock/tiny", "flavor": "m1.tiny"});
        given.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
        given.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let resources = json!({
            "port": {"type": "OS::Neutron::Port", "properties": {"network": "shared"}},
            "one": {"type": "OS::Nova::Server", "properties": given},
        });
        let body = json!({"stack_name": "s", "template": template(resources)});
        let refused = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
        assert_eq!(super::error(&refused).1, sentence);
    }
}

/// A server of that flavor with an address of its own.
fn at_an_address(flavor: &str) -> Value {
    template(json!({
        "net": {"type": "OS::Neutron::Net"},
        "range": {"type": "OS::Neutron::Subnet", "properties": {
            "network": {"get_resource": "net"}, "cidr": "10.94.0.0/24"}},
        "one": {"type": "OS::Nova::Server", "properties": {
            "image": "novadock/tiny", "flavor": flavor, "flavor_update_policy": "REPLACE",
            "networks": [{"network": {"get_resource": "net"}, "fixed_ip": "10.94.0.9"}]}},
    }))
}

#[tokio::test]
async fn an_address_is_handed_to_a_successor_and_comes_back_in_a_rollback() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let address = "/interfaceAttachments/0/fixed_ips/0/ip_address";
    let body = json!({"stack_name": "s", "template": at_an_address("m1.tiny")});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let id = stack.get("/resources/one").await.text("/resource/physical_resource_id");

    let refused = EngineError::Refused("no".to_owned());
    cloud.engine.faults().order("create", When::Nth(1), Fault::Fail(refused));
    let body = json!({"template": at_an_address("m1.small"), "disable_rollback": false});
    demo.put(&stack.path, body).await.expect(202);
    stack.reaches("ROLLBACK_COMPLETE").await;
    assert_eq!(interfaces(&stack).await.text(address), "10.94.0.9");
    let same = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    assert_eq!(same, id);
    let guest = cloud.engine.inspect(&format!("nova-{id}")).await.unwrap().unwrap();
    assert_eq!(guest.attachments[0].addresses[0].to_string(), "10.94.0.9");

    demo.put(&stack.path, json!({"template": at_an_address("m1.small")})).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(interfaces(&stack).await.text(address), "10.94.0.9");
    let another = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    assert_ne!(another, id);
    stack.end().await;
}

/// A port with this MAC and an address of its own, before something that may fail.
fn port_at_an_address(mac: &str, fails: bool) -> Value {
    template(json!({
        "net": {"type": "OS::Neutron::Net"},
        "range": {"type": "OS::Neutron::Subnet", "properties": {
            "network": {"get_resource": "net"}, "cidr": "10.95.0.0/24"}},
        "port": {"type": "OS::Neutron::Port", "properties": {
            "network": {"get_resource": "net"}, "mac_address": mac,
            "fixed_ips": [{"subnet": {"get_resource": "range"}, "ip_address": "10.95.0.9"}]}},
        "after": {"type": "OS::Heat::TestResource", "depends_on": "port",
            "properties": {"value": mac, "fail": fails}},
    }))
}

#[tokio::test]
async fn a_port_leaves_its_place_to_its_successor_and_takes_it_back_in_a_rollback() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let (first, second) = ("fa:16:3e:00:00:0a", "fa:16:3e:00:00:0b");
    let body = json!({"stack_name": "s", "template": port_at_an_address(first, false)});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let port = async || {
        let shown = stack.get("/resources/port").await;
        let of = |name: &str| shown.body["resource"]["attributes"][name].clone();
        let address = of("fixed_ips")[0]["ip_address"].clone();
        (shown.text("/resource/physical_resource_id"), of("mac_address"), address)
    };
    let before = port().await;
    assert_eq!((&before.1, &before.2), (&json!(first), &json!("10.95.0.9")));

    let failing = json!({"template": port_at_an_address(second, true), "disable_rollback": false});
    demo.put(&stack.path, failing).await.expect(202);
    stack.reaches("ROLLBACK_COMPLETE").await;
    assert_eq!(port().await, before);

    let body = json!({"template": port_at_an_address(second, false)});
    demo.put(&stack.path, body).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    let after = port().await;
    assert_ne!(after.0, before.0);
    assert_eq!((after.1, after.2), (json!(second), before.2));
    stack.end().await;
}

#[tokio::test]
async fn an_update_waits_until_others_have_done_with_the_server() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let first = json!([{"network": {"get_resource": "net"}}]);
    let body = json!({"stack_name": "s", "template": with_networks(&first)});
    let stack = Stack::create(&demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    let id = stack.get("/resources/one").await.text("/resource/physical_resource_id");
    cloud.engine.faults().order("stop", When::Nth(1), Fault::Hang);
    let stop = json!({"os-stop": null});
    demo.post(&format!("/compute/v2.1/servers/{id}/action"), stop).await.expect(202);

    let both = json!([{"network": {"get_resource": "net"}}, {"port": {"get_resource": "port"}}]);
    let body = json!({"template": with_networks(&both)});
    demo.put(&stack.path, body).await.expect(202);
    let begun =
        |answer: &Answer| answer.optional("/resource/resource_status") == "UPDATE_IN_PROGRESS";
    demo.wait(&format!("{}/resources/one", stack.path), begun).await;
    assert_eq!(interfaces(&stack).await.body["interfaceAttachments"].as_array().unwrap().len(), 1);
    cloud.engine.faults().release();
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(interfaces(&stack).await.body["interfaceAttachments"].as_array().unwrap().len(), 2);
}
