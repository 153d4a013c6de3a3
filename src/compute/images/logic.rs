//! What a list of images asks for, and what it may be refused with.

use image::facade::{self, BootImage, Comparison, Condition, ImageQuery, Shown};
use kit::clock::Time;
use kit::error::{Error, Kind, Result};
use kit::http::Page;
use kit::ids::ImageId;
use kit::policy::{Caller, Enforcer};
use rusqlite::Connection;

/// Nova's sentence for an image that is not there, or hidden.
pub(crate) fn not_found() -> Error {
    Error::not_found("Image not found.")
}

/// The image, if the caller may see it.
pub(crate) fn find(
    connection: &Connection,
    policy: &Enforcer,
    caller: &Caller,
    id: &ImageId,
) -> Result<BootImage> {
    facade::get_visible(connection, policy, caller, id)?.ok_or_else(not_found)
}

/// Deletes an image as the caller; Nova has sentences of its own.
pub(super) fn delete(
    connection: &Connection,
    policy: &Enforcer,
    caller: &Caller,
    id: &ImageId,
    now: Time,
) -> Result<()> {
    let outcome = facade::delete(connection, policy, caller, id, now);
    outcome.map_err(|error| {
        if error.kind == Kind::NotFound {
            not_found()
        } else if error.kind == Kind::Forbidden {
            Error::forbidden("You are not allowed to delete the image.")
        } else {
            error
        }
    })
}

/// The newest first, with the filters that Nova knows; others are nothing to it.
pub(super) fn query(page: &Page, filters: &[(String, String)]) -> ImageQuery {
    ImageQuery {
        conditions: filters.iter().filter_map(|(key, value)| condition(key, value)).collect(),
        visibility: Shown::Usual,
        member_status: None,
        order: vec![("created_at", true), ("id", true)],
        limit: page.limit,
        marker: page.marker.clone().map(ImageId::from),
    }
}

fn condition(key: &str, value: &str) -> Option<Condition> {
    let text = |column| Condition::OneOf(column, vec![value.to_lowercase()]);
    let number = |column| {
        let wanted = value.parse().ok();
        wanted.map_or(Condition::Never, |n| Condition::Compare(column, Comparison::Equal, n))
    };
    match key {
        "name" => Some(Condition::OneOf("name", vec![value.to_owned()])),
        "status" => Some(text("status")),
        "minRam" => Some(number("min_ram_mb")),
        "minDisk" => Some(number("min_disk_gb")),
        // An id, or the URL of a server.
        "server" => Some(property("instance_uuid", value.rsplit('/').next().unwrap_or(value))),
        "type" => Some(property("image_type", value)),
        "changes-since" => Time::parse(value)
            .map(|time| Condition::Compare("updated_at", Comparison::GreaterOrEqual, time.0)),
        other => other.strip_prefix("property-").map(|name| property(name, value)),
    }
}

fn property(name: &str, value: &str) -> Condition {
    Condition::Property(name.to_owned(), value.to_owned())
}
