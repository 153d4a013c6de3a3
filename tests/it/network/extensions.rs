//! `/extensions`, `/agents`, `/availability_zones`, `/network-ip-availabilities`.

use crate::support::TestCloud;

#[tokio::test]
async fn only_what_is_there_is_announced() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let list = demo.get("/network/v2.0/extensions").await.expect(200);
    let rows = list.body["extensions"].as_array().unwrap();
    let has = |alias: &str| rows.iter().any(|row| row["alias"] == alias);
    assert!(has("security-group") && has("quotas") && has("standard-attr-tag"));
    assert!(has("router") && has("ext-gw-mode") && has("extraroute-atomic"));
    assert!(has("floating-ip-port-forwarding") && has("expose-port-forwarding-in-fip"));
    assert!(has("port-security") && has("rbac-policies") && !has("qos"));
    demo.get("/network/v2.0/extensions/trunk").await.expect(404);
}

#[tokio::test]
async fn what_is_not_enforced_is_announced_as_such() {
    let path = "/network/v2.0/extensions/security-group";
    for (wished, lacks) in [("auto", false), ("off", true)] {
        let wish = ("network", "enforce_security_groups", wished);
        let cloud = TestCloud::builder().setting(wish.0, wish.1, wish.2).start().await;
        let shown = cloud.demo().await.get(path).await.expect(200);
        let description = shown.text("/extension/description");
        assert_eq!(description.contains("not enforced"), lacks, "{description}");
    }
}

#[tokio::test]
async fn there_are_no_agents_and_no_zones() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    for (path, key) in [("agents", "agents"), ("availability_zones", "availability_zones")] {
        let answer = admin.get(&format!("/network/v2.0/{path}")).await.expect(200);
        assert!(answer.body[key].as_array().unwrap().is_empty());
    }
    admin.get("/network/v2.0/agents/nobody").await.expect(404);
}

#[tokio::test]
async fn administrators_see_how_many_addresses_are_left() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let path = "/network/v2.0/network-ip-availabilities";
    let answer = admin.get(&format!("{path}?network_name=public")).await.expect(200);
    let row = &answer.body["network_ip_availabilities"][0];
    assert_eq!((&row["total_ips"], &row["used_ips"]), (&253.into(), &0.into()));
    let six = admin.get(&format!("{path}?network_name=public&ip_version=6")).await.expect(200);
    assert_eq!(six.body["network_ip_availabilities"][0]["total_ips"], 0);
    let one = admin.get(&format!("{path}/{}", row["network_id"].as_str().unwrap())).await;
    assert_eq!(&one.expect(200).body["network_ip_availability"], row);
    let demo = cloud.demo().await.get(path).await.expect(200);
    assert!(demo.body["network_ip_availabilities"].as_array().unwrap().is_empty());
}
