//! What leaves with a stack, and what stays behind.

use kit::error::Result;
use kit::ids::{RequestId, StackId};
use rusqlite::Connection;

use super::model::{Entries, Entry, Export};
use crate::engine::Hand;
use crate::stack_resources::model::Resource;
use crate::stack_resources::store as resource_store;
use crate::stacks::model::Stack;
use crate::stacks::{logic, store};
use crate::template::DeletionPolicy;

/// The stack as it is.
pub(crate) fn export(connection: &Connection, stack: &Stack) -> Result<Export> {
    Ok(Export::of(stack, entries(connection, &stack.id, &|_| true)?))
}

/// What became of those resources of a stack that pass, and of all that is nested in them.
pub(crate) fn entries(
    connection: &Connection,
    stack: &StackId,
    passes: &dyn Fn(&Resource) -> bool,
) -> Result<Entries> {
    let mut entries = Entries::new();
    for row in resource_store::of_stack(connection, stack)?.iter().filter(|row| passes(row)) {
        let nested = nested(connection, stack, row)?;
        let inner = nested.map(|nested| self::entries(connection, &nested, passes)).transpose()?;
        entries.insert(row.name.clone(), Entry::of(row, inner));
    }
    Ok(entries)
}

/// Lets a stack go, and leaves everything that it made where it is. Shows it as it was.
pub(crate) fn abandon(hand: Hand<'_>, request_id: &RequestId, mut stack: Stack) -> Result<Export> {
    let exported = export(hand.connection, &stack)?;
    retain_all(hand.connection, &stack.id)?;
    logic::delete(hand, request_id, &mut stack)?;
    Ok(exported)
}

/// The things of every resource outlive it. A nested stack goes, but not what it made.
pub(crate) fn retain_all(connection: &Connection, stack: &StackId) -> Result<()> {
    for mut resource in resource_store::of_stack(connection, stack)? {
        if let Some(child) = nested(connection, stack, &resource)? {
            retain_all(connection, &child)?;
            continue;
        }
        resource.deletion_policy = DeletionPolicy::Retain;
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
