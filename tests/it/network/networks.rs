//! `/networks`.

use serde_json::{Value, json};

use super::{network, subnet};
use crate::support::{Answer, TestCloud};

const NETWORKS: &str = "/network/v2.0/networks";

fn names(answer: &Answer) -> Vec<&str> {
    let rows = answer.body["networks"].as_array().unwrap();
    let mut names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

fn error(answer: &Answer) -> (&str, &str) {
    let body = &answer.body["NeutronError"];
    (body["type"].as_str().unwrap(), body["message"].as_str().unwrap())
}

#[tokio::test]
async fn discovery_is_open_and_leads_to_the_resources() {
    let cloud = TestCloud::start().await;
    let versions = cloud.nobody().get("/network/").await.expect(200);
    let href = versions.text("/versions/0/links/0/href");
    assert_eq!(href, format!("{}/network/v2.0/", cloud.url));
    cloud.nobody().get("/network/v2.0/").await.expect(401);
    let resources = cloud.demo().await.get("/network/v2.0/").await.expect(200);
    assert_eq!(resources.text("/resources/2/collection"), "ports");
}

#[tokio::test]
async fn the_first_start_makes_public_and_shared_once() {
    let cloud = TestCloud::start().await.restart().await;
    let demo = cloud.demo().await;
    let all = demo.get(NETWORKS).await.expect(200);
    assert_eq!(names(&all), ["public", "shared"]);
    let external = demo.get("/network/v2.0/networks?router:external=true").await.expect(200);
    assert_eq!(names(&external), ["public"]);
    let shared = demo.get("/network/v2.0/networks?shared=True").await.expect(200);
    assert_eq!(names(&shared), ["shared"]);
    assert!(shared.body["networks"][0].get("provider:network_type").is_none());
    let admin = cloud.admin().await.get("/network/v2.0/networks?shared=True").await.expect(200);
    assert_eq!(admin.text("/networks/0/provider:network_type"), "local");
}

#[tokio::test]
async fn a_network_is_made_changed_and_deleted() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = network(&demo, "mine").await;
    let path = format!("{NETWORKS}/{id}");
    let changed = demo.put(&path, json!({"network": {"name": "yours"}})).await.expect(200);
    assert_eq!(changed.text("/network/name"), "yours");
    assert_eq!(changed.body["network"]["revision_number"], 2);
    let stale = json!({"network": {"name": "again"}});
    let request = demo.request("PUT", &path).header("If-Match", "revision_number=1").json(&stale);
    let refused = demo.send(request).await.expect(412);
    assert_eq!(error(&refused).0, "RevisionNumberConstraintFailed");
    demo.delete(&path).await.expect(204);
    let gone = demo.get(&path).await.expect(404);
    assert_eq!(error(&gone), ("NetworkNotFound", &*format!("Network {id} could not be found.")));
}

#[tokio::test]
async fn bodies_are_refused_in_neutrons_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let with = |network: Value| json!({"network": network});
    let cases = [
        (json!({}), "Unable to find 'network' in request body"),
        (with(json!({"nope": 1})), "Unrecognized attribute(s) 'nope'"),
        (with(json!({"id": "x"})), "Attribute 'id' not allowed in POST"),
        (with(json!({"name": 5})), "Invalid input for name. Reason: '5' is not a valid string."),
        (with(json!({"project_id": "x"})), "Specifying 'project_id' other than the authenticated"),
    ];
    for (body, sentence) in cases {
        let answer = demo.post(NETWORKS, body).await.expect(400);
        assert_eq!(error(&answer).0, "HTTPBadRequest");
        assert!(error(&answer).1.starts_with(sentence), "{}", error(&answer).1);
    }
    let answer = demo.get("/network/v2.0/networks?unknown=1").await.expect(400);
    assert_eq!(error(&answer).1, "['unknown'] is invalid attribute for filtering");
    let answer = demo.get("/network/v2.0/nope").await.expect(404);
    assert_eq!(error(&answer), ("HTTPNotFound", "The resource could not be found."));
}

#[tokio::test]
async fn what_only_administrators_may_is_refused_with_all_rules_named() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let body = json!({"network": {"name": "x", "shared": true}});
    let answer = demo.post(NETWORKS, body).await.expect(403);
    let sentence = "(rule:create_network and rule:create_network:shared) is disallowed by policy";
    assert_eq!(error(&answer), ("PolicyNotAuthorized", sentence));
    let shared = demo.get("/network/v2.0/networks?shared=True").await.text("/networks/0/id");
    let path = format!("{NETWORKS}/{shared}");
    let answer = demo.delete(&path).await.expect(403);
    assert_eq!(error(&answer).1, "rule:delete_network is disallowed by policy");
    let reader = cloud.user_with_role("reader").await;
    reader.post(NETWORKS, json!({"network": {"name": "x"}})).await.expect(403);
}

#[tokio::test]
async fn a_network_of_others_is_not_there() {
    let cloud = TestCloud::start().await;
    let id = network(&cloud.admin().await, "theirs").await;
    let path = format!("{NETWORKS}/{id}");
    let demo = cloud.demo().await;
    demo.get(&path).await.expect(404);
    demo.put(&path, json!({"network": {"name": "x"}})).await.expect(404);
    demo.delete(&path).await.expect(404);
}

#[tokio::test]
async fn several_are_made_at_once_or_none() {
    let cloud = TestCloud::builder().setting("quota", "network", "2").start().await;
    let demo = cloud.demo().await;
    let three = json!({"networks": [{"name": "a"}, {"name": "b"}, {"name": "c"}]});
    let answer = demo.post(NETWORKS, three).await.expect(409);
    assert_eq!(error(&answer), ("OverQuota", "Quota exceeded for resources: ['network']."));
    assert_eq!(names(&demo.get(NETWORKS).await), ["public", "shared"]);
    let two = json!({"networks": [{"name": "a"}, {"network": {"name": "b"}}]});
    let made = demo.post(NETWORKS, two).await.expect(201);
    assert_eq!(names(&made), ["a", "b"]);
}

