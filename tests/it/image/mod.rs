//! The image API, a module per resource.

mod data;
mod discovery;
mod images;
mod members;
mod patches;

use serde_json::{Value, json};

use crate::support::{Answer, Session};

/// What a new image usually looks like.
fn body(name: &str) -> Value {
    json!({"name": name, "disk_format": "raw", "container_format": "bare"})
}

/// Makes an image; its id.
pub(crate) async fn create(session: &Session, body: Value) -> String {
    session.post("/image/v2/images", body).await.expect(201).text("/id")
}

/// Sends bytes.
pub(crate) async fn send(session: &Session, method: &str, path: &str, bytes: &[u8]) -> Answer {
    let request = session.request(method, path).header("Content-Type", "application/octet-stream");
    session.send(request.body(bytes.to_vec())).await
}

/// Uploads the data of an image.
pub(crate) async fn upload(session: &Session, id: &str, bytes: &[u8]) -> Answer {
    send(session, "PUT", &format!("/image/v2/images/{id}/file"), bytes).await
}

/// Patches an image.
async fn patch(session: &Session, id: &str, changes: Value) -> Answer {
    let request = session
        .request("PATCH", &format!("/image/v2/images/{id}"))
        .header("Content-Type", "application/openstack-images-v2.1-json-patch");
    session.send(request.body(changes.to_string())).await
}

/// The names in a list.
fn names(answer: &Answer) -> Vec<String> {
    let images = answer.body["images"].as_array().unwrap();
    images.iter().map(|image| image["name"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The sentence of a fault, without webob's frame.
fn sentence(answer: &Answer) -> String {
    answer.message().trim_end_matches("<br /><br />\n\n\n").to_owned()
}
