//! The identity API, a module per resource.

mod application_credentials;
mod catalog;
mod credentials;
mod domains;
mod groups;
mod projects;
mod role_assignments;
mod roles;
mod tokens;
mod users;

use serde_json::{Value, json};

use crate::support::{Answer, Session};

/// Makes a user in the default domain and gives the id.
pub(crate) async fn make_user(admin: &Session, name: &str) -> String {
    let body = json!({"user": {"name": name, "password": "secret"}});
    admin.post("/identity/v3/users", body).await.expect(201).text("/user/id")
}

/// Makes a project in the default domain and gives the id.
pub(crate) async fn make_project(admin: &Session, name: &str) -> String {
    let body = json!({"project": {"name": name}});
    admin.post("/identity/v3/projects", body).await.expect(201).text("/project/id")
}

/// Gives a user a role on a project, by the role's name.
pub(crate) async fn grant(admin: &Session, project: &str, user: &str, role: &str) -> String {
    let role = admin.find(&format!("/identity/v3/roles?name={role}"), "roles").await;
    let path = format!("/identity/v3/projects/{project}/users/{user}/roles/{role}");
    admin.put(&path, Value::Null).await.expect(204);
    path
}

/// The keys of the object at a pointer, in order.
fn keys(answer: &Answer, pointer: &str) -> Vec<String> {
    let object = answer.body.pointer(pointer).unwrap().as_object().unwrap();
    object.keys().cloned().collect()
}

/// The names in a list of rows.
fn names(answer: &Answer, collection: &str) -> Vec<String> {
    let rows = answer.body[collection].as_array().unwrap();
    let mut names: Vec<String> =
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}
