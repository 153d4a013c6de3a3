//! `/flavors`.

use serde_json::{Value, json};

use crate::support::{Answer, TestCloud};

fn names(answer: &Answer) -> Vec<String> {
    let flavors = answer.body["flavors"].as_array().unwrap();
    flavors.iter().map(|flavor| flavor["name"].as_str().unwrap().to_owned()).collect()
}

fn body(name: &str) -> Value {
    json!({"flavor": {"name": name, "ram": 256, "vcpus": 1, "disk": 1}})
}

#[tokio::test]
async fn the_first_start_makes_the_default_flavors() {
    let cloud = TestCloud::start().await;
    let answer = cloud.demo().await.get("/compute/v2.1/flavors").await.expect(200);
    let wanted =
        ["m1.tiny", "m1.small", "m1.medium", "m1.large", "m1.nano", "m1.xlarge", "m1.micro"];
    assert_eq!(names(&answer), wanted, "sorted by their ids 1 2 3 4 42 5 84");
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let mut seen = Vec::new();
    let mut path = "/compute/v2.1/flavors?limit=3&sort_key=memory_mb&sort_dir=desc".to_owned();
    loop {
        let answer = demo.get(&path).await.expect(200);
        seen.extend(names(&answer));
        let next = answer.optional("/flavors_links/0/href");
        if next.is_empty() {
            break;
        }
        path = next.trim_start_matches(&cloud.url).to_owned();
    }
    assert_eq!(seen.first().unwrap(), "m1.xlarge");
    assert_eq!(seen.len(), 7);
}

#[tokio::test]
async fn a_flavor_is_made_shown_and_deleted_by_an_administrator() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await.at("2.96");
    let made = admin.post("/compute/v2.1/flavors", body("small")).await.expect(200);
    let path = format!("/compute/v2.1/flavors/{}", made.text("/flavor/id"));
    assert_eq!(admin.get(&path).await.expect(200).body, made.body);
    let again = admin.post("/compute/v2.1/flavors", body("small")).await.expect(409);
    assert_eq!(again.message(), "Flavor with name small already exists.");
    admin.delete(&path).await.expect(202);
    admin.get(&path).await.expect(404);
    admin.delete(&path).await.expect(404);
}

#[tokio::test]
async fn a_member_may_not_make_a_flavor() {
    let cloud = TestCloud::start().await;
    let answer = cloud.demo().await.post("/compute/v2.1/flavors", body("mine")).await.expect(403);
    let rule = "os_compute_api:os-flavor-manage:create";
    assert_eq!(answer.message(), format!("Policy doesn't allow {rule} to be performed."));
}

#[tokio::test]
async fn a_private_flavor_is_listed_for_its_project_only() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let mut private = body("private");
    private["flavor"]["os-flavor-access:is_public"] = json!(false);
    let made = admin.post("/compute/v2.1/flavors", private).await.expect(200);
    let access = format!("/compute/v2.1/flavors/{}/os-flavor-access", made.text("/flavor/id"));
    let nobody = admin.get(&access).await.expect(200);
    assert_eq!(nobody.body, json!({"flavor_access": []}), "not even its maker");
    let listed = names(&cloud.demo().await.get("/compute/v2.1/flavors").await.expect(200));
    assert!(!listed.contains(&"private".to_owned()));
    let all = admin.get("/compute/v2.1/flavors?is_public=none").await.expect(200);
    assert!(names(&all).contains(&"private".to_owned()));
}

#[tokio::test]
async fn fields_come_and_go_with_the_version() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let at = async |version: &str| {
        let answer = demo.at(version).get("/compute/v2.1/flavors/1").await.expect(200);
        answer.body["flavor"].clone()
    };
    let base = at("2.1").await;
    assert_eq!(base["swap"], json!(""));
    assert!(base.get("description").is_none() && base.get("rxtx_factor").is_some());
    let described = at("2.55").await;
    assert!(described.get("description").is_some() && described.get("extra_specs").is_none());
    assert_eq!(at("2.75").await["swap"], json!(0));
    assert!(at("2.102").await.get("rxtx_factor").is_none());
}
