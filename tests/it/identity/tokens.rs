//! Logins, scopes, what a token shows, and what ends it.

use serde_json::{Value, json};

use super::{grant, keys, make_project, make_user};
use crate::support::{Answer, Scope, Session, TestCloud};

const TOKENS: &str = "/identity/v3/auth/tokens";

fn by_password(user: &Value, scope: Option<Value>) -> Value {
    let mut auth = json!({"identity": {"methods": ["password"], "password": {"user": user}}});
    if let Some(scope) = scope {
        auth["scope"] = scope;
    }
    json!({"auth": auth})
}

fn demo() -> Value {
    json!({"name": "demo", "domain": {"id": "default"}, "password": "secret"})
}

fn by_token(token: &str, scope: Value) -> Value {
    json!({"auth": {"identity": {"methods": ["token"], "token": {"id": token}}, "scope": scope}})
}

async fn show(session: &Session, subject: &str) -> Answer {
    session.send(session.request("GET", TOKENS).header("X-Subject-Token", subject)).await
}

async fn revoke(session: &Session, subject: &str) -> Answer {
    session.send(session.request("DELETE", TOKENS).header("X-Subject-Token", subject)).await
}

#[tokio::test]
async fn a_token_of_a_project_shows_what_keystones_does() {
    let cloud = TestCloud::start().await;
    let scope = json!({"project": {"name": "demo", "domain": {"name": "Default"}}});
    let answer = cloud.nobody().post(TOKENS, by_password(&demo(), Some(scope))).await.expect(201);
    assert_eq!(
        keys(&answer, "/token"),
        [
            "methods",
            "user",
            "audit_ids",
            "expires_at",
            "issued_at",
            "project",
            "is_domain",
            "roles",
            "catalog"
        ]
    );
    assert_eq!(keys(&answer, "/token/user"), ["domain", "id", "name", "password_expires_at"]);
    assert_eq!(keys(&answer, "/token/catalog/0"), ["endpoints", "id", "type", "name"]);
    assert_eq!(answer.body["token"]["user"]["domain"], json!({"id": "default", "name": "Default"}));
    assert_eq!(answer.header("vary"), "X-Auth-Token");
    assert!(answer.text("/token/expires_at").ends_with(".000000Z"));
    let roles = answer.body["token"]["roles"].as_array().unwrap();
    let roles: Vec<_> = roles.iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert_eq!(roles, ["member", "reader"]);
    let urls: Vec<_> = answer.body["token"]["catalog"].as_array().unwrap().iter().collect();
    assert!(urls.iter().any(|service| {
        service["type"] == "identity"
            && service["endpoints"][0]["url"] == json!(format!("{}/identity", cloud.url))
    }));
}

#[tokio::test]
async fn each_scope_is_given_to_who_has_a_role_in_it() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    let unscoped = nobody.post(TOKENS, by_password(&demo(), None)).await.expect(201);
    assert_eq!(
        keys(&unscoped, "/token"),
        ["methods", "user", "audit_ids", "expires_at", "issued_at"]
    );
    nobody.post(TOKENS, by_password(&demo(), Some(json!("unscoped")))).await.expect(201);
    let admin = json!({"name": "admin", "domain": {"id": "default"}, "password": "secret"});
    let system = json!({"system": {"all": true}});
    let answer = nobody.post(TOKENS, by_password(&admin, Some(system.clone()))).await.expect(201);
    assert_eq!(answer.body["token"]["system"], json!({"all": true}));
    let domain = json!({"domain": {"id": "default"}});
    let answer = nobody.post(TOKENS, by_password(&admin, Some(domain.clone()))).await.expect(201);
    assert_eq!(answer.body["token"]["domain"], json!({"id": "default", "name": "Default"}));
    let admins = json!({"project": {"name": "admin", "domain": {"id": "default"}}});
    let nowhere = json!({"project": {"name": "nope", "domain": {"id": "default"}}});
    for scope in [system, domain, admins, nowhere] {
        nobody.post(TOKENS, by_password(&demo(), Some(scope))).await.expect(401);
    }
}

