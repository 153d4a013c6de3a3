//! The orchestration API, a module per resource.

mod template_validate;
mod template_versions;

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
