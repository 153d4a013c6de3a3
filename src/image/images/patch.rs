//! `PATCH /images/{image_id}`: the two media types, read into changes. Pure.
//!
//! Glance: `images.RequestDeserializer.update`. v2.1 is JSON patch as RFC 6902 drafts have it,
//! v2.0 its fourth draft; both know `add`, `remove` and `replace` of one attribute.

use kit::error::{Error, Kind, Result};
use kit::http::WEBOB_DETAIL;
use serde_json::{Map, Value, json};

use super::attributes;
use crate::schemas;

/// The media types that a patch may have, and the dialect of each.
const MEDIA_TYPES: &[(&str, Dialect)] = &[
    ("application/openstack-images-v2.0-json-patch", Dialect::Old),
    ("application/openstack-images-v2.1-json-patch", Dialect::New),
];

const OPERATIONS: &[(&str, Verb)] =
    &[("add", Verb::Add), ("remove", Verb::Remove), ("replace", Verb::Replace)];

/// How a change is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `{"replace": "/name", "value": "x"}`.
    Old,
    /// `{"op": "replace", "path": "/name", "value": "x"}`.
    New,
}

/// What a change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Sets the attribute; in the old dialect only one that is not there.
    Add,
    /// Takes an additional property away.
    Remove,
    /// Sets an attribute that is there.
    Replace,
}

/// One change of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) verb: Verb,
    pub(crate) name: String,
    /// `Null` for a removal.
    pub(crate) value: Value,
    pub(crate) dialect: Dialect,
}

/// Reads the changes of a patch.
pub(crate) fn parse(media_type: &str, body: &Value) -> Result<Vec<Change>> {
    let dialect = MEDIA_TYPES.iter().find(|(name, _)| *name == media_type);
    let dialect = dialect.map(|(_, dialect)| *dialect).ok_or_else(|| unsupported(media_type))?;
    if body.is_null() {
        return Err(Error::bad_request("Body expected in request."));
    }
    let Some(operations) = body.as_array() else {
        return bad("Request body must be a JSON array of operation objects.");
    };
    operations.iter().map(|operation| change(dialect, operation)).collect()
}

fn unsupported(media_type: &str) -> Error {
    let names: Vec<&str> = MEDIA_TYPES.iter().map(|(name, _)| *name).collect();
    let sentence = format!("Image PATCH expects Content-Type one of: {}", names.join(", "));
    Error::new(Kind::UnsupportedMediaType, sentence).tag(WEBOB_DETAIL).private(media_type)
}

fn bad<T>(sentence: impl Into<String>) -> Result<T> {
    Err(Error::bad_request(sentence))
}

fn change(dialect: Dialect, operation: &Value) -> Result<Change> {
    let Some(members) = operation.as_object() else {
        return bad("Operations must be JSON objects.");
    };
    let (verb, word, pointer) = match dialect {
        Dialect::New => new_verb(members)?,
        Dialect::Old => old_verb(members)?,
    };
    let path = decode(pointer)?;
    let name = attribute(verb, &path)?;
    let value = match (verb, members.get("value")) {
        (Verb::Remove, _) => Value::Null,
        (Verb::Add | Verb::Replace, Some(value)) => value.clone(),
        (Verb::Add | Verb::Replace, None) => {
            return bad(format!("Operation \"{word}\" requires a member named \"value\"."));
        }
    };
    attributes::check_patched(&name)?;
    if verb != Verb::Remove && path.len() == 1 {
        schemas::check_attributes(&json!({ name.as_str(): value }))?;
    }
    Ok(Change { verb, name, value, dialect })
}

type Parts<'a> = (Verb, &'a str, &'a str);

fn new_verb(members: &Map<String, Value>) -> Result<Parts<'_>> {
    let known = "add, remove, replace";
    let Some(word) = members.get("op").and_then(Value::as_str) else {
        return bad(format!(
            "Unable to find `op` in JSON Schema change. It must be one of the following: {known}."
        ));
    };
    let Some((word, verb)) = OPERATIONS.iter().find(|(name, _)| *name == word) else {
        return bad(format!(
            "Invalid operation: `{word}`. It must be one of the following: {known}."
        ));
    };
    match members.get("path").and_then(Value::as_str) {
        Some(pointer) => Ok((*verb, word, pointer)),
        None => bad("Unable to find 'path' in JSON Schema change"),
    }
}

