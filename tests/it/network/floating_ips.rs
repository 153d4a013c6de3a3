//! `/floatingips`.

use kit::engine::Instances;
use kit::engine::filter::{Packet, PacketKind, TCP, Way};
use serde_json::{Value, json};

use super::routers::{join, public, router};
use super::{network, subnet};
use crate::compute::servers::{body_with, boot};
use crate::support::{Session, TestCloud};

const FLOATING_IPS: &str = "/network/v2.0/floatingips";

/// A port of a network with a subnet, which a router joins to the external network if that is
/// wanted.
async fn port(session: &Session, outside: Option<&str>) -> String {
    let network = network(session, "inside").await;
    let subnet = subnet(session, &network, "192.0.2.0/24").await;
    if outside.is_some() {
        let router = router(session, outside).await;
        join(session, &router, json!({"subnet_id": subnet})).await.expect(200);
    }
    let body = json!({"port": {"network_id": network}});
    session.post("/network/v2.0/ports", body).await.expect(201).text("/port/id")
}

async fn floating(session: &Session, more: Value) -> Value {
    let mut body = json!({"floating_network_id": public(session).await});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = session.post(FLOATING_IPS, json!({"floatingip": body})).await.expect(201);
    made.body["floatingip"].clone()
}

#[tokio::test]
async fn one_leads_to_a_port_and_away_again() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let port = port(&demo, Some(&public(&demo).await)).await;
    let made = floating(&demo, json!({})).await;
    assert_eq!((&made["status"], &made["port_id"]), (&json!("DOWN"), &Value::Null));
    let path = format!("{FLOATING_IPS}/{}", made["id"].as_str().unwrap());
    let to = json!({"floatingip": {"port_id": port}});
    let led = demo.put(&path, to).await.expect(200);
    assert_eq!(led.text("/floatingip/port_id"), port);
    assert!(led.text("/floatingip/fixed_ip_address").starts_with("192.0.2."));
    assert!(!led.text("/floatingip/router_id").is_empty());

    let described = json!({"floatingip": {"description": "x"}});
    let described = demo.put(&path, described).await.expect(200);
    assert_eq!(described.text("/floatingip/port_id"), port, "as it was");
    let second = json!({"floating_network_id": public(&demo).await, "port_id": port});
    let refused = demo.post(FLOATING_IPS, json!({"floatingip": second})).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "FloatingIPPortAlreadyAssociated");

    for nowhere in [json!({"port_id": null}), json!({})] {
        let change = |floating: Value| demo.put(&path, json!({"floatingip": floating}));
        change(json!({"port_id": port})).await.expect(200);
        let parted = change(nowhere).await.expect(200);
        assert_eq!(parted.body["floatingip"]["router_id"], Value::Null);
    }
    demo.delete(&path).await.expect(204);
}

#[tokio::test]
async fn without_a_router_between_nothing_leads_there() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let port = port(&demo, None).await;
    let body = json!({"floating_network_id": public(&demo).await, "port_id": port});
    let refused = demo.post(FLOATING_IPS, json!({"floatingip": body})).await.expect(404);
    assert_eq!(refused.text("/NeutronError/type"), "ExternalGatewayForFloatingIPNotFound");
    let left = demo.get(FLOATING_IPS).await.expect(200);
    assert_eq!(left.body["floatingips"], json!([]));
}

#[tokio::test]
async fn what_a_floating_ip_needs_stays_and_a_port_that_goes_frees_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let port = port(&demo, Some(&public(&demo).await)).await;
    let made = floating(&demo, json!({"port_id": port})).await;
    let router = format!("/network/v2.0/routers/{}", made["router_id"].as_str().unwrap());
    let closed = json!({"router": {"external_gateway_info": null}});
    let refused = demo.put(&router, closed.clone()).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "RouterExternalGatewayInUseByFloatingIp");
    let subnet = demo.find("/network/v2.0/subnets?cidr=192.0.2.0/24", "subnets").await;
    let remove = format!("{router}/remove_router_interface");
    let refused = demo.put(&remove, json!({"subnet_id": subnet})).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "RouterInterfaceInUseByFloatingIP");

    demo.delete(&format!("/network/v2.0/ports/{port}")).await.expect(204);
    let path = format!("{FLOATING_IPS}/{}", made["id"].as_str().unwrap());
    let free = demo.get(&path).await.expect(200);
    assert_eq!(free.body["floatingip"]["port_id"], Value::Null);
    assert_eq!(free.text("/floatingip/status"), "DOWN");
    demo.put(&router, closed).await.expect(200);
}

