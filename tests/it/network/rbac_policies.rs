//! `/rbac-policies`.

use serde_json::{Value, json};

use super::{network, subnet};
use crate::support::TestCloud;

const POLICIES: &str = "/network/v2.0/rbac-policies";

fn policy(object: &str, action: &str, target: &str) -> Value {
    json!({"rbac_policy": {"object_type": "network", "object_id": object, "action": action,
        "target_tenant": target}})
}

#[tokio::test]
async fn a_network_is_shared_with_one_project_as_long_as_it_is_used() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let theirs = network(&admin, "theirs").await;
    subnet(&admin, &theirs, "192.0.2.0/24").await;
    let path = format!("/network/v2.0/networks/{theirs}");
    demo.get(&path).await.expect(404);
    let body = policy(&theirs, "access_as_shared", &demo.project);
    let made = admin.post(POLICIES, body.clone()).await.expect(201);
    let again = admin.post(POLICIES, body).await.expect(409);
    assert_eq!(again.text("/NeutronError/type"), "DuplicateRbacPolicy");
    assert_eq!(demo.get(&path).await.expect(200).body["network"]["shared"], true);
    assert_eq!(admin.get(&path).await.expect(200).body["network"]["shared"], false);
    let port = json!({"port": {"network_id": theirs}});
    let port = demo.post("/network/v2.0/ports", port).await.expect(201).text("/port/id");
    let policy = format!("{POLICIES}/{}", made.text("/rbac_policy/id"));
    let kept = admin.delete(&policy).await.expect(409);
    assert_eq!(kept.text("/NeutronError/type"), "RbacPolicyInUse");
    demo.delete(&format!("/network/v2.0/ports/{port}")).await.expect(204);
    admin.delete(&policy).await.expect(204);
    demo.get(&path).await.expect(404);
}

#[tokio::test]
async fn only_administrators_share_with_everybody_or_what_others_own() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let mine = network(&demo, "mine").await;
    demo.post(POLICIES, policy(&mine, "access_as_shared", "*")).await.expect(403);
    let made = demo.post(POLICIES, policy(&mine, "access_as_shared", &admin.project)).await;
    let path = format!("{POLICIES}/{}", made.expect(201).text("/rbac_policy/id"));
    let everybody = json!({"rbac_policy": {"target_tenant": "*"}});
    demo.put(&path, everybody.clone()).await.expect(403);
    admin.put(&path, everybody).await.expect(200);
    let shown = demo.get(&format!("/network/v2.0/networks/{mine}")).await.expect(200);
    assert_eq!(shown.body["network"]["shared"], true);
    let shared = demo.find("/network/v2.0/networks?name=shared", "networks").await;
    let refused = demo.post(POLICIES, policy(&shared, "access_as_shared", &demo.project)).await;
    let sentence = refused.expect(400).text("/NeutronError/message");
    assert!(sentence.contains("Only admins can manipulate policies on networks"), "{sentence}");
    let wrong = demo.post(POLICIES, policy(&mine, "access_as_owner", &admin.project)).await;
    assert_eq!(wrong.expect(400).text("/NeutronError/type"), "InvalidActionForType");
}

#[tokio::test]
async fn one_project_goes_outside_as_long_as_its_routers_do() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let way = network(&admin, "way").await;
    subnet(&admin, &way, "192.0.2.0/24").await;
    let (path, routers) = (format!("/network/v2.0/networks/{way}"), "/network/v2.0/routers");
    let gateway = json!({"router": {"external_gateway_info": {"network_id": way}}});
    demo.post(routers, gateway.clone()).await.expect(404);
    let made = admin.post(POLICIES, policy(&way, "access_as_external", &demo.project)).await;
    let made = format!("{POLICIES}/{}", made.expect(201).text("/rbac_policy/id"));
    let again = json!({"network": {"router:external": true}});
    admin.put(&path, again).await.expect(200);
    let policies = admin.get(&format!("{POLICIES}?object_id={way}")).await.expect(200);
    assert_eq!(policies.body["rbac_policies"].as_array().unwrap().len(), 1, "not for everybody");
    let router = demo.post(routers, gateway).await.expect(201).text("/router/id");
    let floating = json!({"floatingip": {"floating_network_id": way}});
    demo.post("/network/v2.0/floatingips", floating).await.expect(201);
    for refused in [
        admin.delete(&made).await,
        admin.put(&made, json!({"rbac_policy": {"target_tenant": admin.project}})).await,
    ] {
        let refused = refused.expect(409);
        assert_eq!(refused.text("/NeutronError/type"), "RbacPolicyInUse");
        assert!(refused.text("/NeutronError/message").contains("There are routers attached"));
    }
    admin.put(&made, json!({"rbac_policy": {"target_tenant": "*"}})).await.expect(200);
    admin.delete(&made).await.expect(409);
    demo.delete(&format!("{routers}/{router}")).await.expect(204);
    admin.delete(&made).await.expect(204);
    assert_eq!(admin.get(&path).await.expect(200).body["network"]["router:external"], false);
    demo.get(&path).await.expect(404);
}

#[tokio::test]
async fn what_a_network_says_of_itself_is_a_policy() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let body = json!({"network": {"shared": true, "router:external": true}});
    let id = admin.post("/network/v2.0/networks", body).await.expect(201).text("/network/id");
    let (list, path) =
        (format!("{POLICIES}?object_id={id}"), format!("/network/v2.0/networks/{id}"));
    let policies = admin.get(&list).await.expect(200);
    assert_eq!(policies.body["rbac_policies"].as_array().unwrap().len(), 2);
    let closed = json!({"network": {"shared": false, "router:external": false}});
    let closed = admin.put(&path, closed).await.expect(200);
    assert_eq!(closed.body["network"]["router:external"], false);
    assert_eq!(admin.get(&list).await.expect(200).body["rbac_policies"], json!([]));
    demo.get(&path).await.expect(404);
    admin.post(POLICIES, policy(&id, "access_as_external", &demo.project)).await.expect(201);
    assert_eq!(demo.get(&path).await.expect(200).body["network"]["router:external"], true);
}
