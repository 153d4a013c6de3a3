//! The rules of snapshots: check, decide, write.

use std::sync::Arc;

use kit::error::{Error, Result};
use kit::ids::{RequestId, StackSnapshotId};
use kit::policy::Caller;
use rusqlite::Connection;

use super::model::{Deed, Snapshot};
use super::{restore, store};
use crate::engine::{Hand, traverse};
use crate::resources::kept_images;
use crate::stack_exports::logic as exports;
use crate::stack_exports::model::{Entries, Export};
use crate::stack_resources::model::{Progress, Resource, Wanted};
use crate::stacks::blueprint::Blueprint;
use crate::stacks::model::{Action, Stack, Status};
use crate::stacks::{logic, store as stack_store};

/// How many snapshots a stack may have (Heat: `max_snapshots_per_stack`).
const MAX_SNAPSHOTS: i64 = 32;
/// What a snapshot says that another action of its stack has cut short.
const OVERTAKEN: &str = "Stack SNAPSHOT aborted";

/// Begins to keep what a stack is now.
pub(crate) fn create(
    hand: Hand<'_>,
    request_id: &RequestId,
    mut stack: Stack,
    name: Option<String>,
) -> Result<Snapshot> {
    logic::refuse_in_progress(&stack)?;
    if store::count(hand.connection, &stack.id)? >= MAX_SNAPSHOTS {
        return Err(Error::bad_request(format!(
            "Request limit exceeded: You have reached the maximum snapshots per stack, \
             {MAX_SNAPSHOTS}. Please delete some snapshots."
        ))
        .tag("RequestLimitExceeded"));
    }
    let snapshot = Snapshot {
        id: StackSnapshotId::random(),
        stack: stack.id.clone(),
        project: stack.project.clone(),
        name,
        action: Deed::Create,
        status: Status::InProgress,
        reason: None,
        data: Export::of(&stack, Entries::new()),
        created_at: hand.now,
    };
    stack.request_id = request_id.to_string();
    // First the traversal: whatever was being kept before it is given up by it.
    traverse::set_out_for_all(hand, &mut stack, Action::Snapshot, Wanted::Snapshotted)?;
    store::insert(hand.connection, &snapshot)?;
    traverse::advance(hand, &mut stack)?;
    Ok(snapshot)
}

/// A snapshot of a stack.
pub(crate) fn find(
    connection: &Connection,
    stack: &Stack,
    id: &StackSnapshotId,
) -> Result<Snapshot> {
    let found = store::get_for_system(connection, id)?;
    let found = found.filter(|snapshot| snapshot.project == stack.project);
    let missing = || Error::not_found(format!("Snapshot with id {id} not found")).tag("NotFound");
    let snapshot = found.ok_or_else(missing)?;
    if snapshot.stack == stack.id {
        return Ok(snapshot);
    }
    let name = &stack.name;
    let sentence = format!("The Snapshot ({id}) for Stack ({name}) could not be found.");
    Err(Error::not_found(sentence).tag("SnapshotNotFound"))
}

/// The action of a stack that keeps it has ended: what became of each resource is written down. Of
/// a snapshot that failed, what has been kept so far.
pub(crate) fn finish(hand: Hand<'_>, stack: &Stack) -> Result<()> {
    end(hand, stack, stack.status, &stack.reason)
}

/// Another action of a stack begins: a snapshot that is being made will not be.
pub(crate) fn overtake(hand: Hand<'_>, stack: &Stack) -> Result<()> {
    end(hand, stack, Status::Failed, OVERTAKEN)
}

fn end(hand: Hand<'_>, stack: &Stack, status: Status, reason: &str) -> Result<()> {
    let Some(mut snapshot) = store::under_way(hand.connection, &stack.id)? else { return Ok(()) };
    // One whose turn did not come shows what an earlier snapshot has of it.
    let was_kept =
        |row: &Resource| row.action == Action::Snapshot && row.progress != Progress::Waiting;
    let resources = exports::entries(hand.connection, &stack.id, &was_kept)?;
    snapshot.data = Export { status, ..Export::of(stack, resources) };
    snapshot.status = status;
    snapshot.reason = Some(reason.to_owned());
    store::save(hand.connection, &snapshot)
}

/// Lets a snapshot and what it keeps go.
pub(crate) fn delete(hand: Hand<'_>, caller: &Caller, snapshot: &Snapshot) -> Result<()> {
    if (snapshot.action, snapshot.status) == (Deed::Create, Status::InProgress) {
        let sentence = "Deleting in-progress snapshot is not supported.";
        return Err(Error::bad_request(sentence).tag("NotSupported"));
    }
    let outcome = delete_kept(hand, caller, &snapshot.data.resources);
    match outcome {
        Ok(()) => store::delete(hand.connection, &snapshot.id),
        Err(error) => {
            let reason = format!("Resource snapshot DELETE failed: {}", error.public);
            let failed = Snapshot {
                action: Deed::Delete,
                status: Status::Failed,
                reason: Some(reason),
                ..snapshot.clone()
            };
            store::save(hand.connection, &failed)
        }
    }
}

/// A stack is gone: so are its snapshots. What they keep and cannot let go of stays behind.
pub(crate) fn delete_all(hand: Hand<'_>, stack: &Stack) -> Result<()> {
    for snapshot in store::of_stack(hand.connection, &stack.id)? {
        let caller = hand.caller(stack)?;
        if let Err(error) = delete_kept(hand, &caller, &snapshot.data.resources) {
            tracing::warn!(%error, snapshot = %snapshot.id, "what a snapshot keeps stays behind");
        }
        store::delete(hand.connection, &snapshot.id)?;
    }
    Ok(())
}

fn delete_kept(hand: Hand<'_>, caller: &Caller, entries: &Entries) -> Result<()> {
    for entry in entries.values() {
        if let Some(data) = &entry.resource_data {
            kept_images::delete(hand, caller, data)?;
        }
        if let Some(inner) = &entry.resources {
            delete_kept(hand, caller, inner)?;
        }
    }
    Ok(())
}

/// Makes a stack what a snapshot has kept. What an earlier action still does is overtaken.
pub(crate) fn restore(
    hand: Hand<'_>,
    request_id: &RequestId,
    mut stack: Stack,
    snapshot: &Snapshot,
) -> Result<()> {
    if snapshot.status != Status::Complete {
        let sentence = "Restoring incomplete snapshot is not supported.";
        return Err(Error::bad_request(sentence).tag("NotSupported"));
    }
    let before = Arc::clone(&stack.source);
    stack.source = Arc::new(restore::source(&snapshot.data).into());
    stack.previous.get_or_insert(before);
    stack.request_id = request_id.to_string();
    Blueprint::of(&stack)?;
    stack_store::save_source(hand.connection, &stack)?;
    traverse::begin_making(hand, &mut stack, Action::Restore)
}
