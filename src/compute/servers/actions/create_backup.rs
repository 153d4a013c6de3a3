//! `createBackup`: an image of the guest as `createImage` makes one; of its kind only the newest
//! are kept.

use image::facade::{Condition, ImageQuery};
use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::ImageId;
use kit::policy::Caller;
use kit::step;
use kit::workflow::{Context, Workflow};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::DEADLINE_SECONDS;
use crate::loose;
use crate::servers::logic::Asked;
use crate::servers::model::Server;
use crate::servers::snapshot::{self, Snapshot, commit};
use crate::servers::steps::{end_task, give_up, server};
use crate::servers::{states, view};

pub(crate) static CREATE_BACKUP: Workflow = Workflow {
    kind: "server.create_backup",
    deadline_seconds: DEADLINE_SECONDS,
    steps: &[step!("commit", act: commit, record: finish)],
    on_failed: fail,
};

#[derive(Debug, Serialize, Deserialize)]
struct Params {
    image: ImageId,
    backup_type: String,
    rotation: u32,
}

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Backup {
    pub(crate) snapshot: Snapshot,
    /// `daily`, or whatever its owner calls it.
    pub(crate) kind: String,
    /// How many of the type are kept; with 0 not even the new one.
    pub(crate) rotation: u32,
}

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let entity = call.wrapped("createBackup");
    let rotation = loose::integer("rotation", entity.get("rotation").unwrap_or(&Value::Null))?;
    let backup = Backup {
        snapshot: Snapshot::of(&call, entity),
        kind: call.wrapped_text("createBackup", "backup_type").unwrap_or_default().to_owned(),
        rotation: u32::try_from(rotation).unwrap_or(u32::MAX),
    };
    let is_kept = backup.rotation > 0;
    let write = move |db: &Connection| promise(&asked, db, backup);
    let id = call.platform.store.write("servers:create_backup", write).await?;
    Ok(view::backup_created(&call, &id, is_kept))
}

/// The image's row and the promise to fill it.
pub(crate) fn promise(asked: &Asked, connection: &Connection, backup: Backup) -> Result<ImageId> {
    let action = &states::CREATE_BACKUP;
    let Backup { mut snapshot, kind, rotation } = backup;
    let mut server = asked.open(connection)?;
    snapshot.check_quota(asked, connection)?;
    action.check(&server, asked.is_admin)?;
    snapshot.properties.insert("backup_type".to_owned(), kind.clone());
    let image = snapshot::begin(asked, connection, &server, "backup", snapshot)?;
    let params = Params { image: image.clone(), backup_type: kind, rotation };
    let params = serde_json::to_value(params)?;
    asked.begin(connection, &mut server, action, &CREATE_BACKUP, params)?;
    Ok(image)
}

fn finish(context: &Context, connection: &Connection) -> Result<()> {
    snapshot::finish(context, connection)?;
    rotate(context, connection, &server(context, connection)?)?;
    end_task(context, connection)
}

/// Deletes the oldest beyond the rotation, as who asked. One that may not be deleted stays and
/// fails nothing (Nova: `_rotate_backups`).
fn rotate(context: &Context, connection: &Connection, server: &Server) -> Result<()> {
    let Params { backup_type, rotation, .. } = context.params()?;
    let policy = &context.platform.policy;
    let caller = Caller::internal(&server.project_id, &context.operation.user);
    let mut query = ImageQuery::newest(i64::from(u32::MAX));
    query.member_status = None;
    // Everybody may write the properties of a backup on an image of his own.
    query.conditions.push(Condition::OneOf("owner", vec![server.project_id.to_string()]));
    let wanted = [
        ("image_type", "backup"),
        ("backup_type", backup_type.as_str()),
        ("instance_uuid", server.id.as_str()),
    ];
    let wanted = wanted.map(|(name, value)| Condition::Property(name.to_owned(), value.to_owned()));
    query.conditions.extend(wanted);
    let backups = image::facade::list(connection, policy, &caller, &query)?;
    for old in backups.into_iter().skip(usize::try_from(rotation).unwrap_or(usize::MAX)) {
        let gone = image::facade::delete(connection, policy, &caller, &old.id, context.now());
        if let Err(error) = gone {
            tracing::info!(image = %old.id, %error, "a backup beyond the rotation stays");
        }
    }
    Ok(())
}

fn fail(context: &Context, connection: &Connection) -> Result<()> {
    snapshot::discard(context, connection)?;
    give_up(context, connection)
}
