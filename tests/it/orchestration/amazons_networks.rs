//! Networks and their ways out in EC2's words: VPCs, route tables, gateways and elastic IPs.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::{Session, TestCloud};

/// A VPC whose subnet has a route table of its own that leads out, and a port in it that an elastic
/// IP leads to. Nothing says that the attachment needs the route table.
fn vpc(lead: &Value) -> Value {
    json!({
        "attachment": {"type": "AWS::EC2::VPCGatewayAttachment", "properties": {
            "VpcId": {"get_resource": "vpc"}, "InternetGatewayId": {"get_resource": "gateway"}}},
        "gateway": {"type": "AWS::EC2::InternetGateway"},
        "vpc": {"type": "AWS::EC2::VPC", "properties": {"CidrBlock": "10.81.0.0/16"}},
        "subnet": {"type": "AWS::EC2::Subnet", "properties": {
            "VpcId": {"get_resource": "vpc"}, "CidrBlock": "10.81.0.0/24"}},
        "table": {"type": "AWS::EC2::RouteTable", "properties": {"VpcId": {"get_resource": "vpc"}}},
        "association": {"type": "AWS::EC2::SubnetRouteTableAssociation", "properties": {
            "RouteTableId": {"get_resource": "table"}, "SubnetId": {"get_resource": "subnet"}}},
        "nic": {"type": "AWS::EC2::NetworkInterface", "properties": {
            "SubnetId": {"get_resource": "subnet"}}},
        "one": {"type": "AWS::EC2::Instance", "properties": {
            "ImageId": "novadock/tiny", "InstanceType": "m1.tiny",
            "NetworkInterfaces": [{"get_resource": "nic"}]}},
        "address": {"type": "AWS::EC2::EIP", "properties": {"Domain": "vpc"}},
        "lead": {"type": "AWS::EC2::EIPAssociation", "depends_on": ["attachment", "association"],
            "properties": lead},
    })
}

async fn physical(stack: &Stack<'_>, resource: &str) -> String {
    stack.get(&format!("/resources/{resource}")).await.text("/resource/physical_resource_id")
}

/// All things of a kind that the session sees.
async fn all(session: &Session, what: &str) -> Vec<Value> {
    let listed = session.get(&format!("/network/v2.0/{what}")).await.expect(200);
    listed.body[what].as_array().unwrap().clone()
}

async fn router(session: &Session, id: &str) -> Value {
    let shown = session.get(&format!("/network/v2.0/routers/{id}")).await.expect(200);
    shown.body["router"].clone()
}

/// The routers that have an interface in the network.
async fn joined(session: &Session, network: &str) -> Vec<Value> {
    let path =
        format!("/network/v2.0/ports?network_id={network}&device_owner=network:router_interface");
    let ports = session.get(&path).await.expect(200);
    ports.body["ports"].as_array().unwrap().iter().map(|port| port["device_id"].clone()).collect()
}

async fn update(stack: &Stack<'_>, resources: Value) {
    let body = json!({"template": template(resources)});
    stack.session.put(&stack.path, body).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
}

#[tokio::test]
async fn a_vpc_is_a_network_whose_subnets_lead_out_by_their_route_table() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let networks = all(&demo, "networks").await.len();
    let by_allocation = json!({"AllocationId": {"get_attr": ["address", "AllocationId"]},
        "NetworkInterfaceId": {"get_resource": "nic"}, "InstanceId": {"get_resource": "one"}});
    let stack = Stack::of(&demo, "amazon", vpc(&by_allocation)).await;
    stack.reaches("CREATE_COMPLETE").await;

    let (network, table) = (physical(&stack, "vpc").await, physical(&stack, "table").await);
    let shown = stack.get("/resources/table").await;
    assert_eq!(shown.body["resource"]["required_by"], json!(["attachment", "association"]));
    assert_ne!(router(&demo, &table).await["external_gateway_info"], Value::Null);
    assert_eq!(joined(&demo, &network).await, [json!(table)]);
    let id = physical(&stack, "address").await;
    let [floating] = all(&demo, "floatingips").await.try_into().unwrap();
    assert_eq!((&floating["id"], &floating["router_id"]), (&json!(id), &json!(table)));
    assert_eq!(floating["port_id"], json!(physical(&stack, "nic").await));
    assert_eq!(physical(&stack, "lead").await, id);

    // The same address for the same server, in other words; then for nobody.
    let by_address = json!({"EIP": {"get_resource": "address"},
        "InstanceId": {"get_resource": "one"}});
    update(&stack, vpc(&by_address)).await;
    assert_eq!(physical(&stack, "lead").await, floating["floating_ip_address"]);
    assert_eq!(all(&demo, "floatingips").await[0]["port_id"], floating["port_id"]);
    let mut apart = vpc(&by_address);
    for name in ["lead", "association"] {
        apart.as_object_mut().unwrap().remove(name);
    }
    update(&stack, apart).await;
    assert_eq!(all(&demo, "floatingips").await[0]["port_id"], Value::Null);
    let [main] = joined(&demo, &network).await.try_into().unwrap();
    assert_ne!(main, json!(table), "the subnet is the VPC's own router's again");
    assert_ne!(router(&demo, main.as_str().unwrap()).await["external_gateway_info"], Value::Null);

    stack.end().await;
    assert_eq!(all(&demo, "routers").await, [] as [Value; 0]);
    assert_eq!(all(&demo, "floatingips").await, [] as [Value; 0]);
    assert_eq!(all(&demo, "networks").await.len(), networks);
}

