//! Roles, and what they imply.

use serde_json::{Value, json};

use super::{keys, names};
use crate::support::{Answer, TestCloud};

const ROLES: &str = "/identity/v3/roles";

#[tokio::test]
async fn a_role_is_made_changed_and_deleted() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let made = admin.post(ROLES, json!({"role": {"name": "auditor"}})).await.expect(201);
    let fields = ["id", "name", "domain_id", "description", "options", "links"];
    assert_eq!(keys(&made, "/role"), fields);
    let again = admin.post(ROLES, json!({"role": {"name": "auditor"}})).await.expect(409);
    assert!(again.message().starts_with("Conflict occurred attempting to store role - "));
    let id = made.text("/role/id");
    let path = format!("{ROLES}/{id}");
    let changed = admin.patch(&path, json!({"role": {"description": "reads"}})).await.expect(200);
    assert_eq!(changed.text("/role/description"), "reads");
    admin.delete(&path).await.expect(204);
    let gone = admin.get(&path).await.expect(404);
    assert_eq!(gone.message(), format!("Could not find role: {id}."));
}

#[tokio::test]
async fn the_roles_of_the_house_are_immutable() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let listed = admin.get(ROLES).await.expect(200);
    assert_eq!(names(&listed, "roles"), ["admin", "manager", "member", "reader", "service"]);
    let member = admin.find(&format!("{ROLES}?name=member"), "roles").await;
    let refused = admin.delete(&format!("{ROLES}/{member}")).await.expect(403);
    assert_eq!(
        refused.message(),
        format!(
            "Unable to delete immutable role resource: `{member}. Set resource option \"immutable\" to false first."
        )
    );
    let demo = cloud.demo().await;
    demo.get(ROLES).await.expect(403);
    demo.post(ROLES, json!({"role": {"name": "x"}})).await.expect(403);
}

#[tokio::test]
async fn a_role_brings_what_it_implies() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let rules = admin.get("/identity/v3/role_inferences").await.expect(200);
    assert_eq!(rules.body["role_inferences"].as_array().unwrap().len(), 3);
    let prior = admin.post(ROLES, json!({"role": {"name": "auditor"}})).await.expect(201);
    let prior = prior.text("/role/id");
    let reader = admin.find(&format!("{ROLES}?name=reader"), "roles").await;
    let path = format!("{ROLES}/{prior}/implies/{reader}");
    admin.get(&path).await.expect(404);
    let made = admin.put(&path, Value::Null).await.expect(201);
    assert_eq!(made.text("/role_inference/implies/name"), "reader");
    admin.head(&path).await.expect(204);
    let all = admin.get(&format!("{ROLES}/{prior}/implies")).await.expect(200);
    assert_eq!(all.text("/role_inference/implies/0/name"), "reader");
    admin.delete(&path).await.expect(204);
    let gone = admin.delete(&path).await.expect(404);
    assert_eq!(gone.message(), format!("{prior} does not imply {reader}."));
    let admins = admin.find(&format!("{ROLES}?name=admin"), "roles").await;
    admin.put(&format!("{ROLES}/{prior}/implies/{admins}"), Value::Null).await.expect(403);
}

#[tokio::test]
async fn a_role_of_a_domain_counts_there_and_is_in_no_token() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let body = json!({"role": {"name": "clerk", "domain_id": "default"}});
    let clerk = admin.post(ROLES, body).await.expect(201).text("/role/id");
    assert!(!names(&admin.get(ROLES).await, "roles").contains(&"clerk".to_owned()));
    let of_domain = admin.get(&format!("{ROLES}?domain_id=default")).await.expect(200);
    assert_eq!(names(&of_domain, "roles"), ["clerk"]);
    let (user, project) =
        (super::make_user(&admin, "ann").await, super::make_project(&admin, "lab").await);
    let grant = format!("/identity/v3/projects/{project}/users/{user}/roles/{clerk}");
    admin.put(&grant, Value::Null).await.expect(204);
    let login = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {"id": user, "password": "secret"}}},
        "scope": {"project": {"id": project}}}});
    admin.post("/identity/v3/auth/tokens", login).await.expect(401);
    let assigned = format!("/identity/v3/role_assignments?user.id={user}");
    let count = |answer: &Answer| answer.body["role_assignments"].as_array().unwrap().len();
    assert_eq!(count(&admin.get(&assigned).await), 1);
    assert_eq!(count(&admin.get(&format!("{assigned}&effective")).await), 0, "it brings nothing");
    let reader = admin.find(&format!("{ROLES}?name=reader"), "roles").await;
    admin.put(&format!("{ROLES}/{clerk}/implies/{reader}"), Value::Null).await.expect(201);
    let effective = admin.get(&format!("{assigned}&effective")).await;
    assert_eq!(count(&effective), 1, "what it implies, not itself");
    assert_eq!(effective.text("/role_assignments/0/role/id"), reader);
    let system = format!("/identity/v3/system/users/{user}/roles/{clerk}");
    admin.put(&system, Value::Null).await.expect(400);
}
