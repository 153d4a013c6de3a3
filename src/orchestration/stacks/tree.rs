//! Where a stack stands among those that are nested in one another, and how large such a tree may
//! become.

use kit::error::{Error, Result};
use kit::ids::StackId;
use rusqlite::Connection;

use super::model::{Parent, Stack};
use super::store;
use crate::template::Definition;

/// How many stacks may be nested in one another below the outermost one (Heat:
/// `max_nested_stack_depth`).
pub(crate) const MAX_DEPTH: usize = 5;
/// How many resources such a tree of stacks may have (Heat: `max_resources_per_stack`).
const MAX_RESOURCES: i64 = 1000;

/// The stacks around one, the nearest first.
pub(crate) fn around(connection: &Connection, stack: &Stack) -> Result<Vec<Stack>> {
    let mut found: Vec<Stack> = Vec::new();
    while let Some(parent) = &found.last().unwrap_or(stack).parent {
        match store::get_for_system(connection, &parent.stack)? {
            Some(outer) => found.push(outer),
            None => break,
        }
    }
    Ok(found)
}

/// The living stacks nested in one, each before those nested in it, as far down as asked.
pub(crate) fn below(connection: &Connection, stack: &StackId, levels: usize) -> Result<Vec<Stack>> {
    let mut found = Vec::new();
    if levels == 0 {
        return Ok(found);
    }
    for nested in store::nested_in(connection, stack)? {
        let deeper = below(connection, &nested.id, levels - 1)?;
        found.push(nested);
        found.extend(deeper);
    }
    Ok(found)
}

/// Refuses a stack nested in `parent` if that is as deep as can be.
pub(crate) fn check_depth(connection: &Connection, parent: &Stack) -> Result<()> {
    if around(connection, parent)?.len() < MAX_DEPTH { Ok(()) } else { Err(too_deep().into()) }
}

/// Heat's refusal of one stack too many inside another.
pub(crate) fn too_deep() -> crate::template::Error {
    let sentence = format!("Recursion depth exceeds {MAX_DEPTH}.");
    crate::template::Error::new(
        "RequestLimitExceeded",
        format!("Request limit exceeded: {sentence}"),
    )
}

/// Refuses what makes the tree too large. What the stack has already does not count twice.
pub(crate) fn check_room(
    connection: &Connection,
    parent: &Parent,
    stack: &Stack,
    definition: &Definition,
) -> Result<()> {
    let outer = around(connection, stack)?;
    let root = outer.last().map_or(&parent.stack, |root| &root.id);
    let own = store::count_resources(connection, &stack.id)?;
    let others = store::count_resources(connection, root)? - own;
    let wanted = i64::try_from(definition.resources().count()).unwrap_or(i64::MAX);
    if others.saturating_add(wanted) <= MAX_RESOURCES {
        return Ok(());
    }
    let sentence = "Request limit exceeded: Maximum resources per stack exceeded.";
    Err(Error::bad_request(sentence).tag("RequestLimitExceeded"))
}
