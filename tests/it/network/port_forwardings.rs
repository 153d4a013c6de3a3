//! `/floatingips/{floatingip_id}/port_forwardings`.

use std::time::Duration;

use serde_json::{Value, json};

use super::routers::{join, public, router};
use super::{network, subnet};
use crate::support::{Answer, Session, TestCloud};

const FLOATING_IPS: &str = "/network/v2.0/floatingips";
const PORTS: &str = "/network/v2.0/ports";

/// A port behind a router with a way out, and a floating IP that leads nowhere.
struct Place {
    network: String,
    router: String,
    subnet: String,
    port: String,
    address: String,
    floating: String,
}

impl Place {
    async fn make(session: &Session) -> Self {
        let network = network(session, "inside").await;
        let subnet = subnet(session, &network, "192.0.2.0/24").await;
        let outside = public(session).await;
        let router = router(session, Some(&outside)).await;
        join(session, &router, json!({"subnet_id": subnet})).await.expect(200);
        let (port, address) = port(session, &network).await;
        let body = json!({"floatingip": {"floating_network_id": outside}});
        let floating = session.post(FLOATING_IPS, body).await.expect(201).text("/floatingip/id");
        Self { network, router, subnet, port, address, floating }
    }

    fn path(&self) -> String {
        format!("{FLOATING_IPS}/{}", self.floating)
    }

    fn forwardings(&self) -> String {
        format!("{}/port_forwardings", self.path())
    }

    async fn forward(&self, session: &Session, more: Value) -> Answer {
        let mut body = json!({
            "internal_port_id": self.port, "internal_ip_address": self.address, "protocol": "tcp",
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        session.post(&self.forwardings(), json!({"port_forwarding": body})).await
    }

    async fn web(&self, session: &Session) -> Answer {
        self.forward(session, json!({"internal_port": 80, "external_port": 8080})).await
    }
}

/// A port on a network, and its address.
async fn port(session: &Session, network: &str) -> (String, String) {
    let body = json!({"port": {"network_id": network}});
    let made = session.post(PORTS, body).await.expect(201);
    (made.text("/port/id"), made.text("/port/fixed_ips/0/ip_address"))
}

#[tokio::test]
async fn ports_lead_to_a_guest_and_away_again() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let place = Place::make(&demo).await;
    let made = place.web(&demo).await.expect(201);
    assert_eq!(made.text("/port_forwarding/external_port_range"), "8080:8080");
    let one = format!("{}/{}", place.forwardings(), made.text("/port_forwarding/id"));

    let active = |answer: &Answer| answer.text("/floatingip/status") == "ACTIVE";
    demo.wait(&place.path(), active).await;
    let floating = demo.get(&place.path()).await.expect(200);
    assert_eq!(floating.text("/floatingip/router_id"), place.router);
    assert_eq!(floating.body["floatingip"]["port_forwardings"][0]["external_port"], 8080);
    let said = cloud.engine.routing().forwarded;
    let forward = said.first().unwrap();
    assert_eq!(forward.address.to_string(), floating.text("/floatingip/floating_ip_address"));
    assert_eq!(
        (forward.guest.to_string(), forward.guest_ports),
        (place.address.clone(), 80.into())
    );

    let change = json!({"port_forwarding": {"external_port": 8081, "description": "web"}});
    let changed = demo.put(&one, change).await.expect(200);
    assert_eq!(changed.body["port_forwarding"]["external_port"], 8081);
    assert_eq!(changed.body["port_forwarding"]["internal_port"], 80, "as it was");
    let ranges = json!({"internal_port_range": "100:109", "external_port_range": "200:209"});
    place.forward(&demo, ranges).await.expect(201);

    let list = format!("{}?external_port=8081&fields=id", place.forwardings());
    let list = demo.get(&list).await.expect(200);
    assert_eq!(list.body["port_forwardings"], json!([{"id": made.text("/port_forwarding/id")}]));
    let sorted = format!("{}?sort_key=external_port&sort_dir=asc&limit=1", place.forwardings());
    let sorted = demo.get(&sorted).await.expect(200);
    assert_eq!(sorted.text("/port_forwardings/0/internal_port_range"), "100:109");

    demo.delete(&one).await.expect(204);
    demo.get(&one).await.expect(404);
}

#[tokio::test]
async fn a_port_that_goes_takes_what_leads_there_along() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let place = Place::make(&demo).await;
    place.web(&demo).await.expect(201);
    let gateway = format!("/network/v2.0/routers/{}", place.router);
    let closed = json!({"router": {"external_gateway_info": null}});
    let refused = demo.put(&gateway, closed.clone()).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "RouterExternalGatewayInUseByFloatingIp");
    let part = format!("{gateway}/remove_router_interface");
    let refused = demo.put(&part, json!({"subnet_id": place.subnet})).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "RouterInterfaceInUseByFloatingIP");

    let elsewhere = json!({"port": {"fixed_ips": [{"ip_address": "192.0.2.77"}]}});
    demo.put(&format!("{PORTS}/{}", place.port), elsewhere).await.expect(200);
    let none = demo.get(&place.forwardings()).await.expect(200);
    assert_eq!(none.body["port_forwardings"], json!([]), "the address has gone");

    let moved =
        json!({"internal_ip_address": "192.0.2.77", "internal_port": 80, "external_port": 1});
    place.forward(&demo, moved).await.expect(201);
    demo.delete(&format!("{PORTS}/{}", place.port)).await.expect(204);
    let floating = demo.get(&place.path()).await.expect(200);
    assert_eq!(floating.body["floatingip"]["router_id"], Value::Null);
    assert_eq!(floating.text("/floatingip/status"), "DOWN");
    demo.put(&gateway, closed).await.expect(200);
    let silent = async {
        while !cloud.engine.routing().forwarded.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), silent).await.unwrap();
}

