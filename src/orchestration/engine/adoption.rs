//! Taking over what another stack has left: `stack adopt`.
//!
//! What was left of a resource is kept with its row until its visit, which takes it for its own: a
//! run that another overtakes before has taken nothing. Whoever adopts says himself what was left,
//! so only what a type names is taken from it ([`crate::resources::Plugin::adopted_data`]), and what
//! is done with the thing later is done with the rights of the stack's user.

use kit::error::Result;
use serde_json::{Map, Value};

use super::Hand;
use crate::resources::{Look, Plugin};
use crate::stack_exports::model::{Entries, Entry};
use crate::stack_resources::model::{Resource, Wanted};
use crate::stacks::model::Stack;

/// Where a row has what was left of it.
const LEFT: &str = "adopting";

/// A resource that is to take over what was left of it.
pub(super) fn wants(row: Resource, left: &Entries) -> Result<Resource> {
    let entry = left.get(&row.name).map(serde_json::to_value).transpose()?;
    let data = entry.into_iter().map(|entry| (LEFT.to_owned(), entry));
    Ok(Resource { data: data.collect(), wanted: Wanted::Adopted, ..row })
}

/// Takes it over, as far as it is the row's. The thing of a nested stack is a stack that is made
/// anew, of what was left in the old one.
pub(super) fn take(
    hand: Hand<'_>,
    stack: &Stack,
    row: &mut Resource,
    plugin: &'static dyn Plugin,
) -> Result<()> {
    let Some(left) = row.data.remove(LEFT) else { return Ok(()) };
    let entry: Entry = serde_json::from_value(left)?;
    // Heat: the metadata comes with the thing.
    if entry.metadata.is_object() {
        row.metadata = entry.metadata;
    }
    if plugin.is_stack() {
        let inner = serde_json::to_value(entry.resources.unwrap_or_default())?;
        row.data.insert(LEFT.to_owned(), inner);
        return Ok(());
    }
    let physical = entry.resource_id.filter(|id| !id.is_empty());
    if let Some(id) = &physical {
        plugin.check_adopted(&Look { hand, stack, resource: row }, id)?;
    }
    row.physical = physical;
    row.data = entry.resource_data.map(|data| known(data, plugin)).unwrap_or_default();
    Ok(())
}

fn known(mut data: Map<String, Value>, plugin: &'static dyn Plugin) -> Map<String, Value> {
    data.retain(|name, _| plugin.adopted_data().contains(&name.as_str()));
    data
}

/// What was left in the nested stack of a resource.
pub(crate) fn inner(row: &mut Resource) -> Result<Entries> {
    let left = row.data.remove(LEFT);
    Ok(left.map(serde_json::from_value).transpose()?.unwrap_or_default())
}
