//! `/address-scopes`.

use serde_json::{Value, json};

use crate::support::TestCloud;

const SCOPES: &str = "/network/v2.0/address-scopes";
const POOLS: &str = "/network/v2.0/subnetpools";

#[tokio::test]
async fn a_scope_is_made_shared_and_never_taken_back() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let body = |shared: bool| json!({"address_scope": {"ip_version": 4, "shared": shared}});
    let refused = demo.post(SCOPES, body(true)).await.expect(403);
    assert_eq!(refused.text("/NeutronError/type"), "PolicyNotAuthorized");
    let made = admin.post(SCOPES, body(false)).await.expect(201);
    let path = format!("{SCOPES}/{}", made.text("/address_scope/id"));
    demo.get(&path).await.expect(404);
    admin.put(&path, json!({"address_scope": {"shared": true}})).await.expect(200);
    assert_eq!(demo.get(&path).await.expect(200).body["address_scope"]["shared"], true);
    let back = admin.put(&path, json!({"address_scope": {"shared": false}})).await.expect(400);
    assert!(back.text("/NeutronError/message").ends_with("scope can't be unshared."));
}

#[tokio::test]
async fn pools_of_a_scope_share_no_address_and_its_version() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let scope = json!({"address_scope": {"name": "mine", "ip_version": 4}});
    let scope = demo.post(SCOPES, scope).await.expect(201).text("/address_scope/id");
    let pool = |prefix: &str| json!({"subnetpool": {"name": "p", "prefixes": [prefix], "address_scope_id": scope}});
    let first = demo.post(POOLS, pool("10.40.0.0/16")).await.expect(201);
    let cases = [
        ("10.40.7.0/24", 409, "AddressScopePrefixConflict"),
        ("2001:db8::/48", 400, "IllegalSubnetPoolIpVersionAssociationToAddressScope"),
    ];
    for (prefix, status, fault) in cases {
        let refused = demo.post(POOLS, pool(prefix)).await.expect(status);
        assert_eq!(refused.text("/NeutronError/type"), fault);
    }
    let path = format!("{SCOPES}/{scope}");
    assert_eq!(
        demo.delete(&path).await.expect(409).text("/NeutronError/type"),
        "AddressScopeInUse"
    );
    let outside = json!({"subnetpool": {"address_scope_id": Value::Null}});
    demo.put(&format!("{POOLS}/{}", first.text("/subnetpool/id")), outside).await.expect(200);
    demo.delete(&path).await.expect(204);
}
