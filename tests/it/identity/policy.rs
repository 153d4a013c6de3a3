//! Every operation of identity × who asks. A new row without a body here fails at its schema.

use identity::operations::V3;
use kit::http::{Method, Operation};
use serde_json::Value;

use crate::support::{Session, TestCloud};

/// What those who are no administrators may do with a token of their own project.
const FOR_EVERYBODY: &[&str] = &[
    "auth:catalog",
    "auth:domains",
    "auth:projects",
    "auth:system",
    "regions:index",
    "regions:show",
];

/// The smallest bodies that the contract takes.
static BODIES: &[(&str, &str)] = &[
    ("application_credentials:create", r#"{"application_credential": {"name": "x"}}"#),
    ("catalog_services:create", r#"{"service": {"type": "x"}}"#),
    ("catalog_services:update", r#"{"service": {"type": "x"}}"#),
    ("domains:create", r#"{"domain": {"name": "x"}}"#),
    ("domains:update", r#"{"domain": {"name": "x"}}"#),
    ("endpoints:create", ENDPOINT),
    ("endpoints:update", ENDPOINT),
    ("project_tags:replace", r#"{"tags": []}"#),
    ("projects:create", r#"{"project": {"name": "x"}}"#),
    ("projects:update", r#"{"project": {"name": "x"}}"#),
    ("regions:create", r#"{"region": {"id": "x"}}"#),
    ("regions:put", r#"{"region": {}}"#),
    ("regions:update", r#"{"region": {"description": "x"}}"#),
    ("roles:create", r#"{"role": {"name": "x"}}"#),
    ("roles:update", r#"{"role": {"name": "x"}}"#),
    ("users:create", r#"{"user": {"name": "x"}}"#),
    ("users:update", r#"{"user": {"name": "x"}}"#),
];

const ENDPOINT: &str =
    r#"{"endpoint": {"interface": "public", "service_id": "x", "url": "http://x/"}}"#;

async fn ask(session: &Session, row: &Operation, ids: &[(&str, &str)]) -> u16 {
    let path = ids
        .iter()
        .fold(row.path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
    let body = BODIES.iter().find(|(name, _)| *name == row.name);
    let body: Value = body.map_or(Value::Null, |(_, text)| serde_json::from_str(text).unwrap());
    // What has no id gets one that nothing has.
    let path = format!("/identity/v3{}", path.replace(['{', '}'], ""));
    let answer = match row.method {
        Method::GET => session.get(&path).await,
        Method::HEAD => session.head(&path).await,
        Method::POST => session.post(&path, body).await,
        Method::PUT => session.put(&path, body).await,
        Method::PATCH => session.patch(&path, body).await,
        Method::DELETE => session.delete(&path).await,
    };
    answer.status
}

fn guarded() -> impl Iterator<Item = &'static Operation> {
    V3.iter().filter(|row| !row.public)
}

#[tokio::test]
async fn without_a_token_nothing_is_answered() {
    let cloud = TestCloud::start().await;
    let nobody = cloud.nobody();
    for row in guarded() {
        assert_eq!(ask(&nobody, row, &[]).await, 401, "{}", row.name);
    }
}

#[tokio::test]
async fn the_roles_of_a_project_open_nothing_of_others() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let role = admin.find("/identity/v3/roles?name=admin", "roles").await;
    let ids = [
        ("user_id", admin.user.as_str()),
        ("project_id", admin.project.as_str()),
        ("domain_id", "default"),
        ("role_id", role.as_str()),
        ("region_id", "RegionOne"),
    ];
    for name in ["reader", "member", "manager"] {
        let session = cloud.user_with_role(name).await;
        for row in guarded() {
            // Keystone: everybody may show the domain of the own project.
            let open = FOR_EVERYBODY.contains(&row.name) || row.name == "domains:show";
            let expected = if open { 200 } else { 403 };
            assert_eq!(ask(&session, row, &ids).await, expected, "{name}: {}", row.name);
        }
    }
}

#[tokio::test]
async fn an_administrator_is_refused_nothing_but_the_credentials_of_others() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let own = "application_credentials:create";
    for row in guarded() {
        let status = ask(&admin, row, &[]).await;
        assert_eq!(status == 403, row.name == own, "{}: {status}", row.name);
        assert!(status != 401 && status < 500, "{}: {status}", row.name);
    }
}