#[tokio::test]
async fn who_may_not_choose_the_kind_of_a_network_is_refused_before_it_is_looked_at() {
    let cloud = TestCloud::start().await;
    let body = json!({"network": {"provider:network_type": "vxlan"}});
    let answer = cloud.demo().await.post(NETWORKS, body.clone()).await.expect(403);
    assert!(error(&answer).1.contains("create_network:provider:network_type"));
    let answer = cloud.admin().await.post(NETWORKS, body).await.expect(400);
    let sentence = "Invalid input for operation: network_type value 'vxlan' not supported.";
    assert_eq!(error(&answer), ("InvalidInput", sentence));
    let body = json!({"network": {"provider:segmentation_id": 7}});
    cloud.admin().await.post(NETWORKS, body).await.expect(400);
}

#[tokio::test]
async fn pages_follow_each_other_both_ways() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    for name in ["a", "b", "c"] {
        network(&demo, name).await;
    }
    let list = "/network/v2.0/networks?limit=2&sort_key=name&sort_dir=asc&fields=name&fields=id";
    let first = demo.get(list).await.expect(200);
    assert_eq!(names(&first), ["a", "b"]);
    assert_eq!(first.body["networks"][0].as_object().unwrap().len(), 2);
    let next = first.text("/networks_links/0/href");
    let second = demo.get(next.trim_start_matches(&cloud.url)).await.expect(200);
    assert_eq!(names(&second), ["c", "public"]);
    let back = second.text("/networks_links/1/href");
    assert!(back.ends_with("page_reverse=True"), "{back}");
    let before = demo.get(back.trim_start_matches(&cloud.url)).await.expect(200);
    assert_eq!(names(&before), ["a", "b"]);
}

#[tokio::test]
async fn a_network_in_use_stays() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = network(&demo, "mine").await;
    subnet(&demo, &id, "192.0.2.0/24").await;
    let body = json!({"port": {"network_id": id}});
    let port = demo.post("/network/v2.0/ports", body).await.expect(201).text("/port/id");
    let path = format!("{NETWORKS}/{id}");
    let answer = demo.delete(&path).await.expect(409);
    assert_eq!(error(&answer).0, "NetworkInUse");
    assert!(error(&answer).1.ends_with(&format!("id for these ports is: {port}.")));
    demo.delete(&format!("/network/v2.0/ports/{port}")).await.expect(204);
    demo.delete(&path).await.expect(204);
}

#[tokio::test]
async fn tags_are_hung_on_and_taken_off() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let id = network(&demo, "mine").await;
    let tags = format!("{NETWORKS}/{id}/tags");
    let body = json!({"tags": ["red", "blue", "red"]});
    let put = demo.put(&tags, body).await.expect(200);
    assert_eq!(put.body, json!({"tags": ["blue", "red"]}));
    demo.put(&format!("{tags}/green"), Value::Null).await.expect(201);
    demo.get(&format!("{tags}/green")).await.expect(204);
    demo.delete(&format!("{tags}/red")).await.expect(204);
    demo.delete(&format!("{tags}/red")).await.expect(404);
    for (query, found) in [
        ("tags=blue,green", true),
        ("tags=blue,red", false),
        ("tags-any=blue,red", true),
        ("not-tags=blue,green", false),
        ("not-tags-any=red", true),
    ] {
        let list = demo.get(&format!("{NETWORKS}?name=mine&{query}")).await.expect(200);
        assert_eq!(!names(&list).is_empty(), found, "{query}");
    }
    demo.delete(&tags).await.expect(204);
    assert_eq!(demo.get(&tags).await.expect(200).body, json!({"tags": []}));
}

#[tokio::test]
async fn packets_are_as_large_as_the_owner_wants_and_the_subnets_need() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let small = json!({"network": {"name": "small", "mtu": 67}});
    let made = demo.post(NETWORKS, small).await.expect(201);
    assert_eq!(made.body["network"]["mtu"], 67);
    let (id, path) = (made.text("/network/id"), format!("{NETWORKS}/{}", made.text("/network/id")));
    let body = json!({"network_id": id, "ip_version": 4, "cidr": "192.0.2.0/24"});
    let body = json!({"subnet": body});
    let refused = demo.post("/network/v2.0/subnets", body.clone()).await.expect(409);
    let sentence = format!("MTU of {id} is not valid, subnet requires a minimum of 68");
    assert_eq!(error(&refused), ("NetworkMTUSubnetConflict", sentence.as_str()));
    let change = |mtu: i64| demo.put(&path, json!({"network": {"mtu": mtu}}));
    assert_eq!(change(1279).await.expect(200).body["network"]["mtu"], 1279);
    demo.post("/network/v2.0/subnets", body).await.expect(201);
    let six = json!({"network_id": id, "ip_version": 6, "cidr": "2001:db8::/64"});
    demo.post("/network/v2.0/subnets", json!({"subnet": six})).await.expect(409);
    change(67).await.expect(409);
    let refused = change(9001).await.expect(400);
    let sentence = "Invalid input for operation: Requested MTU is too big, maximum is 1500.";
    assert_eq!(error(&refused).1, sentence);
    let port = json!({"port": {"network_id": id}});
    demo.post("/network/v2.0/ports", port).await.expect(201);
    change(1279).await.expect(200);
    change(0).await.expect(400);
}
