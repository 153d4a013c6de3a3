//! `createImage`: the guest's file system becomes an image.

use std::collections::BTreeMap;

use image::facade::NewSnapshot;
use kit::engine::{EngineImage, LABEL_ID, LABEL_INSTALLATION, LABEL_KIND, LABEL_PROJECT, Labels};
use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::ImageId;
use kit::step;
use kit::workflow::{Context, Failure, Workflow};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::DEADLINE_SECONDS;
use crate::image_metadata::logic::check_quota;
use crate::microversions::IMAGE_METADATA_GONE;
use crate::servers::logic::Asked;
use crate::servers::model::Server;
use crate::servers::steps::{give_up, read_server, server, set_task};
use crate::servers::{states, store, view};

pub(crate) static CREATE_IMAGE: Workflow = Workflow {
    kind: "server.create_image",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("commit", act: commit, record: finish)],
    on_failed: fail,
};

#[derive(Debug, Serialize, Deserialize)]
struct Params {
    image: ImageId,
}

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) name: String,
    pub(crate) properties: BTreeMap<String, String>,
    /// Whether the quota of image metadata counts the properties.
    pub(crate) counted: bool,
}

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let entity = call.wrapped("createImage");
    let name = entity.get("name").and_then(Value::as_str).unwrap_or_default();
    let metadata = entity.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    let properties = metadata.into_iter().map(|(key, value)| (key, crate::loose::text(&value)));
    let snapshot = Snapshot {
        name: name.trim().to_owned(),
        properties: properties.collect(),
        // The quota went when image metadata went to Glance.
        counted: call.version < IMAGE_METADATA_GONE,
    };
    let write = move |db: &Connection| promise(&asked, db, snapshot);
    let id = call.platform.store.write("servers:create_image", write).await?;
    Ok(view::image_created(&call, &id))
}

/// The image's row and the promise to fill it.
pub(crate) fn promise(
    asked: &Asked,
    connection: &Connection,
    snapshot: Snapshot,
) -> Result<ImageId> {
    let action = &states::CREATE_IMAGE;
    let mut server = asked.open(connection)?;
    if snapshot.counted {
        let project = asked.caller.require_project()?;
        check_quota(connection, &asked.platform, project, snapshot.properties.len())?;
    }
    action.check(&server, asked.is_admin)?;
    let image = image::facade::begin_snapshot(
        connection,
        asked.now,
        &NewSnapshot {
            project: server.project_id.clone(),
            user: asked.caller.user_id.clone(),
            name: snapshot.name,
            server: server.id.clone(),
            base: server.image_id.clone(),
            min_disk_gb: server.flavor.disk_gb,
            min_ram_mb: 0,
            image_type: "snapshot",
            properties: snapshot.properties,
        },
    )?;
    let params = serde_json::to_value(Params { image: image.clone() })?;
    asked.begin(connection, &mut server, action, &CREATE_IMAGE, params)?;
    Ok(image)
}

async fn commit(context: Context) -> Result<Value, Failure> {
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

fn finish(context: &Context, connection: &Connection) -> Result<()> {
    let Params { image } = context.params()?;
    let output = context.output("commit").unwrap_or(&Value::Null);
    let made = EngineImage::deserialize(output)?;
    image::facade::finish_snapshot(connection, context.now(), &image, &made)?;
    let mut server = server(context, connection)?;
    set_task(context, connection, &mut server, None)?;
    store::save(connection, &mut server, context.now())
}

/// A snapshot that failed is no image (Nova deletes it).
fn fail(context: &Context, connection: &Connection) -> Result<()> {
    let Params { image } = context.params()?;
    image::facade::fail_snapshot(connection, context.now(), &image)?;
    give_up(context, connection)
}
