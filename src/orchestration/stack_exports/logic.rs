//! What leaves with a stack, and what stays behind.

use kit::error::Result;
use kit::ids::{RequestId, StackId};
use rusqlite::Connection;

use crate::engine::Hand;
use crate::stack_resources::model::Resource;
use crate::stack_resources::store as resource_store;
use crate::stacks::model::Stack;
use crate::stacks::{logic, store};

/// A stack with its resources.
pub(super) struct Exported {
    pub(super) stack: Stack,
    pub(super) resources: Vec<Resource>,
}

/// The stack as it is.
pub(super) fn export(connection: &Connection, stack: Stack) -> Result<Exported> {
    let resources = resource_store::of_stack(connection, &stack.id)?;
    Ok(Exported { stack, resources })
}

/// Lets a stack go, and leaves everything that it made where it is. Shows it as it was.
pub(super) fn abandon(
    hand: Hand<'_>,
    request_id: &RequestId,
    mut stack: Stack,
) -> Result<Exported> {
    let exported = export(hand.connection, stack.clone())?;
    retain_all(hand.connection, &stack.id)?;
    logic::delete(hand, request_id, &mut stack)?;
    Ok(exported)
}

/// The things of every resource outlive it. A nested stack goes, but not what it made.
fn retain_all(connection: &Connection, stack: &StackId) -> Result<()> {
    for mut resource in resource_store::of_stack(connection, stack)? {
        if let Some(child) = nested(connection, stack, &resource)? {
            retain_all(connection, &child)?;
            continue;
        }
        resource.retain = true;
        resource_store::save(connection, &resource)?;
    }
    Ok(())
}

/// The nested stack that is the thing of a resource.
fn nested(
    connection: &Connection,
    stack: &StackId,
    resource: &Resource,
) -> Result<Option<StackId>> {
    let Some(id) = resource.physical.as_deref().map(StackId::from) else { return Ok(None) };
    let found = store::get_for_system(connection, &id)?;
    let child =
        found.filter(|found| found.parent.as_ref().is_some_and(|parent| parent.stack == *stack));
    Ok(child.map(|child| child.id))
}
