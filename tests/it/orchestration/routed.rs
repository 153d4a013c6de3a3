//! Stacks whose servers are reached from outside: routers and floating IPs.

use serde_json::{Value, json};

use super::{Stack, error, template, url};
use crate::support::{Session, TestCloud};

/// A port behind a router, and a floating IP that leads to it; nothing says what must come first.
fn routed(public: &str) -> Value {
    json!({
        "address": {"type": "OS::Neutron::FloatingIP", "properties": {
            "floating_network": public, "port_id": {"get_resource": "port"}}},
        "second": {"type": "OS::Neutron::FloatingIP", "properties": {"floating_network": public}},
        "association": {"type": "OS::Neutron::FloatingIPAssociation", "properties": {
            "floatingip_id": {"get_resource": "second"}, "port_id": {"get_resource": "other"}}},
        "port": {"type": "OS::Neutron::Port", "properties": {
            "network": {"get_resource": "net"},
            "fixed_ips": [{"subnet": {"get_resource": "subnet"}}]}},
        "other": {"type": "OS::Neutron::Port", "properties": {"network": {"get_resource": "net"}}},
        "interface": {"type": "OS::Neutron::RouterInterface", "properties": {
            "router": {"get_resource": "router"}, "subnet": {"get_resource": "subnet"}}},
        "router": {"type": "OS::Neutron::Router", "properties": {
            "external_gateway_info": {"network": public}}},
        "subnet": {"type": "OS::Neutron::Subnet", "properties": {
            "network": {"get_resource": "net"}, "cidr": "10.79.0.0/24"}},
        "net": {"type": "OS::Neutron::Net"},
    })
}

async fn public(session: &Session) -> String {
    session.find("/network/v2.0/networks?router:external=true", "networks").await
}

async fn count(session: &Session, what: &str) -> usize {
    let path = format!("/network/v2.0/{what}");
    session.get(&path).await.expect(200).body[what].as_array().unwrap().len()
}

/// The resource as the network service shows it.
async fn show(stack: &Stack<'_>, resource: &str) -> Value {
    let shown = stack.get(&format!("/resources/{resource}?with_attr=show")).await;
    shown.body["resource"]["attributes"]["show"].clone()
}

async fn update(stack: &Stack<'_>, resources: &Value) {
    let body = json!({"template": template(resources.clone())});
    stack.session.put(&stack.path, body).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
}

#[tokio::test]
async fn a_stack_joins_its_subnet_to_the_outside_and_parts_it_again() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let public = public(&demo).await;
    let before = count(&demo, "ports").await;
    let stack = Stack::of(&demo, "s", routed(&public)).await;
    stack.reaches("CREATE_COMPLETE").await;
    let port = show(&stack, "port").await;
    let address = show(&stack, "address").await;
    assert_eq!(address["port_id"], port["id"]);
    assert_eq!(address["fixed_ip_address"], port["fixed_ips"][0]["ip_address"]);
    assert_eq!(show(&stack, "second").await["port_id"], show(&stack, "other").await["id"]);
    let router = show(&stack, "router").await;
    assert_eq!(address["router_id"], router["id"]);
    let interface = stack.get("/resources/interface").await;
    let (id, place) = (router["id"].as_str().unwrap(), port["fixed_ips"][0]["subnet_id"].clone());
    let called = format!("{id}:subnet_id={}", place.as_str().unwrap());
    assert_eq!(interface.text("/resource/physical_resource_id"), called);
    stack.end().await;
    assert_eq!((count(&demo, "routers").await, count(&demo, "floatingips").await), (0, 0));
    assert_eq!(count(&demo, "ports").await, before);
}

