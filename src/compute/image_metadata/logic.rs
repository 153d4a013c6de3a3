//! The rules of image metadata: check, decide, write.

use std::collections::BTreeMap;

use image::facade;
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::{ImageId, ProjectId};
use kit::platform::Platform;
use kit::policy::Caller;
use rusqlite::Connection;

use crate::images::logic as images;

/// Keys and values.
pub(super) type Metadata = BTreeMap<String, String>;

/// What becomes of the properties of an image.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// These are added, or get the new value.
    Merge(Metadata),
    /// These are all that is left.
    Replace(Metadata),
    /// This one goes; it must be there.
    Remove(String),
}

/// Changes the properties of an image as the caller. The properties afterwards.
pub(super) fn update(
    connection: &Connection,
    platform: &Platform,
    caller: &Caller,
    id: &ImageId,
    change: Change,
    now: Time,
) -> Result<Metadata> {
    let before = images::find(connection, &platform.policy, caller, id)?.properties;
    let after = apply(before, change)?;
    check_quota(connection, platform, caller.require_project()?, after.len())?;
    facade::set_properties(connection, &platform.policy, caller, id, after.clone(), now)?;
    Ok(after)
}

fn apply(mut metadata: Metadata, change: Change) -> Result<Metadata> {
    match change {
        Change::Merge(more) => metadata.extend(more),
        Change::Replace(all) => metadata = all,
        Change::Remove(key) => {
            let missing = || Error::not_found("Invalid metadata key");
            metadata.remove(&key).ok_or_else(missing)?;
        }
    }
    Ok(metadata)
}

/// The project's limit of metadata items holds for images too (Nova:
/// `check_img_metadata_properties_quota`).
pub(crate) fn check_quota(
    connection: &Connection,
    platform: &Platform,
    project: &ProjectId,
    items: usize,
) -> Result<()> {
    let limit = platform.quotas.limit(connection, project, "metadata_items")?;
    if limit >= 0 && i64::try_from(items).map_or(true, |items| items > limit) {
        return Err(Error::quota("Image metadata limit exceeded"));
    }
    Ok(())
}
