//! The states of an image while its data moves: check, decide, write.

use kit::clock::Time;
use kit::error::{Error, Kind, Result};
use kit::ids::ImageId;
use rusqlite::Connection;
use serde_json::Value;

use super::files::Received;
use crate::access::{Asker, not_found};
use crate::images::logic::save;
use crate::images::model::{Image, ImageStatus};
use crate::images::store;
use crate::info;
use crate::policy;

/// What the data that comes in is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `PUT /file`: the image is active afterwards.
    Upload,
    /// `PUT /stage`: an import makes it active later.
    Stage,
}

impl Purpose {
    /// The state in which data comes in.
    pub(crate) fn status(self) -> ImageStatus {
        match self {
            Self::Upload => ImageStatus::Saving,
            Self::Stage => ImageStatus::Uploading,
        }
    }
}

/// Gives an image to one upload; a second one is a conflict.
pub(crate) fn begin(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    purpose: Purpose,
    now: Time,
) -> Result<()> {
    let rule = match purpose {
        Purpose::Upload => &policy::UPLOAD_IMAGE,
        Purpose::Stage => &policy::MODIFY_IMAGE,
    };
    let mut image = asker.get(connection, id, rule)?;
    if image.status != ImageStatus::Queued {
        return Err(Error::conflict(format!(
            "Image status transition from {} to {} is not allowed",
            image.status,
            purpose.status()
        )));
    }
    if purpose == Purpose::Upload {
        check_formats(&image)?;
    }
    image.status = purpose.status();
    image.updated_at = now;
    save(connection, &image)
}

/// Glance: nobody could boot data of unknown formats.
fn check_formats(image: &Image) -> Result<()> {
    let missing = image.missing_formats();
    let noun = match missing.len() {
        0 => return Ok(()),
        1 => "Property",
        _ => "Properties",
    };
    Err(Error::bad_request(format!(
        "{noun} {} must be set prior to saving data.",
        missing.join(", ")
    )))
}

/// The data is complete and published. An image that was deleted meanwhile is gone.
pub(crate) fn finish(
    connection: &Connection,
    id: &ImageId,
    purpose: Purpose,
    received: &Received,
    now: Time,
) -> Result<()> {
    let image = store::get_for_system(connection, id)?;
    let Some(mut image) = image.filter(|image| image.status == purpose.status()) else {
        return Err(deleted_meanwhile(id));
    };
    image.size_bytes = Some(received.size_bytes);
    image.updated_at = now;
    match purpose {
        Purpose::Upload => activate(&mut image, &received.checksum, &received.hash),
        Purpose::Stage => {
            let Received { size_bytes, checksum, hash } = received;
            store::insert_staged(connection, id, *size_bytes, checksum, hash)?;
        }
    }
    save(connection, &image)
}

fn activate(image: &mut Image, checksum: &str, hash: &str) {
    image.status = ImageStatus::Active;
    image.checksum = Some(checksum.to_owned());
    image.hash = Some(hash.to_owned());
    // What a bare raw image describes is the image itself; other formats are not looked into.
    let is = |format: &Option<String>, name: &str| format.as_deref() == Some(name);
    if is(&image.container_format, "bare") && is(&image.disk_format, "raw") {
        image.virtual_size = image.size_bytes;
    }
}

fn deleted_meanwhile(id: &ImageId) -> Error {
    Error::new(
        Kind::Gone,
        format!(
            "Image {id} could not be found after upload. The image may have been deleted during \
             the upload, cleaning up the chunks uploaded."
        ),
    )
}

/// An upload broke: the image waits for another one. Gone or done already is success.
pub(crate) fn abandon(
    connection: &Connection,
    id: &ImageId,
    purpose: Purpose,
    now: Time,
) -> Result<()> {
    let image = store::get_for_system(connection, id)?;
    let Some(mut image) = image.filter(|image| image.status == purpose.status()) else {
        return Ok(());
    };
    image.status = ImageStatus::Queued;
    image.size_bytes = None;
    image.updated_at = now;
    save(connection, &image)
}

/// Reads the body of an import.
pub(crate) fn check_import(body: &Value) -> Result<()> {
    let bad = |sentence: String| Err(Error::bad_request(sentence));
    if body.is_null() {
        return bad("Body expected in request.".to_owned());
    }
    let Some(method) = body.get("method") else {
        return bad("Import request requires a 'method' field.".to_owned());
    };
    let Some(name) = method.get("name") else {
        return bad("Import request requires a 'name' field.".to_owned());
    };
    let name = name.as_str().unwrap_or_default();
    if info::METHODS.contains(&name) {
        return Ok(());
    }
    bad(format!("Unknown import method name '{name}'."))
}

/// Staged data becomes the image's. It lies where it belongs already, so this is all.
pub(crate) fn import(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
    now: Time,
) -> Result<()> {
    let guarded = asker.find(connection, id, not_found)?;
    let mut image = asker.open(guarded, &policy::MODIFY_IMAGE)?;
    if image.status == ImageStatus::Active {
        return Err(Error::conflict("Image with status active cannot be target for import"));
    }
    let staged = store::staged(connection, id)?.filter(|_| image.status == ImageStatus::Uploading);
    let Some((size_bytes, checksum, hash)) = staged else {
        return Err(Error::conflict(
            "Image needs to be staged before 'glance-direct' method can be used",
        ));
    };
    let mut missing = image.missing_formats();
    if let Some(format) = missing.pop() {
        return Err(Error::conflict(format!("'{format}' needs to be set before import")));
    }
    store::delete_staged(connection, id)?;
    image.size_bytes = Some(size_bytes);
    activate(&mut image, &checksum, &hash);
    image.updated_at = now;
    save(connection, &image)
}

/// The image whose data the caller may have.
pub(crate) fn open_for_download(
    connection: &Connection,
    asker: Asker<'_>,
    id: &ImageId,
) -> Result<Image> {
    let guarded = asker.find(connection, id, not_found)?;
    let image = asker.open(guarded, &policy::DOWNLOAD_IMAGE)?;
    if image.status == ImageStatus::Deactivated && !asker.is_admin() {
        return Err(Error::forbidden(
            "The requested image has been deactivated. Image data download is forbidden.",
        ));
    }
    Ok(image)
}