#[tokio::test]
async fn floating_ips_and_ways_out_move_with_their_template() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut resources = routed(&public(&demo).await);
    let stack = Stack::of(&demo, "s", resources.clone()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let address = show(&stack, "address").await;

    // The association goes; then the first address leads to the other port.
    resources.as_object_mut().unwrap().remove("association");
    update(&stack, &resources).await;
    assert_eq!(show(&stack, "second").await["port_id"], Value::Null);
    resources["address"]["properties"]["port_id"] = json!({"get_resource": "other"});
    update(&stack, &resources).await;
    let moved = show(&stack, "address").await;
    assert_eq!(moved["floating_ip_address"], address["floating_ip_address"]);
    assert_eq!(moved["port_id"], show(&stack, "other").await["id"]);

    // First the addresses go, then the way out that they need.
    for name in ["address", "second"] {
        resources.as_object_mut().unwrap().remove(name);
    }
    update(&stack, &resources).await;
    resources["router"]["properties"] = json!({});
    update(&stack, &resources).await;
    assert_eq!(show(&stack, "router").await["external_gateway_info"], Value::Null);
    stack.end().await;
}

#[tokio::test]
async fn an_interface_names_one_place_and_an_address_its_port() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let refused = |kind: &str, properties: Value, class: &str, sentence: &str| {
        let resources = json!({"r": {"type": kind, "properties": properties}});
        let body = json!({"stack_name": "s", "template": template(resources)});
        let (class, sentence) = (class.to_owned(), sentence.to_owned());
        let path = url(&demo, "/stacks");
        let demo = &demo;
        async move {
            let refused = demo.post(&path, body).await.expect(400);
            assert_eq!(error(&refused), (class.as_str(), sentence.as_str()));
        }
    };
    let public = public(&demo).await;
    let path = json!({"router": {"name": "r"}});
    let router = demo.post("/network/v2.0/routers", path).await.expect(201).text("/router/id");
    refused(
        "OS::Neutron::RouterInterface",
        json!({"router": router}),
        "PropertyUnspecifiedError",
        "At least one of the following properties must be specified: subnet, port.",
    )
    .await;
    refused(
        "OS::Neutron::FloatingIP",
        json!({"floating_network": public, "fixed_ip_address": "10.0.0.9"}),
        "ResourcePropertyDependency",
        "fixed_ip_address cannot be specified without port_id.",
    )
    .await;
}

#[tokio::test]
async fn a_floating_ip_leads_to_the_port_that_a_server_has_by_itself() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut resources = routed(&public(&demo).await);
    let port = json!({"get_attr": ["server", "addresses", {"get_resource": "net"}, 0, "port"]});
    resources["association"]["properties"]["port_id"] = port;
    resources["server"] = json!({"type": "OS::Nova::Server", "properties": {
        "image": "novadock/tiny", "flavor": "m1.nano",
        "networks": [{"subnet": {"get_resource": "subnet"}}]}});
    let stack = Stack::of(&demo, "s", resources).await;
    stack.reaches("CREATE_COMPLETE").await;
    let led = show(&stack, "second").await;
    let ports = demo.get("/network/v2.0/ports?device_owner=compute:nova").await.expect(200);
    assert_eq!(led["port_id"], ports.body["ports"][0]["id"]);
    // Whose port that is the template does not say: the way to it stays until nothing leads there.
    let needed = stack.get("/resources/interface").await.body["resource"]["required_by"].clone();
    let needed: Vec<_> = needed.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(needed.contains(&"association"), "{needed:?}");
    stack.end().await;
}

