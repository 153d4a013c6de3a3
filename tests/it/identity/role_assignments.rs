//! Who has which role where: grants, inheritance, the list.

use serde_json::{Value, json};

use super::{grant, make_project, make_user, names};
use crate::support::{Scope, TestCloud};

const ASSIGNMENTS: &str = "/identity/v3/role_assignments";

#[tokio::test]
async fn a_grant_is_made_checked_listed_and_revoked() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let (user, project) = (make_user(&admin, "ann").await, make_project(&admin, "lab").await);
    let path = grant(&admin, &project, &user, "member").await;
    admin.put(&path, Value::Null).await.expect(204);
    admin.head(&path).await.expect(204);
    let list = format!("/identity/v3/projects/{project}/users/{user}/roles");
    assert_eq!(names(&admin.get(&list).await.expect(200), "roles"), ["member"]);
    admin.delete(&path).await.expect(204);
    let gone = admin.get(&path).await.expect(404);
    assert!(gone.message().starts_with("Could not find role assignment with role: "));
    admin.delete(&path).await.expect(404);
    admin.put(&path.replace(&user, "nope"), Value::Null).await.expect(404);
    admin.put(&path.replace(&project, "nope"), Value::Null).await.expect(404);
    cloud.demo().await.put(&path, Value::Null).await.expect(403);
}

#[tokio::test]
async fn the_list_shows_names_and_links_of_what_is_asked_for() {
    let cloud = TestCloud::start().await;
    let (admin, demo) = (cloud.admin().await, cloud.demo().await);
    let query = format!("{ASSIGNMENTS}?user.id={}&include_names", demo.user);
    let listed = admin.get(&query).await.expect(200);
    let member = admin.find("/identity/v3/roles?name=member", "roles").await;
    let link = format!(
        "{}/identity/v3/projects/{}/users/{}/roles/{member}",
        cloud.url, demo.project, demo.user
    );
    let domain = json!({"id": "default", "name": "Default"});
    assert_eq!(
        listed.body["role_assignments"],
        json!([{
            "links": {"assignment": link},
            "scope": {"project": {"id": demo.project, "name": "demo", "domain": domain}},
            "user": {"id": demo.user, "name": "demo", "domain": domain},
            "role": {"id": member, "name": "member"},
        }])
    );
    assert_eq!(listed.text("/links/self"), format!("{}{query}", cloud.url));
    let count = async |query: &str| {
        let answer = admin.get(&format!("{ASSIGNMENTS}?{query}")).await.expect(200);
        answer.body["role_assignments"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 5);
    assert_eq!(count("scope.system=all").await, 1);
    assert_eq!(count("scope.domain.id=default").await, 1);
    assert_eq!(count(&format!("role.id={member}")).await, 1);
    assert_eq!(count(&format!("user.id={}&effective", demo.user)).await, 2);
    assert_eq!(count("group.id=x").await, 0);
    let both = admin.get(&format!("{ASSIGNMENTS}?scope.system=all&scope.domain.id=x")).await;
    assert_eq!(both.expect(400).message(), "Specify system or domain, not both");
    demo.get(ASSIGNMENTS).await.expect(403);
}

#[tokio::test]
async fn a_role_is_inherited_by_the_projects_below() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let (user, project) = (make_user(&admin, "ann").await, make_project(&admin, "lab").await);
    let role = admin.find("/identity/v3/roles?name=member", "roles").await;
    let path = format!(
        "/identity/v3/OS-INHERIT/domains/default/users/{user}/roles/{role}/inherited_to_projects"
    );
    admin.put(&path, Value::Null).await.expect(204);
    admin.get(&path).await.expect(204);
    let session = cloud.session("ann", "secret", Scope::Project("lab")).await;
    let own = session.get("/identity/v3/auth/projects").await.expect(200);
    assert_eq!(names(&own, "projects"), ["admin", "demo", "lab", "service"]);
    let query = format!("{ASSIGNMENTS}?user.id={user}&scope.project.id={project}&effective");
    let shown = admin.get(&query).await.expect(200);
    assert_eq!(shown.text("/role_assignments/0/scope/OS-INHERIT:inherited_to"), "projects");
    assert!(shown.text("/role_assignments/0/links/assignment").ends_with(&path));
    admin.delete(&path).await.expect(204);
    session.get("/identity/v3/auth/projects").await.expect(401);
}

#[tokio::test]
async fn a_role_on_the_system_opens_the_system() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let user = make_user(&admin, "ann").await;
    let role = admin.find("/identity/v3/roles?name=reader", "roles").await;
    let path = format!("/identity/v3/system/users/{user}/roles/{role}");
    admin.put(&path, Value::Null).await.expect(204);
    let session = cloud.session("ann", "secret", Scope::System).await;
    session.get("/identity/v3/users").await.expect(200);
    session.post("/identity/v3/users", json!({"user": {"name": "x"}})).await.expect(403);
    let list = format!("/identity/v3/system/users/{user}/roles");
    assert_eq!(names(&admin.get(&list).await.expect(200), "roles"), ["reader"]);
    admin.delete(&path).await.expect(204);
    session.get("/identity/v3/users").await.expect(401);
}
