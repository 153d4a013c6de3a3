//! Projects: made, listed, shown, changed, deleted; their tree and their tags.

use serde_json::{Value, json};

use super::{keys, make_project, names};
use crate::support::TestCloud;

const PROJECTS: &str = "/identity/v3/projects";

#[tokio::test]
async fn a_project_shows_what_keystones_does() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let made = admin.post(PROJECTS, json!({"project": {"name": "lab"}})).await.expect(201);
    let shown = [
        "id",
        "name",
        "domain_id",
        "description",
        "enabled",
        "parent_id",
        "is_domain",
        "tags",
        "options",
        "links",
    ];
    assert_eq!(keys(&made, "/project"), shown);
    assert_eq!(made.text("/project/parent_id"), "default");
    let id = made.text("/project/id");
    let path = format!("{PROJECTS}/{id}");
    let changed = admin.patch(&path, json!({"project": {"description": "x"}})).await.expect(200);
    assert_eq!(changed.body["project"]["extra"], json!({}));
    let again = admin.post(PROJECTS, json!({"project": {"name": "lab"}})).await.expect(409);
    assert!(again.message().starts_with(
        "Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name or same id in the same domain: name is lab, project id "
    ));
    admin.delete(&path).await.expect(204);
    let gone = admin.get(&path).await.expect(404);
    assert_eq!(gone.message(), format!("Could not find project: {id}."));
}

#[tokio::test]
async fn members_see_their_own_project_only() {
    let cloud = TestCloud::start().await;
    let (demo, admin) = (cloud.demo().await, cloud.admin().await);
    demo.get(&format!("{PROJECTS}/{}", demo.project)).await.expect(200);
    demo.get(&format!("{PROJECTS}/{}", admin.project)).await.expect(403);
    demo.get(PROJECTS).await.expect(403);
    let refused = demo.post(PROJECTS, json!({"project": {"name": "x"}})).await.expect(403);
    assert_eq!(
        refused.message(),
        "You are not authorized to perform the requested action: identity:create_project."
    );
    let all = admin.get(PROJECTS).await.expect(200);
    assert_eq!(names(&all, "projects"), ["admin", "demo", "service"]);
    let domains = admin.get(&format!("{PROJECTS}?is_domain=true")).await.expect(200);
    assert_eq!(names(&domains, "projects"), ["Default"]);
    let named = admin.get(&format!("{PROJECTS}?name=demo")).await.expect(200);
    assert_eq!(names(&named, "projects"), ["demo"]);
    assert_eq!(named.text("/links/self"), format!("{}{PROJECTS}?name=demo", cloud.url));
}

#[tokio::test]
async fn a_branch_is_disabled_from_below_and_deleted_from_below() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let parent = make_project(&admin, "parent").await;
    let body = json!({"project": {"name": "child", "parent_id": parent}});
    let child = admin.post(PROJECTS, body).await.expect(201).text("/project/id");
    let (parent_path, child_path) = (format!("{PROJECTS}/{parent}"), format!("{PROJECTS}/{child}"));
    let enabled = |enabled: bool| json!({"project": {"enabled": enabled}});
    admin.patch(&parent_path, enabled(false)).await.expect(403);
    admin.delete(&parent_path).await.expect(403);
    admin.patch(&child_path, enabled(false)).await.expect(200);
    admin.patch(&parent_path, enabled(false)).await.expect(200);
    admin.patch(&child_path, enabled(true)).await.expect(403);
    let body = json!({"project": {"name": "other", "parent_id": parent}});
    admin.post(PROJECTS, body).await.expect(400);
    admin.patch(&child_path, json!({"project": {"parent_id": "default"}})).await.expect(403);
    let shown = admin.get(&format!("{child_path}?parents_as_ids")).await.expect(200);
    assert_eq!(shown.body["project"]["parents"], json!({&parent: {"default": null}}));
    let shown = admin.get(&format!("{parent_path}?subtree_as_ids")).await.expect(200);
    assert_eq!(shown.body["project"]["subtree"], json!({&child: null}));
    admin.delete(&child_path).await.expect(204);
    admin.delete(&parent_path).await.expect(204);
}

#[tokio::test]
async fn an_immutable_project_is_left_alone_until_it_is_not() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let path = format!("{PROJECTS}/{}", make_project(&admin, "lab").await);
    let options = |immutable: bool| json!({"project": {"options": {"immutable": immutable}}});
    admin.patch(&path, options(true)).await.expect(200);
    let refused = admin.patch(&path, json!({"project": {"name": "x"}})).await.expect(403);
    assert!(refused.message().starts_with("Unable to update immutable project resource: `"));
    admin.delete(&path).await.expect(403);
    admin.put(&format!("{path}/tags/a"), Value::Null).await.expect(403);
    admin.patch(&path, options(false)).await.expect(200);
    admin.delete(&path).await.expect(204);
}

#[tokio::test]
async fn tags_are_set_checked_and_filtered_by() {
    let cloud = TestCloud::start().await;
    let admin = cloud.admin().await;
    let path = format!("{PROJECTS}/{}", make_project(&admin, "lab").await);
    let tags = format!("{path}/tags");
    let added = admin.put(&format!("{tags}/red"), Value::Null).await.expect(201);
    assert_eq!(added.header("location"), format!("{}{tags}/red", cloud.url));
    admin.get(&format!("{tags}/red")).await.expect(204);
    let absent = admin.get(&format!("{tags}/blue")).await.expect(404);
    assert_eq!(absent.message(), "Could not find project tag: blue.");
    let set = admin.put(&tags, json!({"tags": ["green", "blue"]})).await.expect(200);
    assert_eq!(set.body["tags"], json!(["green", "blue"]));
    let list = async |query: &str| {
        let answer = admin.get(&format!("{PROJECTS}?{query}")).await.expect(200);
        names(&answer, "projects")
    };
    assert_eq!(list("tags=green,blue").await, ["lab"]);
    assert_eq!(list("tags=green,red").await, [""; 0]);
    assert_eq!(list("tags-any=green,red").await, ["lab"]);
    assert_eq!(list("not-tags-any=green").await, ["admin", "demo", "service"]);
    admin.delete(&format!("{tags}/green")).await.expect(204);
    admin.delete(&tags).await.expect(204);
    assert_eq!(admin.get(&tags).await.expect(200).body["tags"], json!([]));
    admin.put(&tags, json!({"tags": ["a/b"]})).await.expect(400);
}
