//! The rules of images: check, decide, write.

use kit::clock::Time;
use kit::config::Image as Limits;
use kit::error::{Error, Result};
use kit::http::WEBOB_DETAIL;
use kit::ids::ImageId;
use kit::policy::{Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::attributes;
use super::model::{Image, ImageQuery, ImageStatus, Source, Visibility};
use super::patch::{Change, Dialect, Verb};
use super::store;
use crate::access::{Asker, not_found};
use crate::policy;
use crate::schemas;

/// A page of images, and whether another page may follow.
pub(crate) struct Listed {
    pub(crate) images: Vec<Image>,
    pub(crate) more: bool,
}

/// What the caller sees of the list. The marker must be visible too.
pub(crate) fn list(
    connection: &Connection,
    asker: Asker<'_>,
    query: &ImageQuery,
) -> Result<Listed> {
    asker.authorize(&policy::GET_IMAGES, &Target::own(asker.caller()))?;
    let viewer = asker.viewer();
    if let Some(marker) = &query.marker
        && store::get(connection, &viewer, marker)?.is_none()
    {
        return Err(Error::bad_request(format!("No image found with ID {marker}")));
    }
    let mut images = store::list(connection, &viewer, query)?;
    let full = i64::try_from(images.len()).is_ok_and(|rows| rows == query.limit);
    images.retain(|image| asker.allows(&policy::GET_IMAGE, image));
    Ok(Listed { more: full && !images.is_empty(), images })
}

/// Reads and judges the body of a create. Refusals come in Glance's order.
pub(crate) fn check_body(body: &Value) -> Result<&Map<String, Value>> {
    let attributes =
        body.as_object().ok_or_else(|| Error::bad_request("Body expected in request."))?;
    attributes::check_made_up(attributes)?;
    if attributes.contains_key("locations") {
        return Err(Error::forbidden("Attribute 'locations' is reserved."));
    }
    schemas::check_attributes(body)?;
    for name in attributes.keys() {
        attributes::check_new(name)?;
    }
    Ok(attributes)
}

/// Adds an image as `body` has it; [`check_body`] has passed it.
pub(crate) fn create(
    connection: &Connection,
    asker: Asker<'_>,
    limits: &Limits,
    body: &Map<String, Value>,
    now: Time,
) -> Result<Image> {
    let image = from_body(body, asker, now)?;
    check_add(asker, &image, body.contains_key("visibility"))?;
    check_tags(limits, image.tags.len())?;
    check_properties(limits, image.properties.len())?;
    if store::is_taken(connection, &image.id)? {
        return Err(Error::conflict(format!("Image ID {} already exists!", image.id)));
    }
    store::insert(connection, &image)?;
    Ok(image)
}

fn from_body(body: &Map<String, Value>, asker: Asker<'_>, now: Time) -> Result<Image> {
    let id = body.get("id").and_then(Value::as_str).map_or_else(ImageId::random, ImageId::from);
    let mut image = Image::new(id, asker.caller().project().cloned(), now);
    for (name, value) in body.iter().filter(|(name, _)| *name != "id") {
        if attributes::is_settable(name) {
            attributes::set(&mut image, name, value)?;
        } else {
            let text = value.as_str().unwrap_or_default();
            image.properties.insert(name.clone(), text.to_owned());
        }
    }
    Ok(image)
}

fn check_add(asker: Asker<'_>, image: &Image, visibility_given: bool) -> Result<()> {
    let target = image.target(asker.caller().project());
    asker.authorize(&policy::ADD_IMAGE, &target).map_err(|denied| match &image.owner {
        Some(owner) if Some(owner) != asker.caller().project() => {
            Error::forbidden(format!("You are not permitted to create images owned by '{owner}'"))
        }
        Some(_) | None => denied,
    })?;
    if visibility_given { check_visibility(asker, image, image.visibility) } else { Ok(()) }
}

/// Making an image public or a community image has rules of its own.
fn check_visibility(asker: Asker<'_>, image: &Image, wanted: Visibility) -> Result<()> {
    let target = image.target(asker.caller().project());
    match wanted {
        Visibility::Public => asker.authorize(&policy::PUBLICIZE_IMAGE, &target),
        Visibility::Community => asker.authorize(&policy::COMMUNITIZE_IMAGE, &target),
        Visibility::Shared | Visibility::Private => Ok(()),
    }
}

/// The limit on tags, -1 for none.
pub(crate) fn check_tags(limits: &Limits, attempted: usize) -> Result<()> {
    check_limit("tags", limits.image_tag_quota, attempted)
}

fn check_properties(limits: &Limits, attempted: usize) -> Result<()> {
    check_limit("properties", limits.image_property_quota, attempted)
}

fn check_limit(what: &str, maximum: i64, attempted: usize) -> Result<()> {
    let over = maximum >= 0 && i64::try_from(attempted).map_or(true, |number| number > maximum);
    if !over {
        return Ok(());
    }
    Err(Error::quota(format!(
        "The limit has been exceeded on the number of allowed image {what}. \
         Attempted: {attempted}, Maximum: {maximum}"
    )))
}

/// Applies a patch, all of it or nothing.
pub(crate) fn update(
    connection: &Connection,
    asker: Asker<'_>,
    limits: &Limits,
    id: &ImageId,
    changes: &[Change],
    now: Time,
) -> Result<Image> {
    let before = asker.get(connection, id, &policy::GET_IMAGE)?;
    let mut image = before.clone();
    for change in changes {
        check_change(connection, asker, &before, change)?;
        apply(&mut image, change, asker.is_admin())?;
    }
    if image.properties.keys().any(|name| !before.properties.contains_key(name)) {
        check_properties(limits, image.properties.len())?;
    }
    check_tags(limits, image.tags.len())?;
    if !changes.is_empty() {
        image.updated_at = now;
        save(connection, &image)?;
    }
    Ok(image)
}

fn check_change(
    connection: &Connection,
    asker: Asker<'_>,
    image: &Image,
    change: &Change,
) -> Result<()> {
    if change.name == "visibility"
        && let Some(wanted) = change.value.as_str().and_then(Visibility::parse)
    {
        check_visibility(asker, image, wanted)?;
    }
    asker.get(connection, &image.id, &policy::MODIFY_IMAGE)?;
    Ok(())
}

fn apply(image: &mut Image, change: &Change, admin: bool) -> Result<()> {
    let name = change.name.as_str();
    let base = attributes::is_settable(name);
    let present = base || image.properties.contains_key(name);
    let refused = |error: Error| Err(error.tag(WEBOB_DETAIL));
    match change.verb {
        _ if name == "locations" => refused(Error::forbidden(
            "It's not allowed to change locations if locations are invisible.",
        )),
        Verb::Replace if name == "owner" && !admin => {
            refused(Error::forbidden("Owner can't be updated by non admin."))
        }
        Verb::Remove if base => {
            refused(Error::forbidden(format!("Property {name} may not be removed.")))
        }
        Verb::Replace | Verb::Remove if !present => {
            refused(Error::conflict(format!("Property {name} does not exist.")))
        }
        Verb::Add if present && change.dialect == Dialect::Old => {
            refused(Error::conflict(format!("Property {name} already present.")))
        }
        Verb::Remove => {
            image.properties.remove(name);
            Ok(())
        }
        Verb::Add | Verb::Replace if base => attributes::set(image, name, &change.value),
        Verb::Add | Verb::Replace => {
            let text = change.value.as_str().unwrap_or_default();
            image.properties.insert(name.to_owned(), text.to_owned());
            Ok(())
        }
    }
}

/// Writes an image back that was read in the same closure.
pub(crate) fn save(connection: &Connection, image: &Image) -> Result<()> {
    if store::update(connection, image)? { Ok(()) } else { Err(not_found(&image.id)) }
}

/// Takes an image away. Its data goes with the next sweep ([`crate::reconcile`]).
pub(crate) fn delete(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    now: Time,
) -> Result<()> {
    let gone = |id: &ImageId| Error::not_found(format!("Failed to find image {id} to delete"));
    let guarded = asker.find(connection, id, gone)?;
    let image = asker.open(guarded, &policy::DELETE_IMAGE)?;
    if image.protected {
        return Err(Error::forbidden(format!("Image {id} is protected and cannot be deleted.")));
    }
    if image.source == Source::Engine {
        // Glance's answer when a store refuses to give its data up.
        return Err(Error::conflict(format!(
            "Image {id} could not be deleted because it is in use: it belongs to the container engine"
        )));
    }
    if store::delete(connection, id, now)? { Ok(()) } else { Err(gone(id)) }
}

/// Closes or opens the data of an image; doing it twice is no error.
pub(crate) fn set_active(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    active: bool,
    now: Time,
) -> Result<()> {
    let (rule, verb, wanted): (&Rule, _, _) = if active {
        (&policy::REACTIVATE, "reactivate", ImageStatus::Active)
    } else {
        (&policy::DEACTIVATE, "deactivate", ImageStatus::Deactivated)
    };
    let mut image = asker.get(connection, id, rule)?;
    if !matches!(image.status, ImageStatus::Active | ImageStatus::Deactivated) {
        let sentence = format!("Not allowed to {verb} image in status '{}'", image.status);
        return Err(Error::forbidden(sentence));
    }
    if image.status == wanted {
        return Ok(());
    }
    image.status = wanted;
    image.updated_at = now;
    save(connection, &image)
}
