//! `/ports`.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{network, subnet};
use crate::support::{Session, TestCloud};

const PORTS: &str = "/network/v2.0/ports";

async fn prepared(session: &Session) -> (String, String) {
    let network = network(session, "mine").await;
    let subnet = subnet(session, &network, "192.0.2.0/24").await;
    (network, subnet)
}

#[tokio::test]
async fn a_port_has_an_address_a_mac_and_the_default_group() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let (network, subnet) = prepared(&demo).await;
    let body = json!({"port": {"network_id": network, "name": "p"}});
    let port = demo.post(PORTS, body).await.expect(201);
    assert_eq!(port.text("/port/fixed_ips/0/ip_address"), "192.0.2.2");
    assert_eq!(port.text("/port/fixed_ips/0/subnet_id"), subnet);
    assert!(port.text("/port/mac_address").starts_with("fa:16:3e:"));
    assert_eq!(port.text("/port/status"), "DOWN");
    let groups = demo.get("/network/v2.0/security-groups?name=default").await.expect(200);
    assert_eq!(port.text("/port/security_groups/0"), groups.text("/security_groups/0/id"));
    assert!(port.body["port"].get("binding:host_id").is_none(), "for administrators");
}

#[tokio::test]
async fn sixty_four_ports_at_once_have_sixty_four_addresses() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let (network, _) = prepared(&demo).await;
    let create = || async {
        let body = json!({"port": {"network_id": network}});
        demo.post(PORTS, body).await.expect(201).text("/port/fixed_ips/0/ip_address")
    };
    let addresses: BTreeSet<String> =
        join_all((0..64).map(|_| create())).await.into_iter().collect();
    assert_eq!(addresses.len(), 64);
}

#[tokio::test]
async fn an_address_is_given_once() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let (network, subnet) = prepared(&demo).await;
    let ask = |fixed: Value| json!({"port": {"network_id": network, "fixed_ips": [fixed]}});
    let wanted = json!({"ip_address": "192.0.2.77"});
    demo.post(PORTS, ask(wanted.clone())).await.expect(201);
    let again = demo.post(PORTS, ask(wanted)).await.expect(409);
    assert_eq!(again.text("/NeutronError/type"), "IpAddressAlreadyAllocated");
    assert_eq!(
        again.text("/NeutronError/message"),
        format!("IP address 192.0.2.77 already allocated in subnet {subnet}")
    );
    let gateway = demo.post(PORTS, ask(json!({"ip_address": "192.0.2.1"}))).await.expect(409);
    assert_eq!(gateway.text("/NeutronError/type"), "IpAddressAlreadyAllocated");
    let outside = demo.post(PORTS, ask(json!({"ip_address": "10.9.9.9"}))).await.expect(400);
    assert_eq!(outside.text("/NeutronError/type"), "InvalidIpForNetwork");
}

#[tokio::test]
async fn on_a_shared_network_members_take_any_address_but_choose_none() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let shared = demo.get("/network/v2.0/networks?shared=True").await.text("/networks/0/id");
    let any = json!({"port": {"network_id": shared}});
    demo.post(PORTS, any).await.expect(201);
    let chosen = json!({"port": {
        "network_id": shared, "fixed_ips": [{"ip_address": "172.24.16.99"}],
    }});
    let refused = demo.post(PORTS, chosen).await.expect(403);
    assert_eq!(
        refused.text("/NeutronError/message"),
        "((rule:create_port and rule:create_port:fixed_ips) and \
         rule:create_port:fixed_ips:ip_address) is disallowed by policy"
    );
}

#[tokio::test]
async fn ports_are_found_by_anything_they_have() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let (network, subnet) = prepared(&demo).await;
    let body = json!({"port": {"network_id": network, "device_id": "d", "name": "p"}});
    let port = demo.post(PORTS, body).await.expect(201);
    let mac = port.text("/port/mac_address");
    let group = port.text("/port/security_groups/0");
    for (query, found) in [
        ("device_id=d".to_owned(), 1),
        ("device_id=x&device_id=d".to_owned(), 1),
        ("device_id=x".to_owned(), 0),
        (format!("mac_address={mac}"), 1),
        (format!("security_groups={group}"), 1),
        ("fixed_ips=ip_address%3D192.0.2.2".to_owned(), 1),
        (format!("fixed_ips=subnet_id%3D{subnet}"), 1),
        ("fixed_ips=ip_address%3D192.0.2.3".to_owned(), 0),
        ("fixed_ips=ip_address_substr%3D0.2".to_owned(), 1),
        ("admin_state_up=false".to_owned(), 0),
    ] {
        let list = demo.get(&format!("{PORTS}?{query}")).await.expect(200);
        assert_eq!(list.body["ports"].as_array().unwrap().len(), found, "{query}");
    }
}

#[tokio::test]
async fn a_port_changes_addresses_groups_and_name() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let (network, _) = prepared(&demo).await;
    let body = json!({"port": {"network_id": network}});
    let id = demo.post(PORTS, body).await.expect(201).text("/port/id");
    let path = format!("{PORTS}/{id}");
    let change = json!({"port": {
        "name": "p2", "security_groups": [], "fixed_ips": [{"ip_address": "192.0.2.50"}],
    }});
    let changed = demo.put(&path, change).await.expect(200);
    assert_eq!(changed.text("/port/fixed_ips/0/ip_address"), "192.0.2.50");
    assert_eq!(changed.body["port"]["security_groups"], json!([]));
    let unknown = json!({"port": {"security_groups": ["00000000-0000-0000-0000-00000000dead"]}});
    demo.put(&path, unknown).await.expect(404);
    let mac = json!({"port": {"mac_address": "fa:16:3e:00:00:09"}});
    demo.put(&path, mac).await.expect(403);
    demo.delete(&path).await.expect(204);
    let again = demo.delete(&path).await.expect(404);
    assert_eq!(again.text("/NeutronError/message"), format!("Port {id} could not be found."));
}

#[tokio::test]
async fn the_last_port_of_a_quota_is_the_last() {
    let cloud = TestCloud::builder().setting("quota", "port", "10").start().await;
    let demo = cloud.demo().await;
    let (network, _) = prepared(&demo).await;
    let create =
        || async { demo.post(PORTS, json!({"port": {"network_id": network}})).await.status };
    let made = join_all((0..30).map(|_| create())).await;
    assert_eq!(made.iter().filter(|status| **status == 201).count(), 10);
    assert_eq!(made.iter().filter(|status| **status == 409).count(), 20);
}

#[tokio::test]
async fn a_port_is_in_a_group_once_and_leaves_the_filter_only_on_its_owners_network() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let groups = demo.get("/network/v2.0/security-groups").await.expect(200);
    let group = groups.text("/security_groups/0/id");
    let (network, _) = prepared(&demo).await;
    let twice = json!({"network_id": network, "security_groups": [group, group]});
    let refused = demo.post(PORTS, json!({"port": twice})).await.expect(400);
    assert_eq!(
        refused.text("/NeutronError/message"),
        format!(
            "Invalid input for security_groups. Reason: Duplicate items in the list: '{group}'."
        )
    );
    let shared = demo.get("/network/v2.0/networks?shared=True").await.text("/networks/0/id");
    for (on, status) in [(network, 201), (shared, 403)] {
        let open = json!({"network_id": on, "port_security_enabled": false});
        demo.post(PORTS, json!({"port": open})).await.expect(status);
    }
}
