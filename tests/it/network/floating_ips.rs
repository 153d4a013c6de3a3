//! `/floatingips`.

use kit::engine::Instances;
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

    let nowhere = json!({"floatingip": {"port_id": null}});
    let nowhere = demo.put(&path, nowhere).await.expect(200);
    assert_eq!(nowhere.body["floatingip"]["router_id"], Value::Null);
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
    let cloud = TestCloud::start().await;
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

    let names = [inside, outside].map(|id| format!("novadock-{id}"));
    let routing = cloud.engine.routing();
    assert!(routing.carries(&names[0], &names[1]) && !routing.carries(&names[1], &names[0]));
    assert!(!routing.closed.contains(&names[0]), "its router leads out");

    demo.delete(&path).await.expect(204);
    let gone = async {
        while on().await.contains(&address) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), gone).await.unwrap();
}