fn old_verb(members: &Map<String, Value>) -> Result<Parts<'_>> {
    let mut named = OPERATIONS.iter().filter_map(|(word, verb)| {
        members.get(*word).map(|pointer| (*verb, *word, pointer.as_str().unwrap_or_default()))
    });
    match (named.next(), named.next()) {
        (Some(parts), None) => Ok(parts),
        (Some(_), Some(_)) => bad(
            "Operation objects must contain only one member named \"add\", \"remove\", or \"replace\".",
        ),
        (None, _) => bad(
            "Operation objects must contain exactly one member named \"add\", \"remove\", or \"replace\".",
        ),
    }
}

/// The limited JSON pointers that Glance takes, with its sentences.
fn decode(pointer: &str) -> Result<Vec<String>> {
    let Some(rest) = pointer.strip_prefix('/') else {
        return bad(format!("Pointer `{pointer}` does not start with \"/\"."));
    };
    let parts: Vec<&str> = rest.split('/').collect();
    let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    if inner.iter().any(|part| part.trim().is_empty()) {
        return bad(format!("Pointer `{pointer}` contains adjacent \"/\"."));
    }
    if pointer.len() > 1 && pointer.ends_with('/') {
        return bad(format!("Pointer `{pointer}` end with \"/\"."));
    }
    let escapes = pointer.split('~').skip(1);
    if escapes.into_iter().any(|after| !after.starts_with(['0', '1'])) {
        return bad(format!(
            "Pointer `{pointer}` contains \"~\" not part of a recognized escape sequence."
        ));
    }
    Ok(parts
        .iter()
        .map(|part| part.replace("~1", "/").replace("~0", "~").trim().to_owned())
        .collect())
}

/// The attribute that a path names. Only `locations` has depth, and those are refused later.
fn attribute(verb: Verb, path: &[String]) -> Result<String> {
    let root = path.first().cloned().unwrap_or_default();
    let depth = match (root.as_str(), verb) {
        ("locations", Verb::Add | Verb::Remove) => 2,
        _ => 1,
    };
    if path.len() == depth {
        return Ok(root);
    }
    bad(format!("Invalid JSON pointer for this resource: '/{}'", path.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "application/openstack-images-v2.1-json-patch";
    const OLD: &str = "application/openstack-images-v2.0-json-patch";

    fn refused(media_type: &str, body: &Value) -> String {
        parse(media_type, body).unwrap_err().public
    }

    #[test]
    fn both_dialects_say_the_same() {
        let new = parse(NEW, &json!([{"op": "replace", "path": "/name", "value": "x"}])).unwrap();
        let old = parse(OLD, &json!([{"replace": "/name", "value": "x"}])).unwrap();
        assert_eq!((new[0].verb, &new[0].name), (old[0].verb, &old[0].name));
        assert_eq!(old[0].dialect, Dialect::Old);
    }

    #[test]
    fn what_is_not_a_patch_is_told_why() {
        for (body, sentence) in [
            (json!({}), "Request body must be a JSON array of operation objects."),
            (json!([1]), "Operations must be JSON objects."),
            (
                json!([{"op": "move", "path": "/a"}]),
                "Invalid operation: `move`. It must be one of the following: add, remove, replace.",
            ),
            (json!([{"op": "add"}]), "Unable to find 'path' in JSON Schema change"),
            (
                json!([{"op": "add", "path": "/a"}]),
                "Operation \"add\" requires a member named \"value\".",
            ),
            (json!([{"op": "remove", "path": "a"}]), "Pointer `a` does not start with \"/\"."),
            (json!([{"op": "remove", "path": "/a/"}]), "Pointer `/a/` end with \"/\"."),
            (
                json!([{"op": "remove", "path": "/a~2"}]),
                "Pointer `/a~2` contains \"~\" not part of a recognized escape sequence.",
            ),
            (
                json!([{"op": "remove", "path": "/a/b"}]),
                "Invalid JSON pointer for this resource: '/a/b'",
            ),
            (
                json!([{"op": "replace", "path": "/status", "value": "x"}]),
                "Attribute 'status' is read-only.",
            ),
            (
                json!([{"op": "add", "path": "/os_glance_x", "value": "x"}]),
                "Attribute 'os_glance_x' is reserved.",
            ),
        ] {
            assert_eq!(refused(NEW, &body), sentence);
        }
        assert!(refused("application/json", &json!([])).starts_with("Image PATCH expects"));
    }

    #[test]
    fn escapes_are_decoded_and_values_held_to_the_schema() {
        let changes = parse(NEW, &json!([{"op": "add", "path": "/a~1b~0", "value": "x"}])).unwrap();
        assert_eq!(changes[0].name, "a/b~");
        let sentence = refused(NEW, &json!([{"op": "replace", "path": "/name", "value": 5}]));
        assert!(sentence.starts_with("Provided object does not match schema 'image': 5 is not"));
    }
}
