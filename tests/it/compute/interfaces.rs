//! `/servers/{server_id}/os-interface`: guests get interfaces and lose them.

use std::time::Duration;

use kit::engine::sim::{Fault, When};
use kit::engine::{EngineError, Instances};
use serde_json::{Value, json};

use super::servers::{body_with, boot};
use crate::support::session::Session;
use crate::support::{Answer, TestCloud};

/// A network with a range.
async fn network(demo: &Session, cidr: &str) -> String {
    let body = json!({"network": {"name": cidr}});
    let made = demo.post("/network/v2.0/networks", body).await.expect(201);
    let id = made.text("/network/id");
    let body = json!({"subnet": {"network_id": id, "ip_version": 4, "cidr": cidr}});
    demo.post("/network/v2.0/subnets", body).await.expect(201);
    id
}

async fn attach(demo: &Session, path: &str, wanted: Value) -> Answer {
    let body = json!({"interfaceAttachment": wanted});
    demo.post(&format!("{path}/os-interface"), body).await
}

/// Waits until the server has this many interfaces, all of them carrying traffic.
async fn has(demo: &Session, path: &str, count: usize) -> Answer {
    let wanted = |answer: &Answer| {
        let rows = answer.body["interfaceAttachments"].as_array().unwrap();
        rows.len() == count && rows.iter().all(|row| row["port_state"] == "ACTIVE")
    };
    demo.wait(&format!("{path}/os-interface"), wanted).await
}

fn sentence(answer: &Answer) -> &str {
    let fault = answer.body.as_object().unwrap().values().next().unwrap();
    fault["message"].as_str().unwrap()
}

#[tokio::test]
async fn an_interface_is_the_guests_until_it_is_taken_away() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = boot(&demo, body_with(&demo, "s", json!({"networks": "auto"})).await).await;
    let id = path.rsplit('/').next().unwrap();
    let guest = async || cloud.engine.inspect(&format!("nova-{id}")).await.unwrap().unwrap();
    let net = network(&demo, "10.81.0.0/24").await;
    let wanted = json!({"net_id": net, "fixed_ips": [{"ip_address": "10.81.0.9"}], "tag": "back"});
    let made = attach(&demo, &path, wanted).await.expect(200);
    assert_eq!(made.text("/interfaceAttachment/net_id"), net);
    assert_eq!(made.text("/interfaceAttachment/fixed_ips/0/ip_address"), "10.81.0.9");
    assert_eq!(made.text("/interfaceAttachment/tag"), "back");
    let port = made.text("/interfaceAttachment/port_id");
    has(&demo, &path, 2).await;
    let seen = guest().await.attachments;
    assert_eq!(seen[1].addresses[0].to_string(), "10.81.0.9");
    let old = demo.at("2.69").get(&format!("{path}/os-interface/{port}")).await.expect(200);
    assert!(old.body["interfaceAttachment"].get("tag").is_none());
    demo.delete(&format!("{path}/os-interface/{port}")).await.expect(202);
    has(&demo, &path, 1).await;
    assert_eq!(guest().await.attachments.len(), 1);
    demo.get(&format!("/network/v2.0/ports/{port}")).await.expect(404);
    let history = demo.get(&format!("{path}/os-instance-actions")).await.expect(200);
    assert_eq!(history.text("/instanceActions/0/action"), "detach_interface");
}

#[tokio::test]
async fn a_port_of_the_owners_outlives_its_time_in_a_server() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = boot(&demo, body_with(&demo, "s", json!({})).await).await;
    let net = network(&demo, "10.81.0.0/24").await;
    let body = json!({"port": {"network_id": net}});
    let port = demo.post("/network/v2.0/ports", body).await.expect(201).text("/port/id");
    attach(&demo, &path, json!({"port_id": port})).await.expect(200);
    has(&demo, &path, 1).await;
    let taken = attach(&demo, &path, json!({"port_id": port})).await.expect(409);
    assert_eq!(sentence(&taken), format!("Port {port} is still in use."));
    demo.delete(&format!("{path}/os-interface/{port}")).await.expect(202);
    has(&demo, &path, 0).await;
    let shown = demo.get(&format!("/network/v2.0/ports/{port}")).await.expect(200);
    assert_eq!(shown.text("/port/device_id"), "");
    // Nova tells only its log that there was nothing to take away.
    demo.delete(&format!("{path}/os-interface/{port}")).await.expect(202);
}