#[tokio::test]
async fn a_route_table_leads_out_where_its_vpc_does() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let first = json!({"vpc": {"type": "AWS::EC2::VPC"}});
    let stack = Stack::of(&demo, "amazon", first.clone()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let main = all(&demo, "routers").await[0]["id"].as_str().unwrap().to_owned();
    let public = demo.find("/network/v2.0/networks?router:external=true", "networks").await;
    let way_out = json!({"router": {"external_gateway_info": {"network_id": public}}});
    demo.put(&format!("/network/v2.0/routers/{main}"), way_out).await.expect(200);
    let mut both = first;
    both["table"] = json!({"type": "AWS::EC2::RouteTable", "properties": {
        "VpcId": {"get_resource": "vpc"}}});
    update(&stack, both).await;
    let shown = router(&demo, &physical(&stack, "table").await).await;
    assert_eq!(shown["external_gateway_info"]["network_id"], json!(public));
    stack.end().await;
    assert_eq!(all(&demo, "routers").await, [] as [Value; 0]);
}

/// Two servers behind a router, and what leads to them.
fn servers(leads: Value) -> Value {
    let server = |port: &str| {
        json!({"type": "OS::Nova::Server", "properties": {
            "image": "novadock/tiny", "flavor": "m1.tiny",
            "networks": [{"port": {"get_resource": port}}]}})
    };
    let port = json!({"type": "OS::Neutron::Port", "depends_on": "interface", "properties": {
        "network": {"get_resource": "net"}}});
    let mut resources = json!({
        "net": {"type": "OS::Neutron::Net"},
        "subnet": {"type": "OS::Neutron::Subnet", "properties": {
            "network": {"get_resource": "net"}, "cidr": "10.82.0.0/24"}},
        "router": {"type": "OS::Neutron::Router", "properties": {
            "external_gateway_info": {"network": "public"}}},
        "interface": {"type": "OS::Neutron::RouterInterface", "properties": {
            "router": {"get_resource": "router"}, "subnet": {"get_resource": "subnet"}}},
        "port1": port, "port2": port, "one": server("port1"), "two": server("port2"),
    });
    let Value::Object(leads) = leads else { unreachable!() };
    resources.as_object_mut().unwrap().extend(leads);
    resources
}

#[tokio::test]
async fn elastic_and_novas_floating_ips_move_from_server_to_server() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let leads = |elastic: Value, novas: &str| {
        servers(json!({
            "elastic": {"type": "AWS::EC2::EIP", "properties": elastic},
            "nova": {"type": "OS::Nova::FloatingIP", "properties": {"pool": "public"}},
            "lead": {"type": "OS::Nova::FloatingIPAssociation", "properties": {
                "server_id": {"get_resource": novas}, "floating_ip": {"get_resource": "nova"}}},
        }))
    };
    let to_one = json!({"InstanceId": {"get_resource": "one"}});
    let stack = Stack::of(&demo, "s", leads(to_one, "two")).await;
    stack.reaches("CREATE_COMPLETE").await;
    let (port1, port2) = (physical(&stack, "port1").await, physical(&stack, "port2").await);
    let (elastic, nova) = (physical(&stack, "elastic").await, physical(&stack, "nova").await);
    let place = async |id: &str| {
        let shown = demo.get(&format!("/network/v2.0/floatingips/{id}")).await.expect(200);
        shown.body["floatingip"]["port_id"].clone()
    };
    assert_eq!((place(&elastic).await, place(&nova).await), (json!(port1), json!(port2)));
    let shown = stack.get("/resources/nova").await;
    let floating = demo.get(&format!("/network/v2.0/floatingips/{nova}")).await.expect(200);
    assert_eq!(
        shown.body["resource"]["attributes"],
        json!({
        "pool": floating.body["floatingip"]["floating_network_id"],
        "ip": floating.body["floatingip"]["floating_ip_address"]})
    );

    update(&stack, leads(json!({}), "one")).await;
    assert_eq!((place(&elastic).await, place(&nova).await), (Value::Null, json!(port1)));
    let to_two = json!({"InstanceId": {"get_resource": "two"}});
    update(&stack, leads(to_two, "one")).await;
    assert_eq!(place(&elastic).await, json!(port2));
    assert_eq!(physical(&stack, "elastic").await, elastic);
    stack.end().await;
    assert_eq!(all(&demo, "floatingips").await, [] as [Value; 0]);
}

#[tokio::test]
async fn an_association_says_what_leads_where() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let either = "Either 'EIP' or 'AllocationId' must be provided.";
    let cases = [
        (json!({"NetworkInterfaceId": "x"}), either),
        (json!({"EIP": "203.0.113.9", "AllocationId": "x"}), either),
        (
            json!({"EIP": "203.0.113.9", "NetworkInterfaceId": "x"}),
            "Must specify 'InstanceId' if you specify 'EIP'.",
        ),
        (
            json!({"AllocationId": "x"}),
            "At least one of the following properties must be specified: InstanceId, \
             NetworkInterfaceId.",
        ),
    ];
    for (properties, sentence) in cases {
        let resources =
            json!({"r": {"type": "AWS::EC2::EIPAssociation", "properties": properties}});
        let body = json!({"stack_name": "s", "template": template(resources)});
        let refused = demo.post(&url(&demo, "/stacks"), body).await.expect(400);
        assert_eq!(error(&refused).1, sentence);
    }
}
