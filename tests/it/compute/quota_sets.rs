//! `/os-quota-sets`, `/os-quota-class-sets` and `/limits`: one set of numbers in three forms.

use serde_json::{Value, json};

use crate::support::TestCloud;

const SETS: &str = "/compute/v2.1/os-quota-sets";
const CLASSES: &str = "/compute/v2.1/os-quota-class-sets";

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_project_without_limits_of_its_own_has_the_defaults() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = format!("{SETS}/{}", demo.project);
    let shown = demo.at("2.57").get(&path).await.expect(200);
    assert_eq!(
        shown.body,
        json!({"quota_set": {
            "id": demo.project, "cores": 20, "instances": 10, "key_pairs": 100,
            "metadata_items": 128, "ram": 51200, "server_group_members": 10, "server_groups": 10,
        }})
    );
    let old = demo.get(&path).await.expect(200);
    assert_eq!(keys(&old.body["quota_set"]).len(), 15);
    assert_eq!(old.body["quota_set"]["security_groups"], -1);
    let defaults = demo.at("2.57").get(&format!("{path}/defaults")).await.expect(200);
    assert_eq!(defaults.body, shown.body);
}

#[tokio::test]
async fn an_administrator_sets_limits_and_takes_them_back() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await.at("2.57"));
    let path = format!("{SETS}/{}", demo.project);
    let body = json!({"quota_set": {"instances": 11, "cores": "-1"}});
    let set = admin.put(&path, body).await.expect(200);
    assert_eq!(set.body["quota_set"]["instances"], 11);
    assert_eq!(set.body["quota_set"]["cores"], -1);
    assert_eq!(set.optional("/quota_set/id"), "", "Nova leaves it out");
    let detail = demo.get(&format!("{path}/detail")).await.expect(200);
    let wanted = json!({"limit": 11, "in_use": 0, "reserved": 0});
    assert_eq!(detail.body["quota_set"]["instances"], wanted);
    admin.delete(&path).await.expect(202);
    assert_eq!(demo.get(&path).await.expect(200).body["quota_set"]["instances"], 10);
}

#[tokio::test]
async fn a_limit_below_what_is_used_takes_force() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    for name in ["a", "b"] {
        let body = json!({"server_group": {"name": name, "policies": ["affinity"]}});
        demo.post("/compute/v2.1/os-server-groups", body).await.expect(200);
    }
    let path = format!("{SETS}/{}", demo.project);
    let refused = admin.put(&path, json!({"quota_set": {"server_groups": 1}})).await.expect(400);
    assert_eq!(
        refused.message(),
        "Quota limit 1 for server_groups must be greater than or equal to already used and \
         reserved 2."
    );
    let forced = json!({"quota_set": {"server_groups": 1, "force": true}});
    admin.put(&path, forced).await.expect(200);
}

#[tokio::test]
async fn a_user_can_have_less_than_the_project() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let project = format!("{SETS}/{}", demo.project);
    let path = format!("{project}?user_id={}", demo.user);
    let set = admin.put(&path, json!({"quota_set": {"server_groups": 1}})).await.expect(200);
    assert_eq!(set.body["quota_set"]["server_groups"], 1);
    assert_eq!(admin.get(&path).await.expect(200).body["quota_set"]["server_groups"], 1);
    assert_eq!(admin.get(&project).await.expect(200).body["quota_set"]["server_groups"], 10);
    let too_much = admin.put(&path, json!({"quota_set": {"server_groups": 11}})).await.expect(400);
    let sentence = "Quota limit 11 for server_groups must be less than or equal to 10.";
    assert_eq!(too_much.message(), sentence);
    let body = json!({"server_group": {"name": "g", "policies": ["affinity"]}});
    demo.post("/compute/v2.1/os-server-groups", body.clone()).await.expect(200);
    demo.post("/compute/v2.1/os-server-groups", body.clone()).await.expect(403);
    admin.delete(&path).await.expect(202);
    demo.post("/compute/v2.1/os-server-groups", body).await.expect(200);
}

#[tokio::test]
async fn members_read_their_own_quotas_and_nothing_else() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    demo.get(&format!("{SETS}/{}", admin.project)).await.expect(403);
    let own = format!("{SETS}/{}", demo.project);
    let answer = demo.put(&own, json!({"quota_set": {"instances": 5}})).await.expect(403);
    let rule = "os_compute_api:os-quota-sets:update";
    assert_eq!(answer.message(), format!("Policy doesn't allow {rule} to be performed."));
}

#[tokio::test]
async fn a_project_that_is_not_there_has_no_quotas() {
    let cloud = TestCloud::start().await;
    let answer = cloud.admin().await.get(&format!("{SETS}/nothing")).await.expect(400);
    assert_eq!(answer.message(), "Project ID nothing is not a valid project.");
}

#[tokio::test]
async fn the_default_class_is_everybodys_default() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let path = format!("{CLASSES}/default");
    let body = json!({"quota_class_set": {"instances": 3}});
    assert_eq!(admin.put(&path, body).await.expect(200).body["quota_class_set"]["instances"], 3);
    let own = demo.get(&format!("{SETS}/{}", demo.project)).await.expect(200);
    assert_eq!(own.body["quota_set"]["instances"], 3);
    let shown = |version| {
        let session = admin.at(version);
        let path = path.clone();
        async move { session.get(&path).await.expect(200).body["quota_class_set"].clone() }
    };
    let (first, groups, last) = (shown("2.1").await, shown("2.50").await, shown("2.57").await);
    assert_eq!((keys(&first).len(), keys(&groups).len(), keys(&last).len()), (13, 11, 8));
    demo.get(&path).await.expect(403);
}

#[tokio::test]
async fn limits_are_the_same_numbers_under_old_names() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    for (version, count) in [("2.1", 19), ("2.36", 14), ("2.39", 13), ("2.57", 11)] {
        let shown = demo.at(version).get("/compute/v2.1/limits").await.expect(200);
        assert_eq!(keys(&shown.body["limits"]["absolute"]).len(), count, "{version}");
        assert_eq!(shown.body["limits"]["absolute"]["maxTotalInstances"], 10);
        assert_eq!(shown.body["limits"]["rate"], json!([]));
    }
    let other = format!("/compute/v2.1/limits?tenant_id={}", demo.project);
    admin.get(&other).await.expect(200);
    demo.get(&format!("/compute/v2.1/limits?tenant_id={}", admin.project)).await.expect(403);
}