#[tokio::test]
async fn a_floating_ip_leads_as_a_whole_or_by_its_ports() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let place = Place::make(&demo).await;
    let (other, address) = port(&demo, &place.network).await;
    let whole = |to: &str| json!({"floatingip": {"port_id": to}});
    demo.put(&place.path(), whole(&other)).await.expect(200);
    let refused = place.web(&demo).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "FloatingIPPortAlreadyAssociated");
    let bound = json!({"internal_port_id": other, "internal_ip_address": address,
        "internal_port": 80, "external_port": 80});
    let refused = place.forward(&demo, bound).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "PortHasBindingFloatingIP");

    demo.put(&place.path(), json!({"floatingip": {"port_id": null}})).await.expect(200);
    let made = place.web(&demo).await.expect(201);
    for refused in [demo.put(&place.path(), whole(&other)).await, demo.delete(&place.path()).await]
    {
        let refused = refused.expect(409);
        assert_eq!(refused.text("/NeutronError/type"), "FipInUseByPortForwarding");
    }
    let one = format!("{}/{}", place.forwardings(), made.text("/port_forwarding/id"));
    demo.delete(&one).await.expect(204);
    demo.delete(&place.path()).await.expect(204);
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_neutrons_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let place = Place::make(&demo).await;
    let made = place.web(&demo).await.expect(201);
    let says = |answer: Answer, what: &str| {
        let message = answer.expect(400).text("/NeutronError/message");
        assert!(message.contains(what), "{message}");
    };
    let forward = async |more: Value| place.forward(&demo, more).await;
    let same = json!({"internal_port": 81, "external_port_range": "8000:8080"});
    says(forward(same).await, "external_port_range. The following ranges collide: 8080:8080 and");
    let same = json!({"internal_port": 80, "external_port": 8081});
    says(forward(same).await, "internal_port_range. The following ranges collide: 80:80 and 80:80");
    let uneven = json!({"internal_port_range": "1:2", "external_port_range": "1:3"});
    says(forward(uneven).await, "must be N-N or 1-N");
    says(forward(json!({"internal_port": 1, "external_port": 0})).await, "'0' is too small");
    let elsewhere = json!({"internal_port": 1, "external_port": 1,
        "internal_ip_address": "192.0.2.250"});
    says(forward(elsewhere).await, "Requested internal IP address 192.0.2.250 is not suitable");
    let stray = json!({"internal_port": 1, "external_port": 1, "floatingip_id": place.floating});
    says(forward(stray).await, "Unrecognized attribute(s) 'floatingip_id'");
    let icmp = json!({"internal_port": 1, "external_port": 1, "protocol": "icmp"});
    says(forward(icmp).await, "icmp is not in valid_values");

    let alone = network(&demo, "alone").await;
    subnet(&demo, &alone, "198.51.100.0/24").await;
    let (port, address) = port(&demo, &alone).await;
    let unreachable = json!({"internal_port_id": port, "internal_ip_address": address,
        "internal_port": 1, "external_port": 1});
    says(forward(unreachable).await, "is not reachable from subnet");

    let second = json!({"internal_port": 81, "external_port": 8081});
    let second = forward(second).await.expect(201).text("/port_forwarding/id");
    let second = format!("{}/{second}", place.forwardings());
    let twin = json!({"port_forwarding": {"external_port": 8080}});
    says(demo.put(&second, twin).await, "Another port forwarding entry");

    let other = json!({"floatingip": {"floating_network_id": public(&demo).await}});
    let other = demo.post(FLOATING_IPS, other).await.expect(201).text("/floatingip/id");
    let id = made.text("/port_forwarding/id");
    let missing = demo.get(&format!("{FLOATING_IPS}/{other}/port_forwardings/{id}")).await;
    assert_eq!(missing.expect(404).text("/NeutronError/type"), "PortForwardingNotFound");
}
