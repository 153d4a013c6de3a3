//! Application credentials: made, used, limited, ended.

use serde_json::{Value, json};

use super::{grant, keys, make_project, make_user};
use crate::support::{Answer, Scope, Session, TestCloud};

const TOKENS: &str = "/identity/v3/auth/tokens";

fn path(session: &Session) -> String {
    format!("/identity/v3/users/{}/application_credentials", session.user)
}

async fn make(session: &Session, credential: Value) -> Answer {
    session.post(&path(session), json!({"application_credential": credential})).await
}

fn login(credential: &Value) -> Value {
    let identity =
        json!({"methods": ["application_credential"], "application_credential": credential});
    json!({"auth": {"identity": identity}})
}

async fn session_of(owner: &Session, made: &Answer) -> Session {
    let (id, secret) =
        (made.text("/application_credential/id"), made.text("/application_credential/secret"));
    let answer = owner.post(TOKENS, login(&json!({"id": id, "secret": secret}))).await.expect(201);
    owner.with_token(answer.header("x-subject-token"))
}

#[tokio::test]
async fn a_credential_logs_in_to_its_project() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let made = make(&demo, json!({"name": "robot", "description": "d"})).await.expect(201);
    let fields = [
        "id",
        "name",
        "description",
        "user_id",
        "project_id",
        "system",
        "expires_at",
        "unrestricted",
        "roles",
        "secret",
        "links",
    ];
    assert_eq!(keys(&made, "/application_credential"), fields);
    let credential = &made.body["application_credential"];
    let by_id = json!({"id": credential["id"], "secret": credential["secret"]});
    let answer = cloud.nobody().post(TOKENS, login(&by_id)).await.expect(201);
    assert_eq!(answer.body["token"]["methods"], json!(["application_credential"]));
    assert_eq!(answer.text("/token/project/id"), demo.project);
    assert_eq!(
        answer.body["token"]["application_credential"],
        json!({"id": credential["id"], "name": "robot", "restricted": true})
    );
    let by_name = json!({
        "name": "robot", "user": {"name": "demo", "domain": {"id": "default"}},
        "secret": credential["secret"]});
    cloud.nobody().post(TOKENS, login(&by_name)).await.expect(201);
    let wrong = json!({"id": credential["id"], "secret": "wrong"});
    cloud.nobody().post(TOKENS, login(&wrong)).await.expect(401);
    let mut scoped = login(&by_id);
    scoped["auth"]["scope"] = json!({"project": {"id": demo.project}});
    cloud.nobody().post(TOKENS, scoped).await.expect(401);
    let shown = demo.get(&path(&demo)).await.expect(200);
    assert!(shown.body["application_credentials"][0].get("secret").is_none());
    make(&demo, json!({"name": "robot"})).await.expect(409);
}

#[tokio::test]
async fn a_credential_may_not_widen_itself() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let made =
        make(&demo, json!({"name": "robot", "roles": [{"name": "reader"}]})).await.expect(201);
    let robot = session_of(&demo, &made).await;
    let shown = robot.request("GET", TOKENS).header("X-Subject-Token", &robot.token);
    let shown = robot.send(shown).await.expect(200);
    assert_eq!(shown.body["token"]["roles"].as_array().unwrap().len(), 1);
    make(&robot, json!({"name": "other"})).await.expect(403);
    let own = format!("{}/{}", path(&demo), made.text("/application_credential/id"));
    robot.delete(&own).await.expect(403);
    let token = json!({"auth": {"identity": {"methods": ["token"], "token": {"id": robot.token}}}});
    robot.post(TOKENS, token).await.expect(403);
    let wider = make(&demo, json!({"name": "wide", "roles": [{"name": "admin"}]})).await;
    assert!(wider.expect(400).message().ends_with("with unassigned role"));
    let free = make(&demo, json!({"name": "free", "unrestricted": true})).await.expect(201);
    make(&session_of(&demo, &free).await, json!({"name": "another"})).await.expect(201);
}

#[tokio::test]
async fn a_credential_ends_with_its_time_its_row_and_its_role() {
    let cloud = TestCloud::builder().manual_clock().start().await;
    let admin = cloud.admin().await;
    let (user, project) = (make_user(&admin, "ann").await, make_project(&admin, "lab").await);
    let role = grant(&admin, &project, &user, "member").await;
    let ann = cloud.session("ann", "secret", Scope::Project("lab")).await;
    let end = cloud.clock.now().plus_seconds(60).iso_micro();
    let catalog = "/identity/v3/auth/catalog";

    let brief = make(&ann, json!({"name": "brief", "expires_at": end})).await.expect(201);
    let robot = session_of(&ann, &brief).await;
    robot.get(catalog).await.expect(200);
    cloud.clock.advance_seconds(61);
    robot.get(catalog).await.expect(401);
    make(&ann, json!({"name": "late", "expires_at": end})).await.expect(400);

    let made = make(&ann, json!({"name": "gone"})).await.expect(201);
    let robot = session_of(&ann, &made).await;
    let own = format!("{}/{}", path(&ann), made.text("/application_credential/id"));
    ann.delete(&own).await.expect(204);
    robot.get(catalog).await.expect(401);
    ann.get(&own).await.expect(404);

    let made = make(&ann, json!({"name": "roleless"})).await.expect(201);
    let robot = session_of(&ann, &made).await;
    admin.delete(&role).await.expect(204);
    robot.get(catalog).await.expect(401);
}

#[tokio::test]
async fn credentials_are_their_owners_affair() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    let made = make(&admin, json!({"name": "robot"})).await.expect(201);
    let id = made.text("/application_credential/id");
    demo.get(&path(&admin)).await.expect(403);
    let body = json!({"application_credential": {"name": "x"}});
    demo.post(&path(&admin), body).await.expect(403);
    for user in [&admin, &demo] {
        demo.get(&format!("{}/{id}", path(user))).await.expect(403);
        demo.delete(&format!("{}/{id}", path(user))).await.expect(403);
    }
    admin.get(&path(&demo)).await.expect(200);
}
