//! `/security-groups` and `/security-group-rules`.

use serde_json::{Value, json};

use crate::support::TestCloud;

const GROUPS: &str = "/network/v2.0/security-groups";
const RULES: &str = "/network/v2.0/security-group-rules";

#[tokio::test]
async fn the_first_look_makes_the_default_group_with_four_rules() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let groups = demo.get(GROUPS).await.expect(200);
    assert_eq!(groups.body["security_groups"].as_array().unwrap().len(), 1);
    let default = &groups.body["security_groups"][0];
    assert_eq!(default["name"], "default");
    let rules = default["security_group_rules"].as_array().unwrap();
    let inward: Vec<&Value> = rules.iter().filter(|row| row["direction"] == "ingress").collect();
    assert_eq!((rules.len(), inward.len()), (4, 2));
    assert!(inward.iter().all(|rule| rule["remote_group_id"] == default["id"]));
    let path = format!("{GROUPS}/{}", default["id"].as_str().unwrap());
    let rename = json!({"security_group": {"name": "x"}});
    let refused = demo.put(&path, rename).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "SecurityGroupCannotUpdateDefault");
    let refused = demo.delete(&path).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "SecurityGroupCannotRemoveDefault");
    let twin = json!({"security_group": {"name": "default"}});
    demo.post(GROUPS, twin).await.expect(409);
}

#[tokio::test]
async fn rules_are_kept_and_no_group_has_one_twice() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let group = json!({"security_group": {"name": "web", "description": "d"}});
    let group = demo.post(GROUPS, group).await.expect(201);
    assert_eq!(group.body["security_group"]["security_group_rules"].as_array().unwrap().len(), 2);
    let id = group.text("/security_group/id");
    let ssh = json!({"security_group_rule": {
        "security_group_id": id, "direction": "ingress", "protocol": "tcp",
        "port_range_min": 22, "port_range_max": "22", "remote_ip_prefix": "0.0.0.0/0",
    }});
    let rule = demo.post(RULES, ssh.clone()).await.expect(201);
    assert_eq!(rule.text("/security_group_rule/normalized_cidr"), "0.0.0.0/0");
    let rule = rule.text("/security_group_rule/id");
    let twice = demo.post(RULES, ssh).await.expect(409);
    assert_eq!(
        twice.text("/NeutronError/message"),
        format!("Security group rule already exists. Rule id is {rule}.")
    );
    let path = format!("{RULES}/{rule}");
    demo.get(&path).await.expect(200);
    let list = demo.get(&format!("{RULES}?protocol=tcp")).await.expect(200);
    assert_eq!(list.body["security_group_rules"].as_array().unwrap().len(), 1);
    demo.delete(&path).await.expect(204);
    demo.get(&path).await.expect(404);
    demo.delete(&format!("{GROUPS}/{id}")).await.expect(204);
    let gone = demo.delete(&format!("{GROUPS}/{id}")).await.expect(404);
    assert_eq!(gone.text("/NeutronError/message"), format!("Security group {id} does not exist"));
}

#[tokio::test]
async fn a_remote_group_that_is_not_there_is_not_found_whatever_it_is_called() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = demo.get(GROUPS).await.text("/security_groups/0/id");
    for remote in ["nothing", "00000000-0000-0000-0000-00000000dead"] {
        let body = json!({"security_group_rule": {
            "security_group_id": id, "direction": "ingress", "remote_group_id": remote,
        }});
        let answer = demo.post(RULES, body).await.expect(404);
        let sentence = format!("Security group {remote} does not exist");
        assert_eq!(answer.text("/NeutronError/message"), sentence);
    }
}

#[tokio::test]
async fn a_protocol_that_nobody_knows_is_refused_with_the_list() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = demo.get(GROUPS).await.text("/security_groups/0/id");
    let body = json!({"security_group_rule": {
        "security_group_id": id, "direction": "ingress", "protocol": "xxx",
    }});
    let answer = demo.post(RULES, body).await.expect(400);
    assert_eq!(answer.text("/NeutronError/type"), "SecurityGroupRuleInvalidProtocol");
    assert_eq!(
        answer.text("/NeutronError/message"),
        "Security group rule protocol xxx not supported. Only protocol values (None, 'any', 'ah', \
         'dccp', 'egp', 'esp', 'gre', 'hopopt', 'icmp', 'igmp', 'ip', 'ipip', 'ipv6-encap', \
         'ipv6-frag', 'ipv6-icmp', 'icmpv6', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route', 'ospf', \
         'pgm', 'rsvp', 'sctp', 'tcp', 'udp', 'udplite', 'vrrp') and integer representations [0 \
         to 255] are supported."
    );
}

#[tokio::test]
async fn an_administrator_who_asks_for_a_projects_groups_finds_its_default_one() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let list = format!("{GROUPS}?project_id={}", demo.project);
    let listed = admin.get(&list).await.expect(200);
    assert_eq!(listed.text("/security_groups/0/name"), "default");
    assert_eq!(listed.body["security_groups"].as_array().unwrap().len(), 1);
}
