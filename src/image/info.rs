//! Discovery: versions, import methods, stores, usage, tasks. Fixed answers but for links.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use serde_json::{Value, json};

use crate::access::{self, image_id};
use crate::policy;

/// How data can be imported.
pub(crate) const METHODS: &[&str] = &["glance-direct"];

/// Glance 33 without a cache and without several stores, in its own order.
static VERSIONS: &[(&str, &str)] = &[
    ("v2.15", "SUPPORTED"),
    ("v2.9", "SUPPORTED"),
    ("v2.17", "CURRENT"),
    ("v2.7", "SUPPORTED"),
    ("v2.6", "SUPPORTED"),
    ("v2.5", "SUPPORTED"),
    ("v2.4", "SUPPORTED"),
    ("v2.3", "SUPPORTED"),
    ("v2.2", "SUPPORTED"),
    ("v2.1", "SUPPORTED"),
    ("v2.0", "SUPPORTED"),
];

/// `GET /` and `GET /versions`.
pub(crate) async fn versions(call: Call) -> Result<Reply> {
    let href = format!("{}/v2/", call.links.root());
    let shown = |(id, status): &(&str, &str)| json!({"id": id, "status": status, "links": [{"rel": "self", "href": href}]});
    let all: Vec<Value> = VERSIONS.iter().map(shown).collect();
    Ok(Reply::json(json!({ "versions": all })))
}

/// `GET /info/import`.
pub(crate) async fn import(_: Call) -> Result<Reply> {
    Ok(Reply::json(json!({"import-methods": {
        "description": "Import methods available.", "type": "array", "value": METHODS,
    }})))
}

/// `GET /info/stores`: one store, which is not named.
pub(crate) async fn stores(_: Call) -> Result<Reply> {
    Err(Error::not_found("Multi backend is not supported at this site."))
}

/// `GET /info/usage`: there are no limits per project.
pub(crate) async fn usage(_: Call) -> Result<Reply> {
    Ok(Reply::json(json!({"usage": {}})))
}

/// `GET /tasks`: imports are done within their request, so there never is one.
pub(crate) async fn tasks(call: Call) -> Result<Reply> {
    call.authorize()?;
    Ok(Reply::json(json!({"tasks": [], "first": "/v2/tasks", "schema": "/v2/schemas/tasks"})))
}

/// `GET /images/{image_id}/tasks`.
pub(crate) async fn image_tasks(call: Call) -> Result<Reply> {
    let id = image_id(&call);
    let hidden = |_| Error::not_found("The resource could not be found.");
    access::read(&call, move |db, asker| asker.get(db, &id, &policy::GET_IMAGE))
        .await
        .map_err(hidden)?;
    Ok(Reply::json(json!({"tasks": []})))
}