#[tokio::test]
async fn a_wrong_login_says_nothing_about_why() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    let wrong = json!({"name": "demo", "domain": {"id": "default"}, "password": "wrong"});
    let unknown = json!({"name": "nobody", "domain": {"id": "default"}, "password": "secret"});
    let elsewhere = json!({"name": "demo", "domain": {"id": "nope"}, "password": "secret"});
    for user in [wrong, unknown, elsewhere] {
        let answer = nobody.post(TOKENS, by_password(&user, None)).await.expect(401);
        assert_eq!(
            answer.body,
            json!({"error": {
                "code": 401,
                "message": "The request you have made requires authentication.",
                "title": "Unauthorized",
            }})
        );
        let uri = format!("Keystone uri=\"{}/identity/v3\"", cloud.url);
        assert_eq!(answer.header("www-authenticate"), uri);
    }
}

#[tokio::test]
async fn a_malformed_login_is_told_what_is_wrong() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    let suffix = "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.";
    let no_auth = nobody.post(TOKENS, json!({})).await.expect(400);
    assert_eq!(no_auth.message(), format!("Expecting to find auth in request body. {suffix}"));
    let no_identity = nobody.post(TOKENS, json!({"auth": {}})).await.expect(400);
    assert!(no_identity.message().starts_with("'identity' is a required property\n\nFailed"));
    let no_domain = json!({"name": "demo", "password": "secret"});
    let no_domain = nobody.post(TOKENS, by_password(&no_domain, None)).await.expect(400);
    assert_eq!(no_domain.message(), format!("Expecting to find domain in user. {suffix}"));
    let magic = json!({"auth": {"identity": {"methods": ["magic"], "magic": {}}}});
    let magic = nobody.post(TOKENS, magic).await.expect(401);
    assert_eq!(magic.message(), "Attempted to authenticate with an unsupported method.");
    let text = nobody.request("POST", TOKENS).header("Content-Type", "application/json");
    let broken = nobody.send(text.body("{\"auth\": ")).await.expect(400);
    assert_eq!(broken.message(), format!("Expecting to find valid JSON in request body. {suffix}"));
}

#[tokio::test]
async fn a_token_is_exchanged_for_another_scope_and_not_for_a_longer_life() {
    let cloud = TestCloud::builder().manual_clock().start().await;
    let unscoped = cloud.session("demo", "secret", Scope::Unscoped).await;
    let first = show(&unscoped, &unscoped.token).await.expect(200);
    cloud.clock.advance_seconds(60);
    let scope = json!({"project": {"name": "demo", "domain": {"id": "default"}}});
    let second = unscoped.post(TOKENS, by_token(&unscoped.token, scope)).await.expect(201);
    assert_eq!(second.body["token"]["methods"], json!(["password", "token"]));
    assert_eq!(second.text("/token/expires_at"), first.text("/token/expires_at"));
    assert_eq!(second.text("/token/audit_ids/1"), first.text("/token/audit_ids/0"));
    let system = cloud.system().await;
    let narrower = json!({"project": {"name": "admin", "domain": {"id": "default"}}});
    system.post(TOKENS, by_token(&system.token, narrower)).await.expect(403);
    system.post(TOKENS, by_token("garbage", json!("unscoped"))).await.expect(404);
}

