//! The rules of tags: check, decide, write.

use kit::clock::Time;
use kit::config::Image as Limits;
use kit::error::{Error, Result};
use kit::ids::ImageId;
use rusqlite::Connection;

use crate::access::{Asker, image_not_found};
use crate::images::logic::{check_tags, save};
use crate::images::model::Image;
use crate::policy;
use crate::schemas;

fn open(connection: &Connection, asker: Asker<'_>, id: &ImageId) -> Result<Image> {
    asker.open(asker.find(connection, id, image_not_found)?, &policy::MODIFY_IMAGE)
}

/// Adds a tag; there already is success.
pub(crate) fn put(
    connection: &Connection,
    asker: Asker<'_>,
    limits: &Limits,
    id: &ImageId,
    tag: String,
    now: Time,
) -> Result<()> {
    schemas::check_tag(&tag)?;
    let mut image = open(connection, asker, id)?;
    if let Err(place) = image.tags.binary_search(&tag) {
        image.tags.insert(place, tag);
    }
    check_tags(limits, image.tags.len()).map_err(|error| {
        Error::quota(format!("Image tag limit exceeded for image {id}: {}:", error.public))
    })?;
    image.updated_at = now;
    save(connection, &image)
}

/// Takes a tag away.
pub(crate) fn delete(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    tag: &str,
    now: Time,
) -> Result<()> {
    let mut image = open(connection, asker, id)?;
    let Ok(place) = image.tags.binary_search_by(|own| own.as_str().cmp(tag)) else {
        return Err(Error::not_found("The resource could not be found."));
    };
    image.tags.remove(place);
    image.updated_at = now;
    save(connection, &image)
}
