//! `/routers`.

use serde_json::{Value, json};

use super::{network, subnet};
use crate::support::{Answer, Session, TestCloud};

const ROUTERS: &str = "/network/v2.0/routers";

/// A router of the session's project, led out by the external network if that is wanted; its id.
pub(crate) async fn router(session: &Session, by: Option<&str>) -> String {
    let info = by.map(|network| json!({"network_id": network}));
    let body = json!({"router": {"name": "r", "external_gateway_info": info}});
    session.post(ROUTERS, body).await.expect(201).text("/router/id")
}

pub(crate) async fn public(session: &Session) -> String {
    session.find("/network/v2.0/networks?router:external=true", "networks").await
}

pub(crate) async fn join(session: &Session, router: &str, what: Value) -> Answer {
    session.put(&format!("{ROUTERS}/{router}/add_router_interface"), what).await
}

async fn part(session: &Session, router: &str, what: Value) -> Answer {
    session.put(&format!("{ROUTERS}/{router}/remove_router_interface"), what).await
}

#[tokio::test]
async fn a_router_joins_subnets_by_subnet_and_by_port() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let (one, two) = (network(&demo, "one").await, network(&demo, "two").await);
    let first = subnet(&demo, &one, "192.0.2.0/24").await;
    let second = subnet(&demo, &two, "198.51.100.0/24").await;
    let router = router(&demo, None).await;

    let joined = join(&demo, &router, json!({"subnet_id": first})).await.expect(200);
    assert_eq!(joined.text("/subnet_id"), first);
    let port = format!("/network/v2.0/ports/{}", joined.text("/port_id"));
    let port = demo.get(&port).await.expect(200);
    assert_eq!(port.text("/port/device_owner"), "network:router_interface");
    assert_eq!(port.text("/port/fixed_ips/0/ip_address"), "192.0.2.1");
    assert_eq!(port.text("/port/device_id"), router);

    let body = json!({"port": {"network_id": two}});
    let own = demo.post("/network/v2.0/ports", body).await.expect(201).text("/port/id");
    join(&demo, &router, json!({"port_id": own})).await.expect(200);
    let twice = join(&demo, &router, json!({"port_id": own})).await.expect(409);
    assert_eq!(twice.text("/NeutronError/type"), "PortInUse");
    let refused = demo.delete(&format!("/network/v2.0/ports/{own}")).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "ServicePortInUse");

    let path = format!("{ROUTERS}/{router}");
    let busy = demo.delete(&path).await.expect(409);
    assert_eq!(busy.text("/NeutronError/type"), "RouterInUse");
    part(&demo, &router, json!({"subnet_id": second})).await.expect(200);
    part(&demo, &router, json!({"subnet_id": first})).await.expect(200);
    let gone = part(&demo, &router, json!({"subnet_id": first})).await.expect(404);
    assert_eq!(gone.text("/NeutronError/type"), "RouterInterfaceNotFoundForSubnet");
    demo.delete(&path).await.expect(204);
    demo.get(&path).await.expect(404);
}

#[tokio::test]
async fn what_cannot_be_joined_is_refused() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let network = network(&demo, "mine").await;
    let mine = subnet(&demo, &network, "192.0.2.0/24").await;
    let router = router(&demo, None).await;
    join(&demo, &router, json!({"subnet_id": mine})).await.expect(200);
    let cases = [
        (json!({}), "Either subnet_id or port_id must be specified".to_owned()),
        (json!({"subnet_id": "x"}), "'x' is not a valid UUID".to_owned()),
        (
            json!({"subnet_id": mine, "port_id": mine}),
            "Cannot specify both subnet-id and port-id".to_owned(),
        ),
        (json!({"subnet_id": mine}), format!("Router already has a port on subnet {mine}")),
    ];
    for (body, reason) in cases {
        let answer = join(&demo, &router, body).await.expect(400);
        let sentence = format!("Bad router request: {reason}.");
        assert_eq!(answer.text("/NeutronError/message"), sentence);
    }
}