#[tokio::test]
async fn what_cannot_be_attached_is_refused_in_novas_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = boot(&demo, body_with(&demo, "s", json!({"networks": "auto"})).await).await;
    let id = path.rsplit('/').next().unwrap();
    let unknown = "00000000-0000-0000-0000-00000000dead";
    let refused = async |wanted: Value, status| {
        let answer = attach(&demo, &path, wanted).await.expect(status);
        sentence(&answer).to_owned()
    };
    let both = json!({"net_id": unknown, "port_id": unknown});
    assert_eq!(refused(both, 400).await, "Must not input both network_id and port_id");
    let alone = json!({"fixed_ips": [{"ip_address": "10.0.0.9"}]});
    assert_eq!(refused(alone, 400).await, "Must input network_id when request IP address");
    let no_port = refused(json!({"port_id": null}), 400).await;
    assert!(no_port.ends_with("None is not of type 'string'"), "{no_port}");
    let missing = format!("Network {unknown} could not be found.");
    assert_eq!(refused(json!({"net_id": unknown}), 404).await, missing);
    let missing = format!("Port id {unknown} could not be found.");
    assert_eq!(refused(json!({"port_id": unknown}), 404).await, missing);
    let shown = demo.get(&format!("{path}/os-interface/{unknown}")).await.expect(404);
    assert_eq!(sentence(&shown), missing);
    let own = demo.get(&format!("{path}/os-interface")).await.expect(200);
    let again = json!({"net_id": own.text("/interfaceAttachments/0/net_id")});
    let twice = format!("Attaching interfaces is not supported for instance {id}.");
    assert_eq!(refused(again, 400).await, twice);
    demo.post(&format!("{path}/action"), json!({"suspend": null})).await.expect(202);
    demo.wait(&path, |answer| answer.optional("/server/status") == "SUSPENDED").await;
    let sleeps =
        format!("Cannot 'attach_interface' instance {id} while it is in vm_state suspended");
    assert_eq!(refused(json!({}), 409).await, sleeps);
}

#[tokio::test]
async fn an_interface_that_the_engine_refuses_is_given_back() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let path = boot(&demo, body_with(&demo, "s", json!({})).await).await;
    let net = network(&demo, "10.81.0.0/24").await;
    let refused = EngineError::Refused("no".to_owned());
    cloud.engine.faults().order("attach", When::Always, Fault::Fail(refused));
    attach(&demo, &path, json!({"net_id": net})).await.expect(200);
    has(&demo, &path, 0).await;
    let shown = demo.get(&path).await.expect(200);
    assert_eq!(shown.text("/server/status"), "ACTIVE");
    let failed = |answer: &Answer| answer.optional("/instanceActions/0/message") == "Error";
    demo.wait(&format!("{path}/os-instance-actions"), failed).await;
}

