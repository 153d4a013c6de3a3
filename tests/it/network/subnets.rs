//! `/subnets`.

use serde_json::{Value, json};

use super::{network, subnet};
use crate::support::TestCloud;

const SUBNETS: &str = "/network/v2.0/subnets";

#[tokio::test]
async fn a_subnet_of_which_only_the_range_is_said_has_defaults() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let network = network(&demo, "mine").await;
    let body = json!({"subnet": {"network_id": network, "ip_version": 4, "cidr": "192.0.2.0/24"}});
    let made = demo.post(SUBNETS, body).await.expect(201);
    let subnet = &made.body["subnet"];
    assert_eq!(subnet["gateway_ip"], "192.0.2.1");
    assert_eq!(subnet["allocation_pools"], json!([{"start": "192.0.2.2", "end": "192.0.2.254"}]));
    assert_eq!(subnet["enable_dhcp"], true);
    let path = format!("/network/v2.0/networks/{network}");
    let shown = demo.get(&path).await.expect(200);
    assert_eq!(shown.body["network"]["subnets"][0], subnet["id"]);
    assert_eq!(shown.body["network"]["revision_number"], 2);
}

#[tokio::test]
async fn ranges_never_overlap_on_one_engine() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    subnet(&demo, &network(&demo, "mine").await, "192.0.2.0/24").await;
    let other = network(&admin, "theirs").await;
    let body = json!({"subnet": {"network_id": other, "ip_version": 4, "cidr": "192.0.2.0/25"}});
    let answer = admin.post(SUBNETS, body).await.expect(400);
    assert_eq!(answer.text("/NeutronError/type"), "InvalidInput");
    assert_eq!(
        answer.text("/NeutronError/message"),
        format!(
            "Invalid input for operation: Requested subnet with cidr: 192.0.2.0/25 for network: \
             {other} overlaps with another subnet."
        )
    );
}

#[tokio::test]
async fn what_cannot_be_a_subnet_is_refused() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mine = network(&demo, "mine").await;
    let with = |more: Value| {
        let mut subnet = json!({"network_id": mine, "ip_version": 4, "cidr": "192.0.2.0/24"});
        subnet.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"subnet": subnet})
    };
    let cases = [
        (
            json!({"subnet": {"ip_version": 4, "cidr": "198.51.100.0/24"}}),
            "Failed to parse request. Required attribute 'network_id' not specified",
        ),
        (with(json!({"cidr": "x"})), "Invalid input for operation: x is not in a CIDR format."),
        (
            with(json!({"ip_version": 6})),
            "Invalid input for operation: cidr '192.0.2.0/24' does not match the ip_version '6'.",
        ),
        (
            with(json!({"gateway_ip": "10.0.0.1"})),
            "Invalid input for operation: Gateway is not valid on subnet.",
        ),
        (
            with(json!({"allocation_pools": [{"start": "192.0.2.2", "end": "192.0.3.2"}]})),
            "The allocation pool 192.0.2.2-192.0.3.2 spans beyond the subnet cidr 192.0.2.0/24.",
        ),
    ];
    for (body, sentence) in cases {
        let answer = demo.post(SUBNETS, body).await.expect(400);
        assert_eq!(answer.text("/NeutronError/message"), sentence);
    }
    let unknown = json!({"network_id": "00000000-0000-0000-0000-00000000dead"});
    demo.post(SUBNETS, with(unknown)).await.expect(404);
}

#[tokio::test]
async fn a_subnet_without_a_gateway_still_keeps_the_engines_address_from_ports() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let network = network(&demo, "mine").await;
    let body = json!({"subnet": {
        "network_id": network, "ip_version": 4, "cidr": "192.0.2.0/29", "gateway_ip": null,
    }});
    let made = demo.post(SUBNETS, body).await.expect(201);
    assert_eq!(made.body["subnet"]["gateway_ip"], Value::Null);
    let port = json!({"port": {"network_id": network}});
    let port = demo.post("/network/v2.0/ports", port).await.expect(201);
    assert_eq!(port.text("/port/fixed_ips/0/ip_address"), "192.0.2.2");
}

#[tokio::test]
async fn a_subnet_is_changed_and_in_use_it_stays() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let network = network(&demo, "mine").await;
    let id = subnet(&demo, &network, "192.0.2.0/24").await;
    let path = format!("{SUBNETS}/{id}");
    let change = json!({"subnet": {"name": "s2", "dns_nameservers": ["192.0.2.53"]}});
    let changed = demo.put(&path, change).await.expect(200);
    assert_eq!(changed.text("/subnet/dns_nameservers/0"), "192.0.2.53");
    let fixed = demo.put(&path, json!({"subnet": {"cidr": "10.0.0.0/8"}})).await.expect(400);
    assert_eq!(fixed.text("/NeutronError/message"), "Cannot update read-only attribute cidr");
    let port = json!({"port": {"network_id": network}});
    let port = demo.post("/network/v2.0/ports", port).await.expect(201).text("/port/id");
    let answer = demo.delete(&path).await.expect(409);
    assert_eq!(answer.text("/NeutronError/type"), "SubnetInUse");
    demo.delete(&format!("/network/v2.0/ports/{port}")).await.expect(204);
    demo.delete(&path).await.expect(204);
    demo.get(&path).await.expect(404);
}

#[tokio::test]
async fn subnets_are_found_by_whether_their_network_is_shared() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let network = network(&demo, "mine").await;
    let own = subnet(&demo, &network, "192.0.2.0/24").await;
    for (shared, wanted) in [(true, false), (false, true)] {
        let listed = demo.get(&format!("{SUBNETS}?shared={shared}")).await.expect(200);
        let rows = listed.body["subnets"].as_array().unwrap();
        assert_eq!(rows.iter().any(|row| row["id"] == own), wanted, "shared={shared}");
        assert!(rows.iter().all(|row| row.get("shared").is_none()));
    }
    let sorted = format!("{SUBNETS}?sort_key=shared&sort_dir=asc");
    demo.get(&sorted).await.expect(400);
}
