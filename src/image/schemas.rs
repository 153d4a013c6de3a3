//! The schema documents: what `/v2/schemas/…` answers, and what creates and patches are held to.
//!
//! `schemas/*.json` hold the two documents; the collections are made of them.

use std::sync::LazyLock;

use kit::error::{Error, Result};
use kit::http::contract::Schema;
use kit::http::{Call, Reply, wording};
use serde_json::{Value, json};

const IMAGE: &str = include_str!("schemas/image.json");
const MEMBER: &str = include_str!("schemas/member.json");

/// What an image may look like: the base attributes, and any other as a text.
static ATTRIBUTES: LazyLock<Result<Schema>> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(IMAGE)?;
    let mut properties = document.get("properties").cloned().unwrap_or_default();
    // Locations are refused before anything looks at their shape.
    properties.as_object_mut().map(|all| all.shift_remove("locations"));
    Schema::new(json!({"properties": properties, "additionalProperties": {"type": "string"}}))
});

/// Holds attributes of an image to the schema; the sentence is all that python-jsonschema tells.
pub(crate) fn check_attributes(attributes: &Value) -> Result<()> {
    let schema = ATTRIBUTES.as_ref().map_err(Clone::clone)?;
    schema.check(attributes).map_err(|invalid| {
        Error::bad_request(format!(
            "Provided object does not match schema 'image': {}",
            wording::in_full(&invalid)
        ))
    })
}

/// Holds one tag to the schema.
pub(crate) fn check_tag(tag: &str) -> Result<()> {
    check_attributes(&json!({"tags": [tag]}))
}

/// `GET /schemas/image`.
pub(crate) async fn image(_: Call) -> Result<Reply> {
    Ok(Reply::json(serde_json::from_str(IMAGE)?))
}

/// `GET /schemas/images`.
pub(crate) async fn images(_: Call) -> Result<Reply> {
    Ok(Reply::json(json!({
        "name": "images",
        "properties": {
            "images": {"type": "array", "items": serde_json::from_str::<Value>(IMAGE)?},
            "first": {"type": "string"},
            "next": {"type": "string"},
            "schema": {"type": "string"},
        },
        "links": [
            {"rel": "first", "href": "{first}"},
            {"rel": "next", "href": "{next}"},
            {"rel": "describedby", "href": "{schema}"},
        ],
    })))
}

/// `GET /schemas/member`.
pub(crate) async fn member(_: Call) -> Result<Reply> {
    Ok(Reply::json(serde_json::from_str(MEMBER)?))
}

/// `GET /schemas/members`.
pub(crate) async fn members(_: Call) -> Result<Reply> {
    Ok(Reply::json(json!({
        "name": "members",
        "properties": {
            "members": {"type": "array", "items": serde_json::from_str::<Value>(MEMBER)?},
            "schema": {"type": "string"},
        },
        "links": [{"rel": "describedby", "href": "{schema}"}],
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_attribute_is_told_as_glance_tells_it() {
        let error = check_attributes(&json!({"name": 5})).unwrap_err();
        assert_eq!(
            error.public,
            "Provided object does not match schema 'image': 5 is not of type 'null', 'string'\n\n\
             Failed validating 'type' in schema['properties']['name']:\n    \
             {'type': ['null', 'string'],\n     'description': 'Descriptive name for the image',\n     \
             'maxLength': 255}\n\nOn instance['name']:\n    5"
        );
        let error = check_attributes(&json!({"os_distro": 5})).unwrap_err();
        assert!(error.public.contains("in schema['additionalProperties']"), "{error}");
        check_attributes(&json!({"name": null, "min_ram": 1, "tags": ["a"]})).unwrap();
    }
}