#[tokio::test]
async fn a_router_leads_out_by_an_external_network() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let public = public(&demo).await;
    let router = router(&demo, Some(&public)).await;
    let path = format!("{ROUTERS}/{router}");
    let shown = demo.get(&path).await.expect(200);
    let info = &shown.body["router"]["external_gateway_info"];
    assert_eq!((&info["network_id"], &info["enable_snat"]), (&json!(public), &json!(true)));
    assert_eq!(info["external_fixed_ips"].as_array().map(Vec::len), Some(1));
    // The port outside is the house's: its project does not see it.
    let ports = format!("/network/v2.0/ports?device_id={router}");
    assert_eq!(demo.get(&ports).await.expect(200).body["ports"], json!([]));
    let ports = admin.get(&ports).await.expect(200);
    assert_eq!(ports.text("/ports/0/device_owner"), "network:router_gateway");

    let internal = json!({"network": {"router:external": false}});
    let network = format!("/network/v2.0/networks/{public}");
    let refused = admin.put(&network, internal).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "ExternalNetworkInUse");

    let closed = json!({"router": {"external_gateway_info": null}});
    let closed = demo.put(&path, closed).await.expect(200);
    assert_eq!(closed.body["router"]["external_gateway_info"], Value::Null);
    let mine = super::network(&demo, "mine").await;
    let wrong = json!({"router": {"external_gateway_info": {"network_id": mine}}});
    let refused = demo.put(&path, wrong).await.expect(400);
    let sentence = format!("Bad router request: Network {mine} is not an external network.");
    assert_eq!(refused.text("/NeutronError/message"), sentence);
}

#[tokio::test]
async fn extra_routes_lead_by_guests_that_the_router_reaches() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let inside = network(&demo, "inside").await;
    let subnet = subnet(&demo, &inside, "192.0.2.0/24").await;
    let router = router(&demo, None).await;
    join(&demo, &router, json!({"subnet_id": subnet})).await.expect(200);
    let path = format!("{ROUTERS}/{router}");
    let route = |to: &str, by: &str| json!({"destination": to, "nexthop": by});
    let set = async |routes: Value| demo.put(&path, json!({"router": {"routes": routes}})).await;
    let first = route("198.51.100.0/24", "192.0.2.9");
    let shown = set(json!([first])).await.expect(200);
    assert_eq!(shown.body["router"]["routes"], json!([first]));
    let led = async {
        while cloud.engine.routing().routes.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), led).await.unwrap();
    let said = cloud.engine.routing().routes.pop_first().unwrap();
    assert_eq!((said.from == said.via, said.nexthop.to_string().as_str()), (true, "192.0.2.9"));

    for (by, reason) in [
        ("203.0.113.1", "the nexthop is not connected with router"),
        ("192.0.2.1", "the nexthop is used by router"),
    ] {
        let refused = set(json!([route("10.0.0.0/8", by)])).await.expect(400);
        assert_eq!(refused.text("/NeutronError/type"), "InvalidRoutes");
        assert!(refused.text("/NeutronError/message").ends_with(reason));
    }
    set(json!([first, first])).await.expect(400);
    let many: Vec<Value> = (0..31).map(|n| route(&format!("10.{n}.0.0/16"), "192.0.2.9")).collect();
    let refused = set(many.into()).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "OverQuota");
    let new = json!({"router": {"routes": [first]}});
    demo.post(ROUTERS, new).await.expect(400);

    let second = route("203.0.113.0/24", "192.0.2.10");
    let both = json!({"router": {"routes": [first, second]}});
    let shown = demo.put(&format!("{path}/add_extraroutes"), both).await.expect(200);
    assert_eq!(shown.body["router"]["routes"], json!([first, second]));
    let refused = part(&demo, &router, json!({"subnet_id": subnet})).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "RouterInterfaceInUseByRoute");
    let one = json!({"router": {"routes": [first, route("10.0.0.0/8", "192.0.2.11")]}});
    let shown = demo.put(&format!("{path}/remove_extraroutes"), one).await.expect(200);
    assert_eq!(shown.body["router"]["routes"], json!([second]));
    set(Value::Null).await.expect(200);
    part(&demo, &router, json!({"subnet_id": subnet})).await.expect(200);
}
