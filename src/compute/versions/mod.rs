//! The version documents: what a client reads before it asks for anything.
//!
//! Upstream: `nova/api/openstack/compute/versions.py`, `versionsV21.py`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use serde_json::{Value, json};

use crate::microversions::VERSIONS;

/// Id, path, status, since when, the version in media types.
type Major = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// What is said of an id that there is not.
const NOWHERE: &str = "The resource could not be found.";

/// The two major versions.
static MAJORS: &[Major] = &[
    ("v2.0", "/v2", "DEPRECATED", "2025-07-04T12:00:00Z", "2"),
    ("v2.1", "/v2.1", "CURRENT", "2013-07-23T11:33:21Z", "2.1"),
];

/// `GET /`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let root = call.links.root();
    let versions: Vec<Value> = MAJORS.iter().map(|major| document(major, &root)).collect();
    Ok(Reply::json(json!({"versions": versions})))
}

/// `GET /v9`: an unknown major version.
pub(crate) async fn choices(call: Call) -> Result<Reply> {
    let (root, asked) = (call.links.root(), call.param("path"));
    let choices: Vec<Value> = MAJORS
        .iter()
        .map(|(id, path, status, _, media)| {
            json!({
                "id": id, "status": status,
                "links": [{"rel": "self", "href": format!("{root}{path}/{asked}")}],
                "media-types": media_types(media),
            })
        })
        .collect();
    Ok(Reply::json(json!({"choices": choices})))
}

/// `GET /v2.1/`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let root = call.links.root();
    let current = MAJORS.iter().find(|(_, path, ..)| *path == call.links.version);
    Ok(Reply::json(json!({"version": current.map(|major| in_full(major, &root))})))
}

/// `GET /v2.1/versions/{version_id}`. Nova: below `/v2` it is always that of `/v2`.
pub(crate) async fn show_by_id(call: Call) -> Result<Reply> {
    let is_asked_for = |(id, path, ..): &&Major| match call.links.version.as_str() {
        "/v2" => *path == "/v2",
        _ => *id == call.param("version_id"),
    };
    let major = MAJORS.iter().find(is_asked_for).ok_or_else(|| Error::not_found(NOWHERE))?;
    Ok(Reply::json(json!({"version": in_full(major, &call.links.root())})))
}

fn in_full(major: &Major, root: &str) -> Value {
    let mut version = document(major, root);
    if let Some(links) = version.get_mut("links").and_then(Value::as_array_mut) {
        links.push(json!({
            "rel": "describedby", "type": "text/html", "href": "http://docs.openstack.org/",
        }));
    }
    if let Some(members) = version.as_object_mut() {
        members.insert("media-types".to_owned(), media_types(major.4));
    }
    version
}

fn document(major: &Major, root: &str) -> Value {
    let (id, path, status, updated, _) = major;
    let current = *path == "/v2.1";
    let edge = |version: kit::http::Mv| if current { version.to_string() } else { String::new() };
    json!({
        "id": id, "status": status,
        "version": edge(VERSIONS.max()), "min_version": edge(VERSIONS.min()),
        "updated": updated,
        "links": [{"rel": "self", "href": format!("{root}{path}/")}],
    })
}

fn media_types(version: &str) -> Value {
    json!([{
        "base": "application/json",
        "type": format!("application/vnd.openstack.compute+json;version={version}"),
    }])
}
