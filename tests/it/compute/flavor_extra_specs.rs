//! `/flavors/{flavor_id}/os-extra_specs` and `/flavors/{flavor_id}/os-flavor-access`.

use serde_json::json;

use crate::support::{Session, TestCloud};

const SPECS: &str = "/compute/v2.1/flavors/1/os-extra_specs";

#[tokio::test]
async fn extra_specs_are_added_changed_and_taken_away() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await);
    assert_eq!(demo.get(SPECS).await.expect(200).body, json!({"extra_specs": {}}));
    let body = json!({"extra_specs": {"hw:cpu_policy": "shared", "x:y": 1}});
    assert_eq!(admin.post(SPECS, body.clone()).await.expect(200).body, body);
    let key = format!("{SPECS}/x:y");
    assert_eq!(demo.get(&key).await.expect(200).body, json!({"x:y": "1"}));
    admin.put(&key, json!({"x:y": "w"})).await.expect(200);
    let mismatch = admin.put(&key, json!({"x:z": "w"})).await.expect(400);
    assert_eq!(mismatch.message(), "Request body and URI mismatch");
    admin.delete(&key).await.expect(200);
    let gone = admin.delete(&key).await.expect(404);
    assert_eq!(gone.message(), "Flavor 1 has no extra specs with key x:y.");
    demo.post(SPECS, body).await.expect(403);
}

#[tokio::test]
async fn known_specs_are_checked_since_2_86() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let body = json!({"extra_specs": {"hw:cpu_policy": "sharrred"}});
    admin.at("2.85").post(SPECS, body.clone()).await.expect(200);
    let refused = admin.at("2.86").post(SPECS, body).await.expect(400);
    assert_eq!(
        refused.message(),
        "Validation failed; 'sharrred' is not one of: dedicated, shared, mixed."
    );
}

async fn private_flavor(admin: &Session) -> String {
    let body = json!({"flavor": {
        "name": "private", "ram": 256, "vcpus": 1, "disk": 0, "os-flavor-access:is_public": false,
    }});
    let id = admin.post("/compute/v2.1/flavors", body).await.expect(200).text("/flavor/id");
    format!("/compute/v2.1/flavors/{id}")
}

#[tokio::test]
async fn a_private_flavor_is_lent_and_taken_back() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await);
    let flavor = private_flavor(&admin).await;
    let action = format!("{flavor}/action");
    let add = json!({"addTenantAccess": {"tenant": demo.project}});
    let lent = admin.post(&action, add.clone()).await.expect(200);
    let projects = lent.body["flavor_access"].as_array().unwrap();
    assert!(projects.iter().any(|row| row["tenant_id"] == demo.project.as_str()));
    admin.get(&format!("{flavor}/os-flavor-access")).await.expect(200);
    assert!(admin.post(&action, add).await.expect(409).message().contains("already exists"));
    let remove = json!({"removeTenantAccess": {"tenant": demo.project}});
    admin.post(&action, remove.clone()).await.expect(200);
    assert!(admin.post(&action, remove).await.expect(404).message().contains("access not found"));
    demo.get(&format!("{flavor}/os-flavor-access")).await.expect(403);
}

#[tokio::test]
async fn access_to_a_public_flavor_makes_no_sense() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await);
    let list = admin.get("/compute/v2.1/flavors/1/os-flavor-access").await.expect(404);
    assert_eq!(list.message(), "Access list not available for public flavors.");
    let add = json!({"addTenantAccess": {"tenant": demo.project}});
    let refused = admin.at("2.7").post("/compute/v2.1/flavors/1/action", add).await.expect(409);
    assert_eq!(refused.message(), "Can not add access to a public flavor.");
    let nobody = json!({"addTenantAccess": {"tenant": "nobody"}});
    let unknown = admin.post("/compute/v2.1/flavors/1/action", nobody).await.expect(400);
    assert_eq!(unknown.message(), "Project ID nobody is not a valid project.");
}