#[tokio::test]
async fn an_address_more_is_the_guests_until_it_is_taken_away() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.43");
    let net = network(&demo, "10.82.0.0/24").await;
    let other = network(&demo, "10.83.0.0/24").await;
    let body = body_with(&demo, "s", json!({"networks": [{"uuid": net}]})).await;
    let path = boot(&demo, body).await;
    let guest = format!("nova-{}", path.rsplit('/').next().unwrap());
    let act = async |body: Value| demo.post(&format!("{path}/action"), body).await;
    let more = async |count: usize| {
        let engine_network = format!("novadock-{net}");
        while cloud.engine.more_addresses(&guest, &engine_network).len() != count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    act(json!({"addFixedIp": {"networkId": net}})).await.expect(202);
    let shown = demo.get(&path).await.expect(200);
    let first = shown.text("/server/addresses/10.82.0.0~124/0/addr");
    let second = shown.text("/server/addresses/10.82.0.0~124/1/addr");
    assert!(first.starts_with("10.82.0.") && second.starts_with("10.82.0.") && first != second);
    more(1).await;

    act(json!({"reboot": {"type": "HARD"}})).await.expect(202);
    demo.wait(&path, |answer| answer.text("/server/status") == "ACTIVE").await;
    more(1).await;
    act(json!({"os-stop": null})).await.expect(202);
    demo.wait(&path, |answer| answer.text("/server/status") == "SHUTOFF").await;
    more(0).await;
    act(json!({"os-start": null})).await.expect(202);
    more(1).await;
    demo.wait(&path, |answer| answer.text("/server/status") == "ACTIVE").await;

    let refused = act(json!({"removeFixedIp": {"address": first}})).await.expect(400);
    assert!(sentence(&refused).contains("the first of its interface"));
    act(json!({"removeFixedIp": {"address": "10.82.0.99"}})).await.expect(400);
    act(json!({"addFixedIp": {"networkId": other}})).await.expect(404);
    act(json!({"removeFixedIp": {"address": second}})).await.expect(202);
    more(0).await;
    let body = json!({"addFixedIp": {"networkId": net}});
    demo.at("2.44").post(&format!("{path}/action"), body).await.expect(404);
}

#[tokio::test]
async fn the_cable_of_a_port_that_is_down_is_out_until_it_is_up() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.96");
    let net = network(&demo, "10.85.0.0/24").await;
    let body = body_with(&demo, "s", json!({"networks": [{"uuid": net}]})).await;
    let path = boot(&demo, body).await;
    let guest = format!("nova-{}", path.rsplit('/').next().unwrap());
    let ports = demo.get(&format!("/network/v2.0/ports?network_id={net}")).await.expect(200);
    let port = format!("/network/v2.0/ports/{}", ports.text("/ports/0/id"));
    let set = async |up: bool| {
        let body = json!({"port": {"admin_state_up": up}});
        let status = if up { "ACTIVE" } else { "DOWN" };
        let shown = demo.put(&port, body).await.expect(200);
        assert_eq!(shown.text("/port/status"), status);
        let found = format!("/network/v2.0/ports?status={status}&network_id={net}");
        let found = demo.get(&found).await.expect(200);
        assert_eq!(found.body["ports"].as_array().unwrap().len(), 1);
    };
    let is_out = async |out: bool| {
        let engine_network = format!("novadock-{net}");
        while cloud.engine.is_unplugged(&guest, &engine_network) != out {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let act = async |body: Value| demo.post(&format!("{path}/action"), body).await;
    set(false).await;
    is_out(true).await;
    act(json!({"os-stop": null})).await.expect(202);
    demo.wait(&path, |answer| answer.text("/server/status") == "SHUTOFF").await;
    is_out(false).await;
    act(json!({"os-start": null})).await.expect(202);
    is_out(true).await;
    demo.wait(&path, |answer| answer.text("/server/status") == "ACTIVE").await;
    set(true).await;
    is_out(false).await;
}

#[tokio::test]
async fn an_address_that_the_engine_cannot_give_is_given_back() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.43");
    let net = network(&demo, "10.84.0.0/24").await;
    let body = body_with(&demo, "s", json!({"networks": [{"uuid": net}]})).await;
    let path = boot(&demo, body).await;
    let unsupported = EngineError::Unsupported("an interface has one address".to_owned());
    cloud.engine.faults().order("attach", When::Nth(1), Fault::Fail(unsupported));
    let body = json!({"addFixedIp": {"networkId": net}});
    demo.post(&format!("{path}/action"), body).await.expect(202);
    let wanted = |answer: &Answer| {
        answer.body["server"]["addresses"]["10.84.0.0/24"].as_array().unwrap().len() == 1
    };
    demo.wait(&path, wanted).await;
}