#[tokio::test]
async fn a_token_is_shown_to_its_user_and_to_administrators() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let own = show(&demo, &demo.token).await.expect(200);
    assert_eq!(own.header("x-subject-token"), demo.token);
    let of_other = show(&admin, &demo.token).await.expect(200);
    assert_eq!(of_other.text("/token/user/name"), "demo");
    let refused = show(&demo, &admin.token).await.expect(403);
    assert_eq!(
        refused.message(),
        "You are not authorized to perform the requested action: identity:validate_token."
    );
    demo.get(TOKENS).await.expect(403);
    let none = admin.get(TOKENS).await.expect(404);
    assert_eq!(none.message(), "No token in the request");
    show(&demo, "garbage").await.expect(404);
    show(&cloud.nobody(), &demo.token).await.expect(401);
    let head = demo.request("HEAD", TOKENS).header("X-Subject-Token", &demo.token);
    assert!(demo.send(head).await.expect(200).bytes.is_empty());
    let short = demo.request("GET", "/identity/v3/auth/tokens?nocatalog");
    let short = demo.send(short.header("X-Subject-Token", &demo.token)).await.expect(200);
    assert!(short.body["token"].get("catalog").is_none());
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing_even_after_a_restart() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    demo.get("/identity/v3/auth/projects").await.expect(200);
    revoke(&demo, &demo.token).await.expect(204);
    demo.get("/identity/v3/auth/projects").await.expect(401);
    let gone = show(&admin, &demo.token).await.expect(404);
    assert_eq!(gone.message(), "Failed to validate token");
    let again = cloud.demo().await;
    let (old, alive, good) = (demo.token.clone(), again.token.clone(), admin.token.clone());
    let cloud = cloud.restart().await;
    let path = "/identity/v3/auth/projects";
    cloud.nobody().with_token(&old).get(path).await.expect(401);
    cloud.nobody().with_token(&alive).get(path).await.expect(200);
    cloud.nobody().with_token(&good).get(path).await.expect(200);
}

#[tokio::test]
async fn revoking_the_first_token_of_a_chain_ends_those_made_from_it() {
    let cloud = TestCloud::start().await;
    let first = cloud.session("demo", "secret", Scope::Unscoped).await;
    let scope = json!({"project": {"name": "demo", "domain": {"id": "default"}}});
    let made = first.post(TOKENS, by_token(&first.token, scope)).await.expect(201);
    let second = first.with_token(made.header("x-subject-token"));
    second.get("/identity/v3/auth/catalog").await.expect(200);
    revoke(&first, &first.token).await.expect(204);
    second.get("/identity/v3/auth/catalog").await.expect(401);
}

#[tokio::test]
async fn a_token_ends_with_its_time() {
    let cloud = TestCloud::builder().manual_clock().start().await;
    let (demo, path) = (cloud.demo().await, "/identity/v3/auth/projects");
    cloud.clock.advance_seconds(3599);
    demo.get(path).await.expect(200);
    cloud.clock.advance_seconds(1);
    demo.get(path).await.expect(401);
    let admin = cloud.admin().await;
    show(&admin, &demo.token).await.expect(404);
    let request = admin.request("GET", "/identity/v3/auth/tokens?allow_expired=1");
    let shown = admin.send(request.header("X-Subject-Token", &demo.token)).await.expect(200);
    assert_eq!(shown.text("/token/user/name"), "demo");
}

#[tokio::test]
async fn tokens_end_with_password_user_role_and_project() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let (user, project) = (make_user(&admin, "ann").await, make_project(&admin, "lab").await);
    let role = grant(&admin, &project, &user, "member").await;
    let path = "/identity/v3/auth/catalog";
    let login = async || cloud.session("ann", "secret", Scope::Project("lab")).await;
    let user_path = format!("/identity/v3/users/{user}");
    let project_path = format!("/identity/v3/projects/{project}");

    let session = login().await;
    session.get(path).await.expect(200);
    admin.patch(&user_path, json!({"user": {"password": "secret"}})).await.expect(200);
    session.get(path).await.expect(401);

    let session = login().await;
    admin.patch(&user_path, json!({"user": {"enabled": false}})).await.expect(200);
    session.get(path).await.expect(401);
    admin.patch(&user_path, json!({"user": {"enabled": true}})).await.expect(200);
    session.get(path).await.expect(401);

    let session = login().await;
    admin.delete(&role).await.expect(204);
    session.get(path).await.expect(401);
    admin.put(&role, Value::Null).await.expect(204);
    session.get(path).await.expect(200);

    admin.patch(&project_path, json!({"project": {"enabled": false}})).await.expect(200);
    session.get(path).await.expect(401);
    admin.patch(&project_path, json!({"project": {"enabled": true}})).await.expect(200);

    let session = login().await;
    admin.delete(&project_path).await.expect(204);
    session.get(path).await.expect(401);

    let session = cloud.session("ann", "secret", Scope::Unscoped).await;
    admin.delete(&user_path).await.expect(204);
    session.get("/identity/v3/auth/projects").await.expect(401);
}

