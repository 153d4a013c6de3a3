//! Images of servers that stay when the server changes or goes: of snapshots of stacks, and of
//! resources whose deletion policy is `Snapshot`.
//!
//! The image is promised in the visit's transaction and named in the resource's data; the visit
//! waits for the server's operation as it does for any other. Whose image it then is, the snapshot
//! of the stack knows ([`crate::stack_snapshots`]), or nobody.

use image::facade::{self, ImageStatus};
use kit::error::{Error, Kind, Result};
use kit::ids::{ImageId, ServerId};
use kit::policy::Caller;
use serde_json::{Map, Value};

use super::nova::with_delegate;
use super::{Act, Look};
use crate::engine::Hand;
use crate::stack_resources::model::Resource;
use crate::stacks::model::{Action, Status};
use crate::template::DeletionPolicy;

/// Under which name a resource's data has the image (Heat's own).
pub(crate) const KEPT: &str = "snapshot_image_id";
/// The longest name of an image that is made for a resource.
const NAME_LIMIT: usize = 255;

/// Before an action that may keep an image: the one of an earlier action is another's. Heat: of a
/// resource that failed nothing is kept.
pub(crate) fn make_room(resource: &mut Resource, action: Action) {
    if !matches!(action, Action::Snapshot | Action::Delete) {
        return;
    }
    resource.data.remove(KEPT);
    let policy = resource.deletion_policy;
    if resource.status == Status::Failed && policy == DeletionPolicy::Snapshot {
        resource.deletion_policy = DeletionPolicy::Delete;
    }
}

/// Promises an image of the server that is the resource's thing. One that is gone already is kept
/// no more.
pub(super) fn begin(act: &mut Act<'_>) -> Result<()> {
    let Some(id) = act.resource.physical.as_deref().map(ServerId::from) else { return Ok(()) };
    let name = act.resource.physical_name(act.stack, NAME_LIMIT);
    match with_delegate(act, |delegate| delegate.create_image(&id, &name)) {
        Ok(image) => {
            act.resource.data.insert(KEPT.to_owned(), Value::String(image.to_string()));
            Ok(())
        }
        Err(error) if error.kind == Kind::NotFound && act.resource.action == Action::Delete => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Once the server's operation has ended: an image that did not come about fails its action.
pub(super) fn check(look: &Look<'_>) -> Result<()> {
    if !matches!(look.resource.action, Action::Snapshot | Action::Delete) {
        return Ok(());
    }
    let Some(id) = named_in(&look.resource.data) else { return Ok(()) };
    let found = facade::get_for_system(look.hand.connection, &id)?;
    let status = found.map_or(ImageStatus::Deleted, |image| image.status);
    if status == ImageStatus::Active {
        return Ok(());
    }
    Err(Error::conflict(status.to_string()).tag("Error"))
}

/// Whether the image was all that a deletion still waited for.
pub(super) fn take_before_deletion(resource: &mut Resource) -> bool {
    resource.action == Action::Delete && resource.data.remove(KEPT).is_some()
}

/// Deletes the image that a resource's data names, with the rights of `caller`; gone already is
/// success.
pub(crate) fn delete(hand: Hand<'_>, caller: &Caller, data: &Map<String, Value>) -> Result<()> {
    let Some(id) = named_in(data) else { return Ok(()) };
    let policy = &hand.platform.policy;
    super::gone_is_fine(facade::delete(hand.connection, policy, caller, &id, hand.now))
}

fn named_in(data: &Map<String, Value>) -> Option<ImageId> {
    data.get(KEPT).and_then(Value::as_str).map(ImageId::from)
}
