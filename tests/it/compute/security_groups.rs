//! Nova's old proxies to security groups and networks, below 2.36.

use serde_json::json;

use crate::support::TestCloud;

const GROUPS: &str = "/compute/v2.1/os-security-groups";
const RULES: &str = "/compute/v2.1/os-security-group-rules";

#[tokio::test]
async fn a_group_of_nova_is_one_of_the_network_service() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let first = demo.get(GROUPS).await.expect(200);
    assert_eq!(first.text("/security_groups/0/name"), "default", "the first look makes it");
    let body = json!({"security_group": {"name": "web", "description": "d", "more": 1}});
    let made = demo.post(GROUPS, body).await.expect(200);
    assert_eq!(made.body["security_group"]["rules"], json!([]), "nothing comes in");
    let path = format!("{GROUPS}/{}", made.text("/security_group/id"));
    let body = json!({"security_group": {"name": "www", "description": ""}});
    demo.put(&path, body).await.expect(200);
    assert_eq!(demo.get(&path).await.text("/security_group/name"), "www");
    let theirs = format!("/network/v2.0/security-groups/{}", made.text("/security_group/id"));
    assert_eq!(demo.get(&theirs).await.text("/security_group/name"), "www");
    let second = demo.get(&format!("{GROUPS}?offset=1&limit=1")).await.expect(200);
    assert_eq!(second.body["security_groups"].as_array().unwrap().len(), 1);
    demo.delete(&path).await.expect(202);
    let gone = demo.delete(&path).await.expect(404);
    assert!(gone.message().ends_with("does not exist"), "{}", gone.message());
    demo.at("2.36").get(GROUPS).await.expect(404);
}

#[tokio::test]
async fn what_may_not_be_is_refused_in_novas_way() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let default = demo.get(GROUPS).await.text("/security_groups/0/id");
    let kept = demo.delete(&format!("{GROUPS}/{default}")).await.expect(400);
    assert_eq!(kept.message(), "Insufficient rights for removing default security group.");
    let odd = demo.get(&format!("{GROUPS}/7")).await.expect(400);
    assert_eq!(odd.message(), "Security group id should be uuid");
    let body = json!({"security_group": {"name": "web"}});
    demo.post(GROUPS, body).await.expect(400);
    let limits = json!({"quota": {"security_group": 1}});
    let quotas = format!("/network/v2.0/quotas/{}", demo.project);
    cloud.admin().await.put(&quotas, limits).await.expect(200);
    let body = json!({"security_group": {"name": "web", "description": ""}});
    let refused = demo.post(GROUPS, body).await.expect(403);
    assert_eq!(refused.message(), "Quota exceeded for resources: ['security_group'].");
}

#[tokio::test]
async fn rules_come_and_go() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let group = demo.get(GROUPS).await.text("/security_groups/0/id");
    let ssh = json!({"security_group_rule": {
        "parent_group_id": group, "ip_protocol": "TCP", "from_port": 22, "to_port": 22,
        "cidr": "10.0.0.0/8",
    }});
    let rule = demo.post(RULES, ssh.clone()).await.expect(200);
    assert_eq!(rule.text("/security_group_rule/ip_range/cidr"), "10.0.0.0/8");
    assert_eq!(rule.text("/security_group_rule/ip_protocol"), "tcp");
    let twice = demo.post(RULES, ssh).await.expect(400);
    assert_eq!(twice.message(), format!("This rule already exists in group {group}"));
    let friends = json!({"security_group_rule": {
        "parent_group_id": group, "group_id": group, "ip_protocol": "icmp",
    }});
    let friends = demo.post(RULES, friends).await.expect(200);
    assert_eq!(friends.text("/security_group_rule/group/name"), "default");
    assert_eq!(friends.body["security_group_rule"]["from_port"], -1);
    let shown = demo.get(&format!("{GROUPS}/{group}")).await.expect(200);
    let rules = shown.body["security_group"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 4, "what comes in of the default rules, and two: {rules:?}");
    let path = format!("{RULES}/{}", rule.text("/security_group_rule/id"));
    demo.delete(&path).await.expect(202);
    demo.delete(&path).await.expect(404);
    let nowhere = json!({"security_group_rule": {"parent_group_id": demo.project}});
    demo.post(RULES, nowhere).await.expect(404);
}

#[tokio::test]
async fn networks_are_an_id_and_a_label() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let admin = cloud.admin().await;
    let listed = demo.get("/compute/v2.1/os-networks").await.expect(200);
    let networks = listed.body["networks"].as_array().unwrap();
    let shared = networks.iter().find(|network| network["label"] == "shared").unwrap();
    assert_eq!((shared.get("cidr"), shared.get("mtu")), (Some(&json!(null)), None));
    let id = shared["id"].as_str().unwrap();
    let to_admin = admin.get(&format!("/compute/v2.1/os-networks/{id}")).await.expect(200);
    assert_eq!(to_admin.body["network"].as_object().unwrap().len(), 32);
    let of_project = format!("/compute/v2.1/os-tenant-networks/{id}");
    assert_eq!(demo.get(&of_project).await.text("/network/cidr"), "None");
    demo.get("/compute/v2.1/os-tenant-networks").await.expect(200);
    let unknown = demo.get("/compute/v2.1/os-networks/none").await.expect(404);
    assert_eq!(unknown.message(), "Network not found");
    demo.at("2.36").get(&of_project).await.expect(404);
}
