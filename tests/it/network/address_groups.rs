//! `/address-groups`, and the rules that name them.

use serde_json::{Value, json};

use crate::support::{Session, TestCloud};

const GROUPS: &str = "/network/v2.0/address-groups";
const RULES: &str = "/network/v2.0/security-group-rules";

async fn made(session: &Session) -> String {
    let addresses = ["192.0.2.7/24", "2001:db8::f00/64"];
    let body = json!({"address_group": {"name": "office", "addresses": addresses}});
    session.post(GROUPS, body).await.expect(201).text("/address_group/id")
}

/// A rule of the session's default group that lets in whom the address group names.
async fn rule(session: &Session, more: Value) -> crate::support::Answer {
    let groups = session.get("/network/v2.0/security-groups?name=default").await.expect(200);
    let group = groups.text("/security_groups/0/id");
    let mut body = json!({"security_group_id": group, "direction": "ingress"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    session.post(RULES, json!({"security_group_rule": body})).await
}

#[tokio::test]
async fn ranges_come_to_a_group_and_leave_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = format!("{GROUPS}/{}", made(&demo).await);
    let addresses =
        async || demo.get(&path).await.expect(200).body["address_group"]["addresses"].clone();
    assert_eq!(addresses().await, json!(["192.0.2.0/24", "2001:db8::/64"]));
    let change = async |action: &str, range: &str| {
        let path = format!("{path}/{action}_addresses");
        demo.put(&path, json!({"addresses": [range]})).await
    };
    change("add", "198.51.100.1").await.expect(200);
    assert_eq!(
        change("add", "192.0.2.9/24").await.text("/NeutronError/type"),
        "AddressesAlreadyExist"
    );
    change("add", "nowhere").await.expect(400);
    let absent = change("remove", "203.0.113.1").await.expect(404);
    assert!(
        absent.text("/NeutronError/message").starts_with("Addresses ['203.0.113.1/32'] not found")
    );
    change("remove", "192.0.2.0/24").await.expect(200);
    assert_eq!(addresses().await, json!(["198.51.100.1/32", "2001:db8::/64"]));
    let whole = json!({"address_group": {"addresses": []}});
    demo.put(&path, whole).await.expect(400);
    let bare = json!({"address_group": {"addresses": ["192.0.2.7"]}});
    demo.post(GROUPS, bare).await.expect(400);
}

#[tokio::test]
async fn a_group_that_a_rule_names_stays() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = made(&demo).await;
    let kept = rule(&demo, json!({"remote_address_group_id": id})).await.expect(201);
    assert_eq!(kept.text("/security_group_rule/remote_address_group_id"), id);
    rule(&demo, json!({"remote_address_group_id": id})).await.expect(409);
    let both = json!({"remote_address_group_id": id, "remote_ip_prefix": "192.0.2.0/24"});
    let refused = rule(&demo, both).await.expect(400);
    assert_eq!(refused.text("/NeutronError/type"), "SecurityGroupMultipleRemoteEntites");
    let path = format!("{GROUPS}/{id}");
    let refused = demo.delete(&path).await.expect(409);
    assert_eq!(refused.text("/NeutronError/type"), "AddressGroupInUse");
    demo.delete(&format!("{RULES}/{}", kept.text("/security_group_rule/id"))).await.expect(204);
    demo.delete(&path).await.expect(204);
    rule(&demo, json!({"remote_address_group_id": id})).await.expect(404);
}

#[tokio::test]
async fn groups_of_both_kinds_are_shared_while_somebody_uses_them() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let addresses = made(&admin).await;
    let body = json!({"security_group": {"name": "theirs"}});
    let filter = admin.post("/network/v2.0/security-groups", body).await.expect(201);
    let filter = filter.text("/security_group/id");
    let mut policies = Vec::new();
    let shared = [("address_group", &addresses), ("security_group", &filter)];
    for (kind, id) in shared {
        let path = format!("/network/v2.0/{}s/{id}", kind.replace('_', "-"));
        demo.get(&path).await.expect(404);
        let body = json!({"object_type": kind, "object_id": id, "target_tenant": demo.project,
            "action": "access_as_shared"});
        let body = json!({"rbac_policy": body});
        let policy = admin.post("/network/v2.0/rbac-policies", body).await.expect(201);
        policies.push(policy.text("/rbac_policy/id"));
        demo.get(&path).await.expect(200);
    }
    let listed = demo.get("/network/v2.0/security-groups?shared=true").await.expect(200);
    assert_eq!(listed.text("/security_groups/0/id"), filter);
    assert_eq!(
        listed.body["security_groups"][0]["security_group_rules"].as_array().unwrap().len(),
        2
    );
    rule(&demo, json!({"remote_address_group_id": addresses})).await.expect(201);
    let network = super::network(&demo, "mine").await;
    let port = json!({"port": {"network_id": network, "security_groups": [filter]}});
    demo.post("/network/v2.0/ports", port).await.expect(201);
    for policy in policies {
        let path = format!("/network/v2.0/rbac-policies/{policy}");
        let refused = admin.delete(&path).await.expect(409);
        assert_eq!(refused.text("/NeutronError/type"), "RbacPolicyInUse");
    }
}