#[tokio::test]
async fn one_that_leads_nowhere_goes_with_its_network() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let body = json!({"network": {"name": "outside", "router:external": true}});
    let outside = admin.post("/network/v2.0/networks", body).await.expect(201).text("/network/id");
    subnet(&admin, &outside, "198.51.100.0/24").await;
    let body = json!({"floatingip": {"floating_network_id": outside}});
    let made = demo.post(FLOATING_IPS, body).await.expect(201).text("/floatingip/id");
    admin.delete(&format!("/network/v2.0/networks/{outside}")).await.expect(204);
    demo.get(&format!("{FLOATING_IPS}/{made}")).await.expect(404);
}

#[tokio::test]
async fn limits_of_routers_and_floating_ips_hold() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let quota = json!({"quota": {"router": 1, "floatingip": 1}});
    admin.put(&format!("/network/v2.0/quotas/{}", demo.project), quota).await.expect(200);
    router(&demo, None).await;
    demo.post("/network/v2.0/routers", json!({"router": {}})).await.expect(409);
    floating(&demo, json!({})).await;
    let more = json!({"floatingip": {"floating_network_id": public(&demo).await}});
    let refused = demo.post(FLOATING_IPS, more).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "OverQuota");
}

#[tokio::test]
async fn a_guest_has_the_addresses_that_lead_to_it() {
    let cloud = TestCloud::builder().setting("network", "enforce_security_groups", "auto");
    let cloud = cloud.start().await;
    let demo = cloud.demo().await;
    let outside = public(&demo).await;
    let inside = network(&demo, "inside").await;
    let subnet = subnet(&demo, &inside, "192.0.2.0/24").await;
    let router = router(&demo, Some(&outside)).await;
    join(&demo, &router, json!({"subnet_id": subnet})).await.expect(200);
    let body = body_with(&demo, "s", json!({"networks": [{"uuid": inside}]})).await;
    let server = boot(&demo, body).await;
    let server = server.rsplit('/').next().unwrap();
    let ports = demo.get(&format!("/network/v2.0/ports?device_id={server}")).await.expect(200);
    let on = async || {
        let seen = cloud.engine.inspect(&format!("nova-{server}")).await.unwrap().unwrap();
        seen.attachments.into_iter().flat_map(|one| one.addresses).collect::<Vec<_>>()
    };

    let made = floating(&demo, json!({"port_id": ports.text("/ports/0/id")})).await;
    let path = format!("{FLOATING_IPS}/{}", made["id"].as_str().unwrap());
    demo.wait(&path, |answer| answer.text("/floatingip/status") == "ACTIVE").await;
    let address = made["floating_ip_address"].as_str().unwrap().parse().unwrap();
    assert!(on().await.contains(&address));
    let shown = demo.get(&format!("/compute/v2.1/servers/{server}")).await.expect(200);
    let told = |key: &str| shown.text(&format!("/server/addresses/inside/1/{key}"));
    assert_eq!(told("addr"), made["floating_ip_address"].as_str().unwrap());
    assert_eq!(told("OS-EXT-IPS:type"), "floating");

    let names = [inside, outside].map(|id| format!("novadock-{id}"));
    let routing = cloud.engine.routing();
    assert!(routing.carries(&names[0], &names[1]) && !routing.carries(&names[1], &names[0]));
    assert!(!routing.closed.contains(&names[0]), "its router leads out");

    let knock = Packet {
        network: names[1].clone(),
        way: Way::In,
        local: address,
        remote: "203.0.113.9".parse().unwrap(),
        protocol: TCP,
        kind: PacketKind::To(22),
    };
    let passes = || cloud.engine.admits(&format!("nova-{server}"), &knock);
    assert!(!passes(), "the groups of its port hold there");
    let group = ports.text("/ports/0/security_groups/0");
    let rule = json!({"security_group_id": group, "direction": "ingress", "protocol": "tcp"});
    let rules = "/network/v2.0/security-group-rules";
    demo.post(rules, json!({"security_group_rule": rule})).await.expect(201);
    until(async || passes()).await;

    demo.delete(&path).await.expect(204);
    until(async || !on().await.contains(&address)).await;
}

async fn until(holds: impl AsyncFn() -> bool) {
    let held = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), held).await.unwrap();
}
