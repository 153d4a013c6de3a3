//! Keystone 30: `keystone/common/policies`. All personas are of the domain `default` and have
//! tokens for a project, so the clauses for domain and system tokens open nothing to them.

use serde_json::{Value, json};

use super::world::{Ids, Owners};
use super::{ADMIN, ANYBODY, OTHERS, OWN_MEMBER, PUBLIC, READER, Row, Verdicts, row};
use crate::support::Session;

/// Keystone: managers may show the roles that the manager of a domain may hand out.
const HANDED_OUT: Verdicts = [401, 403, 403, 403, 200, 200];

const LOGIN: &str = r#"{"auth": {"identity": {"methods": ["password"], "password": {"user": {
    "id": "{user_id}", "password": "secret"}}}}}"#;
const CREDENTIAL: &str = r#"{"application_credential": {"name": "made"}}"#;
const ENDPOINT: &str = r#"{"endpoint": {
    "interface": "public", "service_id": "{service_id}", "url": "http://x/"}}"#;
const MINE: &[(&str, &str)] = &[("user_id", "own_user_id")];
const ACCESS: &[(&str, &str)] = &[("credential_id", "access")];

/// One thing of every kind that the administrator made, none of which a persona stands on;
/// the user is `demo`, with a tag on the project and an application credential.
pub(super) async fn furnish(owners: &Owners, session: &Session) -> Ids {
    let Owners { demo, admin } = owners;
    let make = async |by: &Session, path: &str, name: &str, body: Value| {
        let path = format!("/identity/v3/{path}");
        by.post(&path, json!({name: body})).await.expect(201).text(&format!("/{name}/id"))
    };
    let named = json!({"name": "matrix"});
    let prior = make(admin, "roles", "role", named.clone()).await;
    let implied = make(admin, "roles", "role", json!({"name": "implied"})).await;
    // Keystone deletes disabled domains only.
    let domain = json!({"name": "matrix", "enabled": false});
    let domain = make(admin, "domains", "domain", domain).await;
    let region = make(admin, "regions", "region", json!({"id": "matrix"})).await;
    let service = make(admin, "services", "service", json!({"type": "matrix"})).await;
    let endpoint = json!({"interface": "public", "service_id": service, "url": "http://x/"});
    let endpoint = make(admin, "endpoints", "endpoint", endpoint).await;
    let credentials = format!("users/{}/application_credentials", demo.user);
    let credential = make(demo, &credentials, "application_credential", named).await;
    let held = json!({"blob": "x", "type": "totp", "user_id": demo.user});
    let held = make(demo, "credentials", "credential", held).await;
    let keys = format!("/identity/v3/users/{}/credentials/OS-EC2", demo.user);
    let keys = demo.post(&keys, json!({"tenant_id": demo.project})).await.expect(201);
    let group = make(admin, "groups", "group", json!({"name": "matrix"})).await;
    let tag = format!("/identity/v3/projects/{}/tags/blue", demo.project);
    admin.put(&tag, Value::Null).await.expect(201);
    Ids::from([
        ("user_id", demo.user.clone()),
        // Nobody has none, and a path without it would be another one.
        (
            "own_user_id",
            if session.user.is_empty() { "nobody".to_owned() } else { session.user.clone() },
        ),
        ("application_credential_id", credential),
        ("credential_id", held),
        ("group_id", group),
        ("access", keys.text("/credential/access")),
        ("value", "blue".to_owned()),
        ("domain_id", domain),
        ("own_domain_id", "default".to_owned()),
        ("role_id", implied.clone()),
        ("member_role_id", admin.find("/identity/v3/roles?name=member", "roles").await),
        ("prior_role_id", prior),
        ("implied_role_id", implied),
        ("service_id", service),
        ("endpoint_id", endpoint),
        ("region_id", region),
    ])
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("identity_versions:index", PUBLIC),
    row("identity_versions:show", PUBLIC),
    row("auth:catalog", ANYBODY),
    row("auth:projects", ANYBODY),
    row("auth:domains", ANYBODY),
    row("auth:system", ANYBODY),
    row("tokens:issue", PUBLIC).body(LOGIN),
    row("tokens:show", ADMIN),
    row("tokens:check", ADMIN),
    row("tokens:revoke", ADMIN),

    row("users:index", ADMIN),
    row("users:create", ADMIN).body(r#"{"user": {"name": "x"}}"#),
    row("users:show", ADMIN),
    row("users:show", ANYBODY).on(MINE),
    row("users:update", ADMIN).body(r#"{"user": {"description": "x"}}"#),
    row("users:projects", ADMIN),
    row("users:projects", ANYBODY).on(MINE),
    row("application_credentials:index", ADMIN),
    row("application_credentials:index", ANYBODY).on(MINE),
    row("application_credentials:create", OTHERS).body(CREDENTIAL),
    row("application_credentials:create", ANYBODY).on(MINE).body(CREDENTIAL),
    row("application_credentials:show", ADMIN),
    row("application_credentials:delete", ADMIN),

    row("groups:index", ADMIN),
    row("groups:create", ADMIN).body(r#"{"group": {"name": "x"}}"#),
    row("groups:show", ADMIN),
    row("groups:update", ADMIN).body(r#"{"group": {"description": "x"}}"#),
    row("groups:add_user", ADMIN),
    row("groups:check_user", ADMIN),
    row("groups:users", ADMIN),
    row("groups:remove_user", ADMIN),
    row("users:groups", ADMIN),
    row("users:groups", ANYBODY).on(MINE),
    row("project_grants:create_of_group", ADMIN),
    row("project_grants:check_of_group", ADMIN),
    row("project_grants:index_of_group", ADMIN),
    row("project_grants:revoke_of_group", ADMIN),
    row("domain_grants:create_of_group", ADMIN),
    row("domain_grants:check_of_group", ADMIN),
    row("domain_grants:index_of_group", ADMIN),
    row("domain_grants:revoke_of_group", ADMIN),
    row("system_grants:create_of_group", ADMIN),
    row("system_grants:check_of_group", ADMIN),
    row("system_grants:index_of_group", ADMIN),
    row("system_grants:revoke_of_group", ADMIN),
    row("inherited_grants:create_domain_of_group", ADMIN),
    row("inherited_grants:check_domain_of_group", ADMIN),
    row("inherited_grants:index_of_group", ADMIN),
    row("inherited_grants:revoke_domain_of_group", ADMIN),
    row("inherited_grants:create_project_of_group", ADMIN),
    row("inherited_grants:check_project_of_group", ADMIN),
    row("inherited_grants:revoke_project_of_group", ADMIN),
    row("groups:delete", ADMIN),
    row("credentials:index", ANYBODY),
    row("credentials:create", ADMIN).body(r#"{"credential": {"blob": "x", "type": "totp", "user_id": "{user_id}"}}"#),
    row("credentials:create", ANYBODY).body(r#"{"credential": {"blob": "x", "type": "totp", "user_id": "{own_user_id}"}}"#),
    row("credentials:show", ADMIN),
    row("credentials:update", ADMIN).body(r#"{"credential": {"blob": "y"}}"#),
    row("credentials:delete", ADMIN),
    row("ec2_credentials:index", ADMIN),
    row("ec2_credentials:index", ANYBODY).on(MINE),
    row("ec2_credentials:create", ADMIN).body(r#"{"tenant_id": "{project_id}"}"#),
    row("ec2_credentials:create", OWN_MEMBER).on(MINE).body(r#"{"tenant_id": "{project_id}"}"#),
    row("ec2_credentials:show", ADMIN).on(ACCESS),
    row("ec2_credentials:delete", ADMIN).on(ACCESS),
    // The request is not signed, which is told to whoever may ask.
    row("ec2_tokens:issue", [401, 403, 403, 403, 403, 401]).body(r#"{"credentials": {}}"#),

    row("domains:index", ADMIN),
    row("domains:create", ADMIN).body(r#"{"domain": {"name": "x"}}"#),
    row("domains:show", ADMIN),
    row("domains:show", ANYBODY).on(&[("domain_id", "own_domain_id")]),
    row("domains:update", ADMIN).body(r#"{"domain": {"description": "x"}}"#),

    row("projects:index", ADMIN),
    row("projects:create", ADMIN).body(r#"{"project": {"name": "x"}}"#),
    // Keystone: whoever has a token of the project.
    row("projects:show", READER),
    row("projects:update", ADMIN).body(r#"{"project": {"description": "x"}}"#),
    row("project_tags:index", READER),
    row("project_tags:check", READER),
    row("project_tags:remove", ADMIN),
    row("project_tags:add", ADMIN),
    row("project_tags:replace", ADMIN).body(r#"{"tags": []}"#),
    row("project_tags:clear", ADMIN),

    row("role_assignments:index", ADMIN),
    row("project_grants:create", ADMIN),
    row("project_grants:check", ADMIN),
    row("project_grants:index", ADMIN),
    row("project_grants:revoke", ADMIN),
    row("domain_grants:create", ADMIN),
    row("domain_grants:check", ADMIN),
    row("domain_grants:index", ADMIN),
    row("domain_grants:revoke", ADMIN),
    row("system_grants:create", ADMIN),
    row("system_grants:check", ADMIN),
    row("system_grants:index", ADMIN),
    row("system_grants:revoke", ADMIN),
    row("inherited_grants:create_domain", ADMIN),
    row("inherited_grants:check_domain", ADMIN),
    row("inherited_grants:index", ADMIN),
    row("inherited_grants:revoke_domain", ADMIN),
    row("inherited_grants:create_project", ADMIN),
    row("inherited_grants:check_project", ADMIN),
    row("inherited_grants:revoke_project", ADMIN),

    row("roles:index", ADMIN),
    row("roles:create", ADMIN).body(r#"{"role": {"name": "x"}}"#),
    row("roles:show", ADMIN),
    row("roles:show", HANDED_OUT).on(&[("role_id", "member_role_id")]),
    row("roles:update", ADMIN).body(r#"{"role": {"description": "x"}}"#),
    row("role_inferences:create", ADMIN),
    row("role_inferences:index", ADMIN),
    row("role_inferences:of_role", ADMIN),
    row("role_inferences:show", ADMIN),
    row("role_inferences:check", ADMIN),
    row("role_inferences:delete", ADMIN),
    row("roles:delete", ADMIN),

    row("catalog_services:index", ADMIN),
    row("catalog_services:create", ADMIN).body(r#"{"service": {"type": "x"}}"#),
    row("catalog_services:show", ADMIN),
    row("catalog_services:update", ADMIN).body(r#"{"service": {"type": "x"}}"#),
    row("endpoints:index", ADMIN),
    row("endpoints:create", ADMIN).body(ENDPOINT),
    row("endpoints:show", ADMIN),
    row("endpoints:update", ADMIN).body(r#"{"endpoint": {"url": "http://y/"}}"#),
    row("endpoints:delete", ADMIN),
    row("catalog_services:delete", ADMIN),
    row("regions:index", ANYBODY),
    row("regions:create", ADMIN).body(r#"{"region": {"id": "x"}}"#),
    row("regions:show", ANYBODY),
    row("regions:put", ADMIN).body(r#"{"region": {}}"#),
    row("regions:update", ADMIN).body(r#"{"region": {"description": "x"}}"#),
    row("regions:delete", ADMIN),

    row("users:change_password", PUBLIC).body(r#"{"user": {"original_password": "secret", "password": "other"}}"#),
    row("users:delete", ADMIN),
    row("domains:delete", ADMIN),
    row("projects:delete", ADMIN),
];