#[tokio::test]
async fn a_servers_interface_names_the_floating_ip_that_leads_to_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let public = public(&demo).await;
    let resources = |flavor: &str, networks: Value| {
        let mut resources = routed(&public);
        let members = resources.as_object_mut().unwrap();
        for name in ["second", "association"] {
            members.remove(name);
        }
        members["address"]["properties"] = json!({"floating_network": public});
        let server = json!({"type": "OS::Nova::Server", "depends_on": "interface", "properties": {
            "image": "novadock/tiny", "flavor": flavor, "flavor_update_policy": "REPLACE",
            "networks": networks}});
        members.insert("server".to_owned(), server);
        resources
    };
    let address = json!({"get_resource": "address"});
    let own = json!({"subnet": {"get_resource": "subnet"}, "floating_ip": address});
    let stack = Stack::of(&demo, "s", resources("m1.tiny", json!([own]))).await;
    stack.reaches("CREATE_COMPLETE").await;
    let led_to = async || show(&stack, "address").await["port_id"].clone();
    let interfaces = async || {
        let id = stack.get("/resources/server").await.text("/resource/physical_resource_id");
        let path = format!("/compute/v2.1/servers/{id}/os-interface");
        demo.get(&path).await.expect(200).body["interfaceAttachments"].clone()
    };
    let first = interfaces().await;
    assert_eq!(led_to().await, first[0]["port_id"]);

    // To nobody, back to the interface, which stayed all the time, and to a port.
    let plain = json!({"subnet": {"get_resource": "subnet"}});
    update(&stack, &resources("m1.tiny", json!([plain]))).await;
    assert_eq!(led_to().await, Value::Null);
    update(&stack, &resources("m1.tiny", json!([own]))).await;
    assert_eq!(led_to().await, first[0]["port_id"]);
    let other = json!({"port": {"get_resource": "other"}, "floating_ip": address});
    update(&stack, &resources("m1.tiny", json!([other]))).await;
    assert_eq!(led_to().await, show(&stack, "other").await["id"]);

    // To the server that takes its place, and back from one that cannot be.
    let body = |flavor: &str| {
        let mut resources = resources(flavor, json!([other]));
        let late = json!({"type": "OS::Heat::TestResource", "depends_on": "server",
            "properties": {"fail": flavor == "m1.small"}});
        resources.as_object_mut().unwrap().insert("late".to_owned(), late);
        json!({"template": template(resources), "disable_rollback": false})
    };
    demo.put(&stack.path, body("m1.small")).await.expect(202);
    stack.reaches("ROLLBACK_COMPLETE").await;
    assert_eq!(led_to().await, show(&stack, "other").await["id"]);
    demo.put(&stack.path, body("m1.medium")).await.expect(202);
    stack.reaches("UPDATE_COMPLETE").await;
    assert_eq!(led_to().await, interfaces().await[0]["port_id"]);
    stack.end().await;
}

#[tokio::test]
async fn ports_of_an_address_and_extra_routes_follow_their_template() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut resources = routed(&public(&demo).await);
    let more = json!({
        "association": {"type": "OS::Neutron::FloatingIPPortForward", "properties": {
            "floating_ip": {"get_resource": "second"}, "internal_port": {"get_resource": "other"},
            "internal_ip_address": {"get_attr": ["other", "fixed_ips", 0, "ip_address"]},
            "internal_port_number": 80, "external_port": 8080, "protocol": "tcp"}},
        "route": {"type": "OS::Neutron::ExtraRoute", "properties": {
            "router_id": {"get_resource": "router"}, "destination": "198.51.100.0/24",
            "nexthop": "10.79.0.9"}},
        "routes": {"type": "OS::Neutron::ExtraRouteSet", "properties": {
            "router": {"get_resource": "router"},
            "routes": [{"destination": "203.0.113.0/24", "nexthop": "10.79.0.9"}]}},
    });
    resources.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let stack = Stack::of(&demo, "s", resources.clone()).await;
    stack.reaches("CREATE_COMPLETE").await;
    let forwarded = show(&stack, "second").await["port_forwardings"][0].clone();
    assert_eq!(
        (&forwarded["external_port"], &forwarded["internal_port"]),
        (&8080.into(), &80.into())
    );
    assert_eq!(forwarded["id"], show(&stack, "association").await["id"]);
    let destinations = async || {
        let router = show(&stack, "router").await;
        let routes = router["routes"].as_array().unwrap().clone();
        let mut to: Vec<_> = routes.iter().map(|route| route["destination"].to_string()).collect();
        to.sort();
        to.join(" ")
    };
    assert_eq!(destinations().await, r#""198.51.100.0/24" "203.0.113.0/24""#);

    resources["association"]["properties"]["internal_port_number"] = 81.into();
    resources["routes"]["properties"]["routes"][0]["destination"] = "192.0.2.0/24".into();
    update(&stack, &resources).await;
    let moved = show(&stack, "second").await["port_forwardings"][0].clone();
    assert_eq!((&moved["id"], &moved["internal_port"]), (&forwarded["id"], &81.into()));
    assert_eq!(destinations().await, r#""192.0.2.0/24" "198.51.100.0/24""#);
    stack.end().await;
    assert_eq!((count(&demo, "routers").await, count(&demo, "floatingips").await), (0, 0));
}
