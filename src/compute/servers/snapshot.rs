//! A guest's file system becomes an image: what `createImage`, `createBackup` and `shelve` share.
//!
//! [`begin`] makes the image's row in the write that promises the work; the act [`commit`] has the
//! engine make the image, and [`finish`] or [`discard`] says of the row what came of it. Which
//! states a server has meanwhile is its action's affair.

use std::collections::BTreeMap;

use image::facade::NewSnapshot;
use kit::engine::{EngineImage, LABEL_ID, LABEL_INSTALLATION, LABEL_KIND, LABEL_PROJECT, Labels};
use kit::error::Result;
use kit::http::Call;
use kit::ids::ImageId;
use kit::workflow::{Context, Failure};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::logic::Asked;
use super::model::Server;
use super::steps::read_server;
use crate::image_metadata::logic::check_quota;
use crate::microversions::IMAGE_METADATA_GONE;

/// The part of every such operation's parameters that the steps here read.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Params {
    pub(crate) image: ImageId,
}

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) name: String,
    pub(crate) properties: BTreeMap<String, String>,
    /// Whether the quota of image metadata counts the properties.
    pub(crate) counted: bool,
}

impl Snapshot {
    /// What the body of an action asks for.
    pub(crate) fn of(call: &Call, entity: &Value) -> Self {
        let name = entity.get("name").and_then(Value::as_str).unwrap_or_default();
        let metadata = entity.get("metadata").and_then(Value::as_object).cloned();
        let metadata = metadata.unwrap_or_default().into_iter();
        Self {
            name: name.trim().to_owned(),
            properties: metadata.map(|(key, value)| (key, crate::loose::text(&value))).collect(),
            // The quota went when image metadata went to Glance.
            counted: call.version < IMAGE_METADATA_GONE,
        }
    }

    /// Whether the quota admits the properties.
    pub(crate) fn check_quota(&self, asked: &Asked, connection: &Connection) -> Result<()> {
        if self.counted {
            let project = asked.caller.require_project()?;
            check_quota(connection, &asked.platform, project, self.properties.len())?;
        }
        Ok(())
    }
}

/// Makes the row of the image: `snapshot` or `backup`, saving.
pub(crate) fn begin(
    asked: &Asked,
    connection: &Connection,
    server: &Server,
    image_type: &'static str,
    snapshot: Snapshot,
) -> Result<ImageId> {
    let new = NewSnapshot {
        project: server.project_id.clone(),
        user: asked.caller.user_id.clone(),
        name: snapshot.name,
        server: server.id.clone(),
        base: server.image_id.clone(),
        min_disk_gb: server.flavor.disk_gb,
        min_ram_mb: 0,
        image_type,
        properties: snapshot.properties,
    };
    image::facade::begin_snapshot(connection, asked.now, &new)
}

/// Makes the image on the engine; the act of the step `commit`.
pub(crate) async fn commit(context: Context) -> Result<Value, Failure> {
    let server = read_server(&context).await?;
    let Params { image } = context.params()?;
    let platform = &context.platform;
    let reference = image::facade::snapshot_reference(&platform.installation, &image);
    // An attempt that was cut off may have made it; another one would leave that nameless.
    let made = if let Some(made) = platform.engine.image(&reference).await? {
        made
    } else {
        let labels = labels(&context, &server, &image);
        platform.engine.commit(&server.engine_name(), &reference, &labels, true).await?
    };
    Ok(serde_json::to_value(made)?)
}

fn labels(context: &Context, server: &Server, image: &ImageId) -> Labels {
    [
        (LABEL_INSTALLATION, context.platform.installation.as_str()),
        (LABEL_KIND, "snapshot"),
        (LABEL_ID, image.as_str()),
        (LABEL_PROJECT, server.project_id.as_str()),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into()
}

/// The image that [`commit`] made is active.
pub(crate) fn finish(context: &Context, connection: &Connection) -> Result<()> {
    let Params { image } = context.params()?;
    let output = context.output("commit").unwrap_or(&Value::Null);
    let made = EngineImage::deserialize(output)?;
    image::facade::finish_snapshot(connection, context.now(), &image, &made)
}

/// A snapshot that failed is no image (Nova deletes it).
pub(crate) fn discard(context: &Context, connection: &Connection) -> Result<()> {
    let Params { image } = context.params()?;
    image::facade::delete_snapshot(connection, context.now(), &image)
}

/// The server has no use for the image that it was shelved as.
pub(crate) fn clear_shelf(
    context: &Context,
    connection: &Connection,
    server: &mut Server,
) -> Result<()> {
    match server.shelved.take() {
        Some(shelved) => image::facade::delete_snapshot(connection, context.now(), &shelved.image),
        None => Ok(()),
    }
}
