//! What the types of the network service hand over to it: properties that the service carries out, and
//! policies by which projects share.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::{Answer, TestCloud};

async fn update(stack: &Stack<'_>, resources: Value) {
    let body = json!({"template": template(resources)});
    stack.session.put(&stack.path, body).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
}

/// The resource as Heat shows it, with all that the network service shows.
async fn shown(stack: &Stack<'_>, resource: &str) -> Answer {
    stack.get(&format!("/resources/{resource}?with_attr=show")).await
}

#[tokio::test]
async fn a_stack_shares_its_network_with_one_project_after_the_other() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let resources = |target: &str| {
        json!({
            "net": {"type": "OS::Neutron::Net", "properties": {"name": "ours"}},
            "policy": {"type": "OS::Neutron::RBACPolicy", "depends_on": "net", "properties": {
                "object_type": "network", "object_id": "ours", "action": "access_as_shared",
                "target_tenant": target}},
        })
    };
    let stack = Stack::of(&demo, "s", resources(&admin.project)).await;
    stack.reaches("CREATE_COMPLETE").await;
    let id = shown(&stack, "policy").await.text("/resource/physical_resource_id");
    let path = format!("/network/v2.0/rbac-policies/{id}");
    let policy = demo.get(&path).await.expect(200);
    assert_eq!(policy.text("/rbac_policy/target_tenant"), admin.project);
    let nobody = "0123456789abcdef0123456789abcdef";
    update(&stack, resources(nobody)).await;
    let policy = demo.get(&path).await.expect(200);
    assert_eq!(policy.text("/rbac_policy/target_tenant"), nobody);
    assert_eq!(
        shown(&stack, "policy").await.body["resource"]["attributes"]["show"],
        policy.body["rbac_policy"]
    );
    stack.end().await;
    demo.get(&path).await.expect(404);
}

#[tokio::test]
async fn filters_their_memory_and_the_modes_of_ipv6_are_as_the_template_says() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = |secure: bool, stateful: bool| {
        json!({
            "net": {"type": "OS::Neutron::Net", "properties": {"port_security_enabled": secure}},
            "subnet": {"type": "OS::Neutron::Subnet", "properties": {
                "network": {"get_resource": "net"}, "cidr": "fd00:77::/64", "ip_version": 6,
                "ipv6_ra_mode": "dhcpv6-stateful", "ipv6_address_mode": "dhcpv6-stateful"}},
            "port": {"type": "OS::Neutron::Port", "properties": {
                "network": {"get_resource": "net"}, "port_security_enabled": secure}},
            "group": {"type": "OS::Neutron::SecurityGroup", "properties": {"stateful": stateful}},
        })
    };
    let stack = Stack::of(&demo, "s", resources(false, false)).await;
    stack.reaches("CREATE_COMPLETE").await;
    let held = async |secure: bool, stateful: bool| {
        for name in ["net", "port"] {
            let attributes =
                stack.get(&format!("/resources/{name}")).await.body["resource"]["attributes"]
                    .clone();
            assert_eq!(attributes["port_security_enabled"], json!(secure), "{name}");
        }
        let group = shown(&stack, "group").await;
        assert_eq!(group.body["resource"]["attributes"]["show"]["stateful"], json!(stateful));
    };
    held(false, false).await;
    let subnet = shown(&stack, "subnet").await;
    assert_eq!(subnet.text("/resource/attributes/show/ipv6_ra_mode"), "dhcpv6-stateful");
    assert_eq!(subnet.text("/resource/attributes/show/ipv6_address_mode"), "dhcpv6-stateful");
    update(&stack, resources(true, true)).await;
    held(true, true).await;
    stack.end().await;
}

#[tokio::test]
async fn a_port_that_is_always_replaced_keeps_its_place() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let resources = |policy: &str| {
        json!({
            "net": {"type": "OS::Neutron::Net"},
            "subnet": {"type": "OS::Neutron::Subnet", "properties": {
                "network": {"get_resource": "net"}, "cidr": "10.83.0.0/24"}},
            "port": {"type": "OS::Neutron::Port", "properties": {
                "network": {"get_resource": "net"}, "replacement_policy": policy,
                "fixed_ips": [{"ip_address": "10.83.0.9"}]}},
        })
    };
    let stack = Stack::of(&demo, "s", resources("REPLACE_ALWAYS")).await;
    stack.reaches("CREATE_COMPLETE").await;
    let id = async || shown(&stack, "port").await.text("/resource/physical_resource_id");
    let first = id().await;
    update(&stack, resources("REPLACE_ALWAYS")).await;
    let second = id().await;
    assert_ne!(first, second);
    demo.get(&format!("/network/v2.0/ports/{first}")).await.expect(404);
    update(&stack, resources("AUTO")).await;
    assert_eq!(id().await, second);
    stack.end().await;
}

#[tokio::test]
async fn what_no_network_can_be_is_refused_before_anything_exists() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let unspecified = "PropertyUnspecifiedError";
    let (conflict, invalid) = ("ResourcePropertyConflict", "StackValidationFailed");
    let net = json!({"get_resource": "net"});
    let cases = [
        (
            "OS::Neutron::RBACPolicy",
            json!({"object_type": "subnetpool", "object_id": "x",
            "target_tenant": "*", "action": "access_as_external"}),
            invalid,
            "Property error: : resources.r.properties.action: : Invalid action \
             \"access_as_external\" for object type subnetpool. Valid actions: access_as_shared",
        ),
        (
            "OS::Neutron::Subnet",
            json!({"network": net}),
            unspecified,
            "At least one of the following properties must be specified: subnetpool, cidr.",
        ),
        (
            "OS::Neutron::Subnet",
            json!({"network": net, "cidr": "10.1.0.0/24", "prefixlen": 26}),
            conflict,
            "Cannot define the following properties at the same time: prefixlen, cidr.",
        ),
        (
            "OS::Neutron::Subnet",
            json!({"network": net, "cidr": "10.1.0.0/24",
            "ipv6_ra_mode": "slaac"}),
            invalid,
            "ipv6_ra_mode and ipv6_address_mode are not supported for ipv4.",
        ),
        (
            "OS::Neutron::Subnet",
            json!({"network": net, "cidr": "fd00:1::/64", "ip_version": 6,
            "ipv6_ra_mode": "slaac", "ipv6_address_mode": "dhcpv6-stateful"}),
            invalid,
            "When both ipv6_ra_mode and ipv6_address_mode are set, they must be equal.",
        ),
        (
            "OS::Nova::Server",
            json!({"image": "novadock/tiny", "flavor": "m1.tiny",
            "networks": [{"network": net, "floating_ip": "x"}]}),
            invalid,
            "Property \"floating_ip\" is not supported if only \"network\" is specified, because \
             the corresponding port can not be retrieved.",
        ),
        (
            "AWS::EC2::VPC",
            json!({"Tags": [{"Key": "a", "Value": "b"}]}),
            invalid,
            "Property error: : resources.r.properties.Tags: : Property 0 not implemented yet",
        ),
    ];
    for (kind, properties, class, sentence) in cases {
        let resources = json!({"net": {"type": "OS::Neutron::Net"},
            "r": {"type": kind, "properties": properties}});
        let body = json!({"stack_name": "s", "template": template(resources)});
        let refused = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
        assert_eq!(error(&refused), (class, sentence));
    }
}
