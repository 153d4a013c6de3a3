//! `/subnetpools`, and subnets cut from them.

use serde_json::{Value, json};

use super::network;
use crate::support::{Answer, Session, TestCloud};

const POOLS: &str = "/network/v2.0/subnetpools";

async fn pool(session: &Session, more: Value) -> Answer {
    let mut pool = json!({"name": "mine", "prefixes": ["10.40.0.0/16", "10.41.0.0/16"]});
    pool.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    session.post(POOLS, json!({"subnetpool": pool})).await
}

/// Asks for a subnet on a network of its own.
async fn cut(session: &Session, more: Value) -> Answer {
    let mut subnet = json!({"network_id": network(session, "n").await, "ip_version": 4});
    subnet.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    session.post("/network/v2.0/subnets", json!({"subnet": subnet})).await
}

#[tokio::test]
async fn a_pool_has_defaults_and_is_compact() {
    let cloud = TestCloud::start().await;
    let made = pool(&cloud.demo().await, json!({})).await.expect(201);
    let pool = &made.body["subnetpool"];
    assert_eq!(pool["prefixes"], json!(["10.40.0.0/15"]));
    assert_eq!((&pool["min_prefixlen"], &pool["max_prefixlen"]), (&json!("8"), &json!("32")));
    assert_eq!((&pool["default_prefixlen"], &pool["ip_version"]), (&json!("8"), &json!(4)));
    assert_eq!((&pool["shared"], &pool["is_default"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn subnets_are_cut_by_length_by_range_or_by_default() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let made = pool(&demo, json!({"default_prefixlen": 26})).await.expect(201);
    let id = made.text("/subnetpool/id");
    let cases = [
        (json!({}), "10.40.0.0/26"),
        (json!({"prefixlen": 24}), "10.40.1.0/24"),
        (json!({"cidr": "10.41.0.0/24"}), "10.41.0.0/24"),
    ];
    for (more, range) in cases {
        let mut wanted = more;
        wanted["subnetpool_id"] = json!(id);
        let subnet = cut(&demo, wanted).await.expect(201);
        assert_eq!(subnet.text("/subnet/cidr"), range);
        assert_eq!(subnet.text("/subnet/subnetpool_id"), id);
    }
    let refusals = [
        (json!({"prefixlen": 24, "cidr": "10.41.1.0/24"}), 400, "BadRequest"),
        (json!({"prefixlen": 7}), 400, "MinPrefixSubnetAllocationError"),
        (json!({"cidr": "10.41.0.0/25"}), 409, "SubnetAllocationError"),
        (json!({"prefixlen": 15}), 409, "SubnetAllocationError"),
        (json!({"ip_version": 6}), 400, "BadRequest"),
    ];
    for (more, status, fault) in refusals {
        let mut wanted = more;
        wanted["subnetpool_id"] = json!(id);
        let refused = cut(&demo, wanted).await.expect(status);
        assert_eq!(refused.text("/NeutronError/type"), fault);
    }
    let path = format!("{POOLS}/{id}");
    let kept = demo.delete(&path).await.expect(400);
    assert_eq!(kept.text("/NeutronError/type"), "SubnetPoolDeleteError");
    let gone = json!({"prefixes": ["10.40.0.0/24"]});
    let used = demo.put(&format!("{path}/remove_prefixes"), gone).await.expect(400);
    assert_eq!(used.text("/NeutronError/type"), "IllegalSubnetPoolPrefixUpdate");
    let free = json!({"prefixes": ["10.41.128.0/17"]});
    let left = demo.put(&format!("{path}/remove_prefixes"), free.clone()).await.expect(200);
    assert_eq!(left.body["prefixes"], json!(["10.40.0.0/16", "10.41.0.0/17"]));
    let more = demo.put(&format!("{path}/add_prefixes"), free).await.expect(200);
    assert_eq!(more.body["prefixes"], json!(["10.40.0.0/15"]));
}

#[tokio::test]
async fn a_default_pool_serves_who_asks_and_a_quota_ends_it() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let none = cut(&demo, json!({"use_default_subnetpool": true})).await.expect(400);
    assert_eq!(
        none.text("/NeutronError/message"),
        "Bad subnets request: No default subnetpool found for IPv4."
    );
    let open = json!({"is_default": true, "shared": true, "default_quota": 512});
    pool(&admin, open.clone()).await.expect(201);
    let second = pool(&admin, open).await.expect(400);
    assert!(second.text("/NeutronError/message").contains("Only one default may exist"));
    let default = json!({"use_default_subnetpool": true, "prefixlen": 24});
    cut(&demo, default.clone()).await.expect(201);
    cut(&demo, default.clone()).await.expect(201);
    let third = cut(&demo, default.clone()).await.expect(409);
    assert_eq!(third.text("/NeutronError/type"), "SubnetPoolQuotaExceeded");
    cut(&admin, default).await.expect(201);
    assert_eq!(demo.get(POOLS).await.expect(200).body["subnetpools"][0]["shared"], true);
}

#[tokio::test]
async fn what_cannot_be_a_pool_is_refused() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let cases = [
        (json!({"prefixes": []}), "Empty subnet pool prefix list."),
        (
            json!({"prefixes": ["10.0.0.0/8", "2001:db8::/32"]}),
            "Cannot mix IPv4 and IPv6 prefixes in a subnet pool.",
        ),
        (
            json!({"min_prefixlen": 28, "max_prefixlen": 24}),
            "Illegal prefix bounds: min_prefixlen=28, max_prefixlen=24.",
        ),
        (
            json!({"max_prefixlen": 33}),
            "Illegal prefix bounds: max_prefixlen=33, ip_version_max=32.",
        ),
        (
            json!({"name": " "}),
            "Invalid input for name. Reason: ' ' Blank strings are not permitted.",
        ),
        (
            json!({"prefixes": ["10.0.0.1"]}),
            "Invalid input for prefixes. Reason: '10.0.0.1' is not a valid IP subnet.",
        ),
    ];
    for (more, sentence) in cases {
        let refused = pool(&demo, more).await.expect(400);
        assert_eq!(refused.text("/NeutronError/message"), sentence);
    }
}
