//! Groups of users: made, filled, given roles, and what becomes of the roles.

use serde_json::{Value, json};

use super::{keys, make_project, make_user, names};
use crate::support::{Scope, Session, TestCloud};

const GROUPS: &str = "/identity/v3/groups";

async fn make_group(admin: &Session, name: &str) -> String {
    let body = json!({"group": {"name": name}});
    admin.post(GROUPS, body).await.expect(201).text("/group/id")
}

async fn role(admin: &Session, name: &str) -> String {
    admin.find(&format!("/identity/v3/roles?name={name}"), "roles").await
}

#[tokio::test]
async fn a_group_is_made_changed_listed_and_removed() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let body = json!({"group": {"name": " ops ", "colour": "blue"}});
    let made = admin.post(GROUPS, body).await.expect(201);
    assert_eq!(
        keys(&made, "/group"),
        ["colour", "id", "name", "domain_id", "description", "links"]
    );
    assert_eq!(made.text("/group/name"), "ops");
    let taken = admin.post(GROUPS, json!({"group": {"name": "ops"}})).await.expect(409);
    assert_eq!(
        taken.message(),
        "Conflict occurred attempting to store group - Duplicate entry found with name ops at \
         domain ID default."
    );
    let one = format!("{GROUPS}/{}", made.text("/group/id"));
    let changed = json!({"group": {"description": "d"}});
    assert_eq!(admin.patch(&one, changed).await.expect(200).text("/group/description"), "d");
    admin.patch(&one, json!({"group": {"domain_id": "other"}})).await.expect(400);
    make_group(&admin, "dev").await;
    let listed = admin.get(&format!("{GROUPS}?name=ops")).await.expect(200);
    assert_eq!(names(&listed, "groups"), ["ops"]);
    let page = admin.get(&format!("{GROUPS}?limit=1")).await.expect(200);
    assert_eq!(page.body["truncated"], true);
    admin.delete(&one).await.expect(204);
    let gone = admin.get(&one).await.expect(404);
    assert!(gone.message().starts_with("Could not find group: "));
}

#[tokio::test]
async fn users_come_and_go() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let (user, group) = (make_user(&admin, "ann").await, make_group(&admin, "ops").await);
    let member = format!("{GROUPS}/{group}/users/{user}");
    let absent = admin.get(&member).await.expect(404);
    assert_eq!(absent.message(), format!("User '{user}' not found in group '{group}'"));
    admin.put(&member, Value::Null).await.expect(204);
    admin.put(&member, Value::Null).await.expect(204);
    admin.head(&member).await.expect(204);
    let users = admin.get(&format!("{GROUPS}/{group}/users")).await.expect(200);
    assert_eq!(names(&users, "users"), ["ann"]);
    let groups = admin.get(&format!("/identity/v3/users/{user}/groups")).await.expect(200);
    assert_eq!(names(&groups, "groups"), ["ops"]);
    admin.delete(&member).await.expect(204);
    admin.delete(&member).await.expect(404);
    admin.put(&format!("{GROUPS}/{group}/users/nobody"), Value::Null).await.expect(404);
    admin.put(&format!("{GROUPS}/none/users/{user}"), Value::Null).await.expect(404);
}

#[tokio::test]
async fn what_a_group_may_its_members_may() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let (user, project) = (make_user(&admin, "ann").await, make_project(&admin, "lab").await);
    let (group, reader) = (make_group(&admin, "ops").await, role(&admin, "reader").await);
    let grant = format!("/identity/v3/projects/{project}/groups/{group}/roles/{reader}");
    admin.put(&grant, Value::Null).await.expect(204);
    admin.get(&grant).await.expect(204);
    let member = format!("{GROUPS}/{group}/users/{user}");
    admin.put(&member, Value::Null).await.expect(204);
    let ann = cloud.session("ann", "secret", Scope::Project("lab")).await;
    ann.get("/compute/v2.1/servers").await.expect(200);
    let projects = ann.get("/identity/v3/auth/projects").await.expect(200);
    assert_eq!(names(&projects, "projects"), ["lab"]);
    admin.delete(&member).await.expect(204);
    ann.get("/compute/v2.1/servers").await.expect(401);
    admin.put(&member, Value::Null).await.expect(204);
    ann.get("/compute/v2.1/servers").await.expect(200);
    admin.delete(&format!("{GROUPS}/{group}")).await.expect(204);
    ann.get("/compute/v2.1/servers").await.expect(401);
    admin.get(&grant).await.expect(404);
}

#[tokio::test]
async fn roles_of_groups_are_listed_as_made_and_as_they_work() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let (user, project) = (make_user(&admin, "ann").await, make_project(&admin, "lab").await);
    let (group, member) = (make_group(&admin, "ops").await, role(&admin, "member").await);
    admin.put(&format!("{GROUPS}/{group}/users/{user}"), Value::Null).await.expect(204);
    for place in ["domains/default", "system"] {
        let path = format!("/identity/v3/{place}/groups/{group}/roles/{member}");
        admin.put(&path, Value::Null).await.expect(204);
        let listed = path.trim_end_matches(&format!("/{member}"));
        assert_eq!(names(&admin.get(listed).await.expect(200), "roles"), ["member"]);
        admin.delete(&path).await.expect(204);
    }
    let inherited = format!(
        "/identity/v3/OS-INHERIT/domains/default/groups/{group}/roles/{member}/inherited_to_projects"
    );
    admin.put(&inherited, Value::Null).await.expect(204);
    let made = format!("/identity/v3/role_assignments?group.id={group}&include_names");
    let made = admin.get(&made).await.expect(200);
    assert_eq!(made.text("/role_assignments/0/group/name"), "ops");
    assert_eq!(made.body["role_assignments"][0].get("user"), None);
    let works = format!(
        "/identity/v3/role_assignments?effective&user.id={user}&scope.project.id={project}\
         &role.id={member}"
    );
    let works = admin.get(&works).await.expect(200);
    let first = &works.body["role_assignments"][0];
    assert_eq!(first["user"]["id"], json!(user));
    let membership = format!("{}{GROUPS}/{group}/users/{user}", cloud.url);
    assert_eq!(first["links"]["membership"], json!(membership));
    assert_eq!(first["links"]["assignment"], json!(format!("{}{inherited}", cloud.url)));
    cloud.session("ann", "secret", Scope::Project("lab")).await;
}
