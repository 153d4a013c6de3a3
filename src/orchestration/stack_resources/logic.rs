//! What is read of the resources of a stack.

use kit::error::{Error, Result};
use kit::ids::StackId;
use serde_json::Value;

use super::model::{Resource, Wanted};
use super::store;
use crate::engine::Hand;
use crate::resources::Look;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::{self, model::Stack};

/// Heat's sentence for a resource that is not there.
pub(crate) fn not_found(name: &str, stack: &Stack) -> Error {
    let stack = &stack.name;
    Error::not_found(format!("The Resource ({name}) could not be found in Stack {stack}."))
        .tag("ResourceNotFound")
}

/// The resources of a stack; of a name that an update has two of, the one that stays.
pub(crate) fn current(hand: Hand<'_>, stack: &Stack) -> Result<Vec<Resource>> {
    let mut rows = store::of_stack(hand.connection, &stack.id)?;
    let staying: Vec<String> = rows
        .iter()
        .filter(|row| row.wanted != Wanted::Removed)
        .map(|row| row.name.clone())
        .collect();
    rows.retain(|row| row.wanted != Wanted::Removed || !staying.contains(&row.name));
    Ok(rows)
}

/// The resource of that name; where an update has two, the one that stays.
pub(crate) fn named(hand: Hand<'_>, stack: &Stack, name: &str) -> Result<Option<Resource>> {
    let mut rows = store::named(hand.connection, &stack.id, name)?;
    let staying = rows.iter().rposition(|row| row.wanted != Wanted::Removed).unwrap_or(0);
    Ok((staying < rows.len()).then(|| rows.swap_remove(staying)))
}

/// The metadata of a resource: the template's, unless its type keeps other things there.
pub(crate) fn metadata(hand: Hand<'_>, stack: &Stack, resource: &Resource) -> Result<Value> {
    let blueprint = Blueprint::of(stack)?;
    let registry = &blueprint.environment.registry;
    let plugin = blueprint::maker_of(registry, resource)?;
    Ok(plugin.metadata(&Look { hand, stack, resource }))
}

/// The stack that is the thing of a resource.
pub(crate) fn nested(hand: Hand<'_>, row: &Resource) -> Result<Option<Stack>> {
    let Some(id) = &row.physical else { return Ok(None) };
    let found = stacks::store::get_for_system(hand.connection, &StackId::from(id.as_str()))?;
    let is_its = |stack: &Stack| stack.parent.as_ref().is_some_and(|of| of.stack == row.stack);
    Ok(found.filter(is_its))
}

/// The names of those that need `name`.
pub(crate) fn required_by(rows: &[Resource], name: &str) -> Vec<String> {
    let needs = |row: &&Resource| row.requires.iter().any(|required| required == name);
    rows.iter().filter(needs).map(|row| row.name.clone()).collect()
}
