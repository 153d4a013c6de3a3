//! The attributes of an image as clients name them: which may be set, and what setting one does.
//!
//! Creates and patches both go through here. Pure: nothing is read or written but the image.

use kit::error::{Error, Result};
use kit::http::WEBOB_DETAIL;
use kit::ids::ProjectId;
use serde_json::{Map, Value};

use super::model::{Image, ImageStatus, Visibility};

/// Attributes that the API makes up; a body that has one is refused before anything else.
const MADE_UP: &[&str] = &["direct_url", "self", "file", "schema", "stores"];

/// Attributes that only the service changes.
const READ_ONLY: &[&str] = &[
    "created_at",
    "updated_at",
    "status",
    "checksum",
    "size",
    "virtual_size",
    "direct_url",
    "self",
    "file",
    "schema",
    "id",
    "os_hash_algo",
    "os_hash_value",
];

/// Names that no additional property may have.
const RESERVED: &[&str] = &["location", "deleted", "deleted_at"];

/// No additional property may begin so.
const RESERVED_PREFIX: &str = "os_glance_";

/// Glance: 2³¹ − 1, what its database column holds.
const MAX_INTEGER: i64 = 2_147_483_647;

/// The base attributes that clients may set.
const SETTABLE: &[&str] = &[
    "name",
    "visibility",
    "protected",
    "os_hidden",
    "owner",
    "container_format",
    "disk_format",
    "min_disk",
    "min_ram",
    "tags",
];

/// Whether it is a base attribute that clients may set.
pub(crate) fn is_settable(name: &str) -> bool {
    SETTABLE.contains(&name)
}

/// Refuses attributes in a create that clients may not give, in the order that Glance does.
pub(crate) fn check_made_up(attributes: &Map<String, Value>) -> Result<()> {
    match MADE_UP.iter().find(|name| attributes.contains_key(**name)) {
        Some(name) => Err(read_only(name)),
        None => Ok(()),
    }
}

/// Refuses an attribute of a create that is read-only or reserved. An `id` may be given.
pub(crate) fn check_new(name: &str) -> Result<()> {
    if name.chars().count() > 255 {
        return Err(Error::bad_request(
            "Custom property should not be greater than 255 characters.",
        ));
    }
    check_reserved(name)?;
    if name != "id" && READ_ONLY.contains(&name) { Err(read_only(name)) } else { Ok(()) }
}

/// Refuses an attribute of a patch that is read-only or reserved.
pub(crate) fn check_patched(name: &str) -> Result<()> {
    if READ_ONLY.contains(&name) {
        return Err(read_only(name));
    }
    check_reserved(name)
}

fn check_reserved(name: &str) -> Result<()> {
    if RESERVED.contains(&name) || name.starts_with(RESERVED_PREFIX) {
        let sentence = format!("Attribute '{name}' is reserved.");
        return Err(Error::forbidden(sentence).tag(WEBOB_DETAIL));
    }
    Ok(())
}

fn read_only(name: &str) -> Error {
    Error::forbidden(format!("Attribute '{name}' is read-only."))
}

/// Sets one base attribute to a value that has passed the schema.
pub(crate) fn set(image: &mut Image, name: &str, value: &Value) -> Result<()> {
    match name {
        "name" => image.name = text(value),
        "visibility" => image.visibility = visibility(value)?,
        "protected" => image.protected = value == &Value::Bool(true),
        "os_hidden" => image.hidden = value == &Value::Bool(true),
        "owner" => image.owner = text(value).filter(|id| !id.is_empty()).map(ProjectId::from),
        "container_format" => {
            check_format_is_open(image, name)?;
            image.container_format = text(value);
        }
        "disk_format" => {
            check_format_is_open(image, name)?;
            image.disk_format = text(value);
        }
        "min_disk" => image.min_disk_gb = size(name, value)?,
        "min_ram" => image.min_ram_mb = size(name, value)?,
        "tags" => image.tags = tags(value),
        other => return Err(Error::internal(format!("{other} is no base attribute"))),
    }
    Ok(())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn visibility(value: &Value) -> Result<Visibility> {
    value.as_str().and_then(Visibility::parse).ok_or_else(|| {
        Error::bad_request(
            "Visibility must be one of \"community\", \"public\", \"private\", or \"shared\"",
        )
    })
}

/// Glance: the formats describe the data, so they are fixed once there is some.
fn check_format_is_open(image: &Image, name: &str) -> Result<()> {
    if image.status == ImageStatus::Queued {
        return Ok(());
    }
    Err(Error::forbidden(format!("Attribute {name} can be only replaced for a queued image.")))
}

fn size(name: &str, value: &Value) -> Result<i64> {
    let number = value.as_i64().unwrap_or_default();
    if number < 0 {
        return Err(Error::bad_request(format!(
            "Invalid value '{number}' for parameter '{name}': Cannot be a negative value"
        )));
    }
    if number > MAX_INTEGER {
        return Err(Error::bad_request(format!(
            "'{name}' value out of range, must not exceed {MAX_INTEGER}."
        )));
    }
    Ok(number)
}

/// Tags are a set: each once, in one order.
fn tags(value: &Value) -> Vec<String> {
    let mut tags: Vec<String> = value.as_array().into_iter().flatten().filter_map(text).collect();
    tags.sort();
    tags.dedup();
    tags
}

#[cfg(test)]
mod tests {
    use kit::clock::Time;
    use kit::error::Kind;
    use kit::ids::ImageId;
    use serde_json::json;

    use super::*;

    fn image() -> Image {
        Image::new(ImageId::from("i"), None, Time(0))
    }

    #[test]
    fn every_settable_attribute_can_be_set() {
        for name in SETTABLE {
            let value = match *name {
                "visibility" => json!("private"),
                "protected" | "os_hidden" => json!(true),
                "min_disk" | "min_ram" => json!(1),
                "tags" => json!(["b", "a", "b"]),
                _ => json!("x"),
            };
            set(&mut image(), name, &value).unwrap();
        }
        let mut image = image();
        set(&mut image, "tags", &json!(["b", "a", "b"])).unwrap();
        assert_eq!(image.tags, ["a", "b"]);
    }

    #[test]
    fn formats_are_fixed_once_there_is_data() {
        let mut image = image();
        set(&mut image, "disk_format", &json!("raw")).unwrap();
        image.status = ImageStatus::Active;
        let error = set(&mut image, "disk_format", &json!("qcow2")).unwrap_err();
        assert_eq!(error.kind, Kind::Forbidden);
        assert_eq!(image.disk_format.as_deref(), Some("raw"));
    }

    #[test]
    fn sizes_have_both_ends() {
        let mut image = image();
        assert!(set(&mut image, "min_ram", &json!(-1)).is_err());
        assert!(set(&mut image, "min_ram", &json!(2_147_483_648_i64)).is_err());
        set(&mut image, "min_ram", &json!(MAX_INTEGER)).unwrap();
    }
}
