//! The orchestration API, a module per resource.

mod amazons_networks;
mod amazons_users;
mod breakpoints;
mod cloudformation;
mod docker;
mod external;
mod launched_groups;
mod load_balancers;
mod nested_stacks;
mod network_types;
mod resource_groups;
mod resource_types;
mod routed;
mod scaling;
mod server_networks;
mod servers;
mod signals;
mod software;
mod stack_adoptions;
mod stack_diagrams;
mod stack_events;
mod stack_exports;
mod stack_power_cuts;
mod stack_previews;
mod stack_resources;
mod stack_snapshots;
mod stacks;
mod template_validate;
mod template_versions;
mod types;

use serde_json::{Value, json};

use crate::support::{Answer, Session, TestCloud};

/// Where the session's project is.
fn root(session: &Session) -> String {
    format!("/orchestration/v1/{}", session.project)
}

/// Class and sentence of a refusal.
fn error(answer: &Answer) -> (&str, &str) {
    let body = &answer.body["error"];
    (body["type"].as_str().unwrap(), body["message"].as_str().unwrap())
}

/// The URL of `path` in the session's project.
fn url(session: &Session, path: &str) -> String {
    format!("{}{path}", root(session))
}

/// A template of these resources.
fn template(resources: Value) -> Value {
    json!({"heat_template_version": "2018-08-31", "resources": resources})
}

/// A stack that keeps values and does nothing else.
struct Stack<'a> {
    session: &'a Session,
    path: String,
}

impl<'a> Stack<'a> {
    /// Asks for one.
    async fn create(session: &'a Session, body: Value) -> Self {
        let made = session.post(&url(session, "/stacks"), body.clone()).await.expect(201);
        let name = body["stack_name"].as_str().unwrap();
        let path = url(session, &format!("/stacks/{name}/{}", made.text("/stack/id")));
        assert!(made.header("location").ends_with(&path), "{}", made.header("location"));
        Self { session, path }
    }

    /// Asks for one of these resources, without rollback.
    async fn of(session: &'a Session, name: &str, resources: Value) -> Self {
        Self::create(session, json!({"stack_name": name, "template": template(resources)})).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.session.get(&format!("{}{path}", self.path)).await.expect(200)
    }

    /// A resource, once it is made.
    async fn ready(&self, name: &str) -> Answer {
        let path = format!("{}/resources/{name}", self.path);
        let made =
            |answer: &Answer| answer.optional("/resource/resource_status") == "CREATE_COMPLETE";
        self.session.wait(&path, made).await
    }

    /// The stack, once it is in this state.
    async fn reaches(&self, state: &str) -> Answer {
        let reached = |answer: &Answer| answer.optional("/stack/stack_status") == state;
        self.session.wait(&self.path, reached).await
    }

    /// Deletes it and waits for its end.
    async fn end(&self) {
        self.session.delete(&self.path).await.expect(204);
        self.reaches("DELETE_COMPLETE").await;
    }

    /// Name and state of every event, the oldest first.
    async fn story(&self) -> Vec<String> {
        let events = self.get("/events?sort_dir=asc").await;
        let rows = events.body["events"].as_array().unwrap().iter();
        rows.map(|row| {
            format!(
                "{} {}",
                row["resource_name"].as_str().unwrap(),
                row["resource_status"].as_str().unwrap()
            )
        })
        .collect()
    }
}

#[tokio::test]
async fn the_catalogue_leads_to_the_project_of_the_token() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let versions = cloud.nobody().get("/orchestration/").await.expect(300);
    let href = versions.text("/versions/0/links/0/href");
    assert_eq!(href, format!("{}/orchestration/v1/", cloud.url));
    let catalogue = demo.get("/identity/v3/auth/catalog").await.expect(200);
    let rows = catalogue.body["catalog"].as_array().unwrap();
    let heat = rows.iter().find(|row| row["type"] == "orchestration").unwrap();
    assert_eq!(heat["endpoints"][0]["url"], json!(format!("{}{}", cloud.url, root(&demo))));
}

#[tokio::test]
async fn what_is_nowhere_is_refused_in_heats_words() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let nowhere = demo.get(&format!("{}/nosuch", root(&demo))).await.expect(404);
    assert_eq!(
        nowhere.body,
        json!({
            "message": "The resource could not be found.<br /><br />\n\n\n",
            "code": "404 Not Found",
            "title": "Not Found",
        })
    );
    let other = demo.get("/orchestration/v1/otherproj/template_versions").await.expect(403);
    assert_eq!(error(&other), ("HTTPForbidden", "Access was denied to this resource."));
    let method = demo.put(&format!("{}/validate", root(&demo)), Value::Null).await.expect(405);
    assert_eq!(error(&method).0, "HTTPMethodNotAllowed");
}
