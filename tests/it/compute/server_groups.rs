//! `/os-server-groups`.

use serde_json::{Value, json};

use crate::support::TestCloud;

const PATH: &str = "/compute/v2.1/os-server-groups";

fn old(name: &str) -> Value {
    json!({"server_group": {"name": name, "policies": ["anti-affinity"]}})
}

#[tokio::test]
async fn a_group_looks_as_its_version_says() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let made = demo.post(PATH, old("g")).await.expect(200);
    let id = made.text("/server_group/id");
    let path = format!("{PATH}/{id}");
    assert_eq!(
        made.body["server_group"],
        json!({"id": id, "name": "g", "policies": ["anti-affinity"], "metadata": {}, "members": []})
    );
    let owned = demo.at("2.13").get(&path).await.expect(200);
    assert_eq!(owned.text("/server_group/project_id"), demo.project);
    assert_eq!(
        demo.at("2.64").get(&path).await.expect(200).body["server_group"],
        json!({
            "id": id, "name": "g", "policy": "anti-affinity", "rules": {}, "members": [],
            "project_id": demo.project, "user_id": demo.user,
        })
    );
    demo.delete(&path).await.expect(204);
    let gone = demo.delete(&path).await.expect(404);
    assert_eq!(gone.message(), format!("Instance group {id} could not be found."));
}

#[tokio::test]
async fn only_anti_affinity_has_rules() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await.at("2.64");
    let group = |policy: &str| {
        json!({"server_group": {
            "name": "g", "policy": policy, "rules": {"max_server_per_host": 2},
        }})
    };
    let made = demo.post(PATH, group("anti-affinity")).await.expect(200);
    assert_eq!(made.body["server_group"]["rules"], json!({"max_server_per_host": 2}));
    let refused = demo.post(PATH, group("affinity")).await.expect(400);
    assert_eq!(refused.message(), "Only anti-affinity policy supports rules.");
}

#[tokio::test]
async fn groups_belong_to_their_project() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let id = admin.post(PATH, old("theirs")).await.expect(200).text("/server_group/id");
    demo.get(&format!("{PATH}/{id}")).await.expect(404);
    let own = demo.get(&format!("{PATH}?all_projects=1")).await.expect(200);
    assert_eq!(own.body["server_groups"], json!([]), "nothing to those who may not");
    demo.post(PATH, old("mine")).await.expect(200);
    let all = admin.get(&format!("{PATH}?all_projects=1")).await.expect(200);
    assert_eq!(all.body["server_groups"].as_array().unwrap().len(), 2);
    let one = admin.get(&format!("{PATH}?all_projects=1&offset=1")).await.expect(200);
    assert_eq!(one.text("/server_groups/0/name"), "mine");
}

#[tokio::test]
async fn the_quota_refuses_the_one_too_many() {
    let cloud = TestCloud::builder().setting("quota", "server_groups", "1").start().await;
    let demo = cloud.demo().await;
    demo.post(PATH, old("a")).await.expect(200);
    let refused = demo.post(PATH, old("b")).await.expect(403);
    assert_eq!(refused.message(), "Quota exceeded, too many server groups.");
}
