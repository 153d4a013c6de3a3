//! Users: made, listed, shown, changed, deleted, and who may do it.

use serde_json::json;

use super::{keys, make_user, names};
use crate::support::{Scope, TestCloud};

const USERS: &str = "/identity/v3/users";

#[tokio::test]
async fn a_user_shows_what_keystones_does() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let body = json!({"user": {
        "name": "ann", "password": "secret", "domain_id": "default", "email": "a@example.org"}});
    let made = admin.post(USERS, body).await.expect(201);
    let shown =
        ["email", "id", "name", "domain_id", "enabled", "password_expires_at", "options", "links"];
    assert_eq!(keys(&made, "/user"), shown);
    let path = format!("{USERS}/{}", made.text("/user/id"));
    assert_eq!(made.text("/user/links/self"), format!("{}{path}", cloud.url));
    assert_eq!(admin.get(&path).await.expect(200).body, made.body);
    let changed = admin.patch(&path, json!({"user": {"enabled": false}})).await.expect(200);
    let shown = [
        "email",
        "id",
        "name",
        "domain_id",
        "enabled",
        "password_expires_at",
        "extra",
        "options",
        "links",
    ];
    assert_eq!(keys(&changed, "/user"), shown);
    assert_eq!(changed.body["user"]["extra"], json!({"email": "a@example.org"}));
    admin.delete(&path).await.expect(204);
    let gone = admin.get(&path).await.expect(404);
    assert_eq!(gone.message(), format!("Could not find user: {}.", made.text("/user/id")));
}

#[tokio::test]
async fn a_name_belongs_to_one_user_of_a_domain() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    make_user(&admin, "ann").await;
    let bob = make_user(&admin, "bob").await;
    let again = admin.post(USERS, json!({"user": {"name": "ann"}})).await.expect(409);
    assert_eq!(
        again.message(),
        "Conflict occurred attempting to store user - Duplicate entry found with name ann at domain ID default."
    );
    let path = format!("{USERS}/{bob}");
    admin.patch(&path, json!({"user": {"name": "ann"}})).await.expect(409);
    admin.patch(&path, json!({"user": {"name": "bob"}})).await.expect(200);
    admin.patch(&path, json!({"user": {"domain_id": "other"}})).await.expect(400);
    admin.post(USERS, json!({"user": {"name": "x", "domain_id": "nope"}})).await.expect(404);
    admin.post(USERS, json!({"user": {}})).await.expect(400);
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    for name in ["ann", "anne", "Bob"] {
        make_user(&admin, name).await;
    }
    let list = async |query: &str| {
        let answer = admin.get(&format!("{USERS}?{query}")).await.expect(200);
        names(&answer, "users")
    };
    assert_eq!(list("name=ann").await, ["ann"]);
    assert_eq!(list("name__startswith=ann").await, ["ann", "anne"]);
    assert_eq!(list("name__icontains=BO").await, ["Bob"]);
    assert_eq!(list("enabled=False").await, [""; 0]);
    assert_eq!(list("domain_id=nope").await, [""; 0]);
    let mut seen = Vec::new();
    let mut next = format!("{USERS}?limit=2");
    while !next.is_empty() {
        let page = admin.get(&next).await.expect(200);
        seen.extend(names(&page, "users"));
        next = page.optional("/links/next").replace(&cloud.url, "");
    }
    seen.sort();
    assert_eq!(seen, ["Bob", "admin", "ann", "anne", "demo"]);
}

#[tokio::test]
async fn a_user_changes_the_own_password_by_knowing_it() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let path = format!("{USERS}/{}/password", demo.user);
    let body = |old: &str| json!({"user": {"original_password": old, "password": "changed"}});
    cloud.nobody().post(&path, body("wrong")).await.expect(401);
    cloud.nobody().post(&path, json!({"user": {"password": "changed"}})).await.expect(400);
    cloud.nobody().post(&path, body("secret")).await.expect(204);
    demo.get("/identity/v3/auth/projects").await.expect(401);
    cloud.session("demo", "changed", Scope::Project("demo")).await;
}

#[tokio::test]
async fn a_user_sees_itself_and_nobody_else() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    demo.get(&format!("{USERS}/{}", demo.user)).await.expect(200);
    let projects = demo.get(&format!("{USERS}/{}/projects", demo.user)).await.expect(200);
    assert_eq!(names(&projects, "projects"), ["demo"]);
    let refused = demo.get(USERS).await.expect(403);
    assert_eq!(
        refused.message(),
        "You are not authorized to perform the requested action: identity:list_users."
    );
    // Whether there is such a user is not told either.
    for other in [admin.user.as_str(), "nope"] {
        demo.get(&format!("{USERS}/{other}")).await.expect(403);
        demo.patch(&format!("{USERS}/{other}"), json!({"user": {"enabled": false}}))
            .await
            .expect(403);
        demo.delete(&format!("{USERS}/{other}")).await.expect(403);
    }
    demo.post(USERS, json!({"user": {"name": "x"}})).await.expect(403);
    cloud.system().await.get(USERS).await.expect(200);
    cloud.nobody().get(USERS).await.expect(401);
}