#[tokio::test]
async fn the_default_project_is_used_where_the_user_may() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let (user, project) = (make_user(&admin, "ann").await, make_project(&admin, "lab").await);
    let body = json!({"user": {"default_project_id": project}});
    admin.patch(&format!("/identity/v3/users/{user}"), body).await.expect(200);
    let login = by_password(&json!({"id": user, "password": "secret"}), None);
    let answer = admin.post(TOKENS, login.clone()).await.expect(201);
    assert_eq!(answer.optional("/token/project/name"), "");
    grant(&admin, &project, &user, "reader").await;
    let answer = admin.post(TOKENS, login).await.expect(201);
    assert_eq!(answer.text("/token/project/name"), "lab");
}

#[tokio::test]
async fn what_a_user_may_log_into_is_listed() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let projects = demo.get("/identity/v3/auth/projects").await.expect(200);
    assert_eq!(super::names(&projects, "projects"), ["demo"]);
    assert_eq!(
        projects.body["links"],
        json!({"next": null, "self": format!("{}/identity/v3/auth/projects", cloud.url), "previous": null})
    );
    let domains = demo.get("/identity/v3/auth/domains").await.expect(200);
    assert_eq!(domains.body["domains"], json!([]));
    assert_eq!(demo.get("/identity/v3/auth/system").await.expect(200).body["system"], json!([]));
    let system = admin.get("/identity/v3/auth/system").await.expect(200);
    assert_eq!(system.body["system"], json!([{"all": true}]));
    let unscoped = cloud.session("demo", "secret", Scope::Unscoped).await;
    unscoped.get("/identity/v3/auth/catalog").await.expect(403);
}

#[tokio::test]
async fn what_is_nowhere_is_a_page_of_flask() {
    let cloud = TestCloud::start().await;
    for session in [cloud.nobody(), cloud.demo().await] {
        let answer = session.get("/identity/v3/nope").await.expect(404);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.bytes.len(), 207);
        let method = session.put(TOKENS, json!({})).await.expect(405);
        assert_eq!(
            method.body,
            json!({"message": "The method is not allowed for the requested URL."})
        );
        assert_eq!(method.header("allow"), "POST, GET, HEAD, DELETE, OPTIONS");
        let regions = session.delete("/identity/v3/regions").await.expect(405);
        assert_eq!(regions.header("allow"), "GET, POST, HEAD, OPTIONS");
    }
}

#[tokio::test]
async fn discovery_is_what_keystoneauth_reads() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    let root = nobody.get("/identity").await.expect(300);
    let v3 = format!("{}/identity/v3/", cloud.url);
    assert_eq!(root.header("location"), v3);
    assert_eq!(root.text("/versions/values/0/links/0/href"), v3);
    for path in ["/identity/v3", "/identity/v3/"] {
        let answer = nobody.get(path).await.expect(200);
        assert_eq!(answer.text("/version/id"), "v3.14");
        assert_eq!(answer.body["version"], root.body["versions"]["values"][0]);
    }
    nobody.get("/identity/v2.0").await.expect(404);
}

#[tokio::test]
async fn the_files_to_log_in_with_stay_good() {
    let builder = TestCloud::builder().setting("identity", "admin_password", "").setting(
        "identity",
        "demo_password",
        "",
    );
    let cloud = builder.start().await;
    let password = password_of(&cloud);
    cloud.session("demo", &password, Scope::Project("demo")).await;
    let cloud = cloud.restart().await;
    assert_eq!(password_of(&cloud), password);
    cloud.session("demo", &password, Scope::Project("demo")).await;
}

fn password_of(cloud: &TestCloud) -> String {
    let text = std::fs::read_to_string(cloud.folder().join("openrc")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("export OS_PASSWORD=")).unwrap();
    line.trim_matches('\'').to_owned()
}
