//! `createImage`: the guest's file system becomes an image.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::ImageId;
use kit::step;
use kit::workflow::{Context, Workflow};
use rusqlite::Connection;

use super::DEADLINE_SECONDS;
use crate::servers::logic::Asked;
use crate::servers::snapshot::{self, Params, Snapshot, commit};
use crate::servers::steps::{end_task, give_up};
use crate::servers::{states, view};

pub(crate) static CREATE_IMAGE: Workflow = Workflow {
    kind: "server.create_image",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("commit", act: commit, record: finish)],
    on_failed: fail,
};

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let snapshot = Snapshot::of(&call, call.wrapped("createImage"));
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
    snapshot.check_quota(asked, connection)?;
    action.check(&server, asked.is_admin)?;
    let image = snapshot::begin(asked, connection, &server, "snapshot", snapshot)?;
    let params = serde_json::to_value(Params { image: image.clone() })?;
    asked.begin(connection, &mut server, action, &CREATE_IMAGE, params)?;
    Ok(image)
}

fn finish(context: &Context, connection: &Connection) -> Result<()> {
    snapshot::finish(context, connection)?;
    end_task(context, connection)
}

fn fail(context: &Context, connection: &Connection) -> Result<()> {
    snapshot::discard(context, connection)?;
    give_up(context, connection)
}
