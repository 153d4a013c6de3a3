//! Domains: made, disabled, deleted with all that is in them, and managed by their managers.

use serde_json::{Value, json};

use super::keys;
use crate::support::{Session, TestCloud};

const DOMAINS: &str = "/identity/v3/domains";

async fn make_domain(admin: &Session, name: &str) -> String {
    admin.post(DOMAINS, json!({"domain": {"name": name}})).await.expect(201).text("/domain/id")
}

/// A session scoped to the domain, of a new user in it who has the role there.
async fn login(admin: &Session, domain: &str, role: &str) -> Session {
    let body = json!({"user": {"name": role, "domain_id": domain, "password": "secret"}});
    let user = admin.post("/identity/v3/users", body).await.expect(201).text("/user/id");
    let role = admin.find(&format!("/identity/v3/roles?name={role}"), "roles").await;
    let path = format!("{DOMAINS}/{domain}/users/{user}/roles/{role}");
    admin.put(&path, Value::Null).await.expect(204);
    let body = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {"id": user, "password": "secret"}}},
        "scope": {"domain": {"id": domain}}}});
    let answer = admin.post("/identity/v3/auth/tokens", body).await.expect(201);
    admin.with_token(answer.header("x-subject-token"))
}

#[tokio::test]
async fn a_domain_is_disabled_before_it_is_deleted_with_all_in_it() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let domain = make_domain(&admin, "shop").await;
    let path = format!("{DOMAINS}/{domain}");
    let shown = admin.get(&path).await.expect(200);
    let fields = ["id", "name", "description", "enabled", "tags", "options", "links"];
    assert_eq!(keys(&shown, "/domain"), fields);
    let manager = login(&admin, &domain, "manager").await;
    let body = json!({"project": {"name": "till", "domain_id": domain}});
    let project = manager.post("/identity/v3/projects", body).await.expect(201).text("/project/id");
    let refused = admin.delete(&path).await.expect(403);
    assert_eq!(
        refused.message(),
        "Cannot delete a domain that is enabled, please disable it first."
    );
    admin.patch(&path, json!({"domain": {"enabled": false}})).await.expect(200);
    manager.get("/identity/v3/auth/projects").await.expect(401);
    admin.delete(&path).await.expect(204);
    admin.get(&path).await.expect(404);
    admin.get(&format!("/identity/v3/projects/{project}")).await.expect(404);
}

#[tokio::test]
async fn a_manager_rules_the_own_domain_and_no_other() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let domain = make_domain(&admin, "shop").await;
    let manager = login(&admin, &domain, "manager").await;
    let in_domain = |domain: &str| json!({"user": {"name": "ann", "domain_id": domain}});
    let users = "/identity/v3/users";
    let ann = manager.post(users, in_domain(&domain)).await.expect(201).text("/user/id");
    manager.post(users, in_domain("default")).await.expect(403);
    let listed = manager.get(users).await.expect(200);
    assert_eq!(super::names(&listed, "users"), ["ann", "manager"]);
    let listed = manager.get("/identity/v3/projects").await.expect(200);
    assert_eq!(listed.body["projects"], json!([]));
    manager.get(&format!("{DOMAINS}/{domain}")).await.expect(200);
    manager.get(&format!("{DOMAINS}/default")).await.expect(403);
    let role =
        async |name: &str| admin.find(&format!("/identity/v3/roles?name={name}"), "roles").await;
    let grant = format!("{DOMAINS}/{domain}/users/{ann}/roles");
    let (member, admins) = (role("member").await, role("admin").await);
    manager.put(&format!("{grant}/{member}"), Value::Null).await.expect(204);
    manager.put(&format!("{grant}/{admins}"), Value::Null).await.expect(403);
    let reader = login(&admin, &domain, "reader").await;
    reader.get(users).await.expect(200);
    reader.post(users, in_domain(&domain)).await.expect(403);
}

#[tokio::test]
async fn names_and_ids_of_domains_are_checked() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let again = admin.post(DOMAINS, json!({"domain": {"name": "Default"}})).await.expect(409);
    assert_eq!(
        again.message(),
        "Conflict occurred attempting to store project - it is not permitted to have two projects acting as domains with the same name: Default."
    );
    let id = "0123456789abcdef0123456789abcdef";
    let body = json!({"domain": {"name": "shop", "explicit_domain_id": id}});
    assert_eq!(admin.post(DOMAINS, body).await.expect(201).text("/domain/id"), id);
    let body = json!({"domain": {"name": "other", "explicit_domain_id": id}});
    admin.post(DOMAINS, body).await.expect(409);
    let body = json!({"domain": {"name": "shop2", "explicit_domain_id": "short"}});
    admin.post(DOMAINS, body).await.expect(400);
    let listed = admin.get(&format!("{DOMAINS}?name=shop")).await.expect(200);
    assert_eq!(listed.body["domains"].as_array().unwrap().len(), 1);
    cloud.demo().await.get(DOMAINS).await.expect(403);
}
