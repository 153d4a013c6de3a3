//! The metadata service: what guests learn, by the address they speak from.
//!
//! The guest is played by the test: a subnet on the host's loopback makes the test's own address
//! the server's.

use std::net::{IpAddr, TcpListener};

use serde_json::json;

use crate::network::routers::{join, public, router};
use crate::support::{Session, TestCloud};

/// An address of the loopback that was free a moment ago.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

async fn ask(address: &str, from: &str, path: &str) -> (u16, String) {
    let from: IpAddr = from.parse().unwrap();
    let client = reqwest::Client::builder().local_address(from).build().unwrap();
    let request = client.get(format!("http://{address}{path}"));
    let answer = request.header("X-Forwarded-For", "127.0.0.10").send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// A server whose address is 127.0.0.10; its id.
async fn server(demo: &Session) -> String {
    let network = json!({"network": {"name": "loopback"}});
    let network = demo.post("/network/v2.0/networks", network).await.expect(201);
    let network = network.text("/network/id");
    let subnet = json!({"subnet": {
        "network_id": network, "ip_version": 4, "cidr": "127.0.0.0/24", "enable_dhcp": false,
        "gateway_ip": "127.0.0.254",
    }});
    demo.post("/network/v2.0/subnets", subnet).await.expect(201);
    let image = demo.find("/image/v2/images", "images").await;
    let body = json!({"server": {
        "name": "web", "flavorRef": "1", "imageRef": image, "user_data": "IyEvYmluL3NoCg==",
        "metadata": {"role": "db"},
        "networks": [{"uuid": network, "fixed_ip": "127.0.0.10"}],
    }});
    let made = demo.at("2.1").post("/compute/v2.1/servers", body).await.expect(202);
    let id = made.text("/server/id");
    let path = format!("/compute/v2.1/servers/{id}");
    demo.wait(&path, |answer| answer.optional("/server/status") == "ACTIVE").await;
    id
}

#[tokio::test]
async fn a_guest_is_known_by_its_address_and_by_nothing_it_says() {
    let address = free_address();
    let cloud = TestCloud::builder()
        .setting("metadata", "enabled", "true")
        .setting("metadata", "listen", &address)
        .start()
        .await;
    let id = server(&cloud.demo().await).await;
    let path = "/openstack/latest/meta_data.json";
    let (status, document) = ask(&address, "127.0.0.10", path).await;
    assert_eq!(status, 200);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["uuid"], id.as_str());
    assert_eq!(document["meta"], json!({"role": "db"}));
    let user_data = ask(&address, "127.0.0.10", "/latest/user-data").await;
    assert_eq!(user_data, (200, "#!/bin/sh\n".to_owned()));
    let local = ask(&address, "127.0.0.10", "/2009-04-04/meta-data/local-ipv4").await;
    assert_eq!(local, (200, "127.0.0.10".to_owned()));
    let stranger = ask(&address, "127.0.0.11", path).await;
    assert_eq!(stranger.0, 404, "a header names another guest and is not believed");
}

#[tokio::test]
async fn a_guest_learns_the_floating_ip_that_leads_to_it() {
    let address = free_address();
    let cloud = TestCloud::builder()
        .setting("metadata", "enabled", "true")
        .setting("metadata", "listen", &address)
        .start()
        .await;
    let demo = cloud.demo().await;
    let id = server(&demo).await;
    let told = async || ask(&address, "127.0.0.10", "/latest/meta-data/public-ipv4").await;
    assert_eq!(told().await, (200, String::new()));

    let port = demo.get(&format!("/network/v2.0/ports?device_id={id}")).await.expect(200);
    let outside = public(&demo).await;
    let router = router(&demo, Some(&outside)).await;
    let inside = port.text("/ports/0/fixed_ips/0/subnet_id");
    join(&demo, &router, json!({"subnet_id": inside})).await.expect(200);
    let body = json!({"floating_network_id": outside, "port_id": port.text("/ports/0/id")});
    let made = demo.post("/network/v2.0/floatingips", json!({"floatingip": body})).await;
    let floating = made.expect(201).text("/floatingip/floating_ip_address");
    assert_eq!(told().await, (200, floating));
}

#[tokio::test]
async fn a_guest_posts_its_password_once_and_its_owner_fetches_it() {
    let address = free_address();
    let cloud = TestCloud::builder()
        .setting("metadata", "enabled", "true")
        .setting("metadata", "listen", &address)
        .start()
        .await;
    let demo = cloud.demo().await;
    let own = format!("/compute/v2.1/servers/{}/os-server-password", server(&demo).await);
    assert_eq!(demo.get(&own).await.expect(200).body, json!({"password": ""}));
    let url = format!("http://{address}/openstack/latest/password");
    let guest: IpAddr = "127.0.0.10".parse().unwrap();
    let client = reqwest::Client::builder().local_address(guest).build().unwrap();
    let post = async |body: String| client.post(&url).body(body).send().await.unwrap().status();
    assert_eq!(post("x".repeat(1021)).await, 400);
    assert_eq!(post("c2VjcmV0".to_owned()).await, 200);
    assert_eq!(post("again".to_owned()).await, 409);
    assert_eq!(demo.get(&own).await.text("/password"), "c2VjcmV0");
    let seen = ask(&address, "127.0.0.10", "/openstack/latest/password").await;
    assert_eq!(seen, (200, "c2VjcmV0".to_owned()));
    demo.delete(&own).await.expect(204);
    assert_eq!(post("again".to_owned()).await, 200);
    let elsewhere = format!("http://{address}/openstack/latest/user_data");
    assert_eq!(client.post(&elsewhere).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn a_second_installation_starts_without_a_metadata_service() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let cloud = TestCloud::builder()
        .setting("metadata", "enabled", "true")
        .setting("metadata", "listen", &address)
        .start()
        .await;
    cloud.nobody().get("/healthz").await.expect(200);
}
