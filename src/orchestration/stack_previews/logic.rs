//! What a request would do. It runs on a reader: nothing can be written here.

use kit::error::Result;
use kit::ids::{RequestId, StackId};
use kit::policy::Caller;
use serde_json::{Map, Value};

use super::model::{Beginning, Changes, Creation, Deed, Seen, Step};
use super::plan;
use super::scope::Imagined;
use crate::engine::{Hand, scope};
use crate::resources::Look;
use crate::stack_outputs::logic as outputs;
use crate::stack_resources::logic as resources;
use crate::stack_resources::model::Resource;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::children::{self, Tree};
use crate::stacks::logic;
use crate::stacks::model::{Parent, Stack};
use crate::stacks::request::{Change, NewStack};
use crate::template::{Resolved, Resource as Definition};

/// The id of a stack that is only imagined. Heat: Python's word.
const NO_ID: &str = "None";

/// What the creation of a stack would make.
pub(crate) fn of_creation(
    hand: Hand<'_>,
    caller: &Caller,
    request_id: &RequestId,
    new: NewStack,
) -> Result<Creation> {
    let stack = logic::draft(hand, caller, request_id, StackId::from(NO_ID), new)?;
    let blueprint = Blueprint::of(&stack)?;
    let definition = &blueprint.definition;
    let nested = children::tree(&blueprint)?;
    let outputs = definition.outputs().map(|output| outputs::one(output, &blueprint, &Imagined));
    Ok(Creation {
        description: blueprint.template.description(),
        parameters: blueprint.parameters(),
        outputs: outputs.collect(),
        resources: beginnings(hand, &stack, &blueprint, &nested)?,
        plan: plan::of_creation(&blueprint, &nested)?,
        stack,
    })
}

/// The resources that a stack would begin with. Heat: one whose thing is a stack is not shown,
/// what that stack would begin with is.
fn beginnings(
    hand: Hand<'_>,
    stack: &Stack,
    blueprint: &Blueprint,
    nested: &Tree,
) -> Result<Vec<Beginning>> {
    let begin = |wanted: &Definition| match nested.get(&wanted.name) {
        Some(branch) => {
            let parent = Parent { stack: stack.id.clone(), resource: wanted.name.clone() };
            let name = format!("{}-{}", stack.name, wanted.name);
            let stack = Stack { name, parent: Some(parent), ..stack.clone() };
            beginnings(hand, &stack, &branch.blueprint, &branch.inner).map(Beginning::Nested)
        }
        None => imagined(hand, stack, blueprint, wanted).map(|seen| Beginning::One(Box::new(seen))),
    };
    blueprint.definition.resources().map(begin).collect()
}

/// What an update would do to each resource.
pub(crate) fn of_update(
    hand: Hand<'_>,
    caller: &Caller,
    request_id: &RequestId,
    stack: Stack,
    change: Change,
) -> Result<Changes> {
    let before = stack.clone();
    let after = logic::changed(hand, caller, request_id, stack, change)?;
    let (old, new) = (Blueprint::of(&before)?, Blueprint::of(&after)?);
    let rows = resources::current(hand, &before)?;
    let plan = plan::of_update(hand, &after, &rows)?;
    let is = |name: &str| known(hand, &before, &old, &rows, name);
    let would_be = |name: &str| match new.definition.resource(name) {
        Some(wanted) => imagined(hand, &after, &new, wanted).map(Some),
        None => Ok(None),
    };
    let all = |deed: Deed| plan.iter().filter(move |step| step.deed == deed).map(name);
    let replaced: Vec<&str> = all(Deed::Replace).collect();
    let left_out = all(Deed::Delete).filter(|name| !replaced.contains(name));
    Ok(Changes {
        unchanged: collect(all(Deed::Keep).map(would_be))?,
        updated: collect(all(Deed::Update).map(is))?,
        replaced: collect(replaced.iter().copied().map(would_be))?,
        added: collect(all(Deed::Create).map(would_be))?,
        deleted: collect(left_out.map(is))?,
        plan,
    })
}

fn name(step: &Step) -> &str {
    &step.resource
}

fn collect(seen: impl Iterator<Item = Result<Option<Seen>>>) -> Result<Vec<Seen>> {
    seen.filter_map(Result::transpose).collect()
}

/// A resource as it would begin.
fn imagined(
    hand: Hand<'_>,
    stack: &Stack,
    blueprint: &Blueprint,
    wanted: &Definition,
) -> Result<Seen> {
    let definition = &blueprint.definition;
    let metadata = definition.context(&Imagined);
    let resource = Resource {
        // Heat: what cannot be told yet is null, and no reason to refuse.
        properties: definition
            .properties(wanted, &Imagined)
            .map(|read| read.values.into_iter().map(|(name, value)| (name, plain(value))).collect())
            .unwrap_or_default(),
        metadata: wanted.metadata.resolve(&metadata).map(plain).unwrap_or_default(),
        ..Resource::new(&stack.id, &wanted.name, &wanted.resource_type, hand.now)
    };
    let graph = definition.graph()?;
    let required_by = graph.required_by(&wanted.name).map(str::to_owned).collect();
    seen(hand, stack, blueprint, resource, required_by)
}

fn plain(value: Resolved) -> Value {
    match value {
        Resolved::Known(value) => value,
        Resolved::NotYet => Value::Null,
    }
}

/// A resource as it is.
fn known(
    hand: Hand<'_>,
    stack: &Stack,
    blueprint: &Blueprint,
    rows: &[Resource],
    name: &str,
) -> Result<Option<Seen>> {
    let Some(row) = rows.iter().find(|row| row.name == name) else { return Ok(None) };
    let required_by = resources::required_by(rows, name);
    seen(hand, stack, blueprint, row.clone(), required_by).map(Some)
}

fn seen(
    hand: Hand<'_>,
    stack: &Stack,
    blueprint: &Blueprint,
    resource: Resource,
    required_by: Vec<String>,
) -> Result<Seen> {
    let registry = &blueprint.environment.registry;
    let plugin = blueprint::implementation(registry, &resource.resource_type, &resource.name)?;
    let definition = blueprint.definition.resource(&resource.name);
    let attributes: Map<String, Value> =
        scope::all_attributes(plugin, &Look { hand, stack, resource: &resource });
    Ok(Seen {
        stack: stack.clone(),
        is_kept: resource.number != 0,
        required_by,
        description: definition.map(|row| row.description.clone()).unwrap_or_default(),
        attributes,
        resource,
    })
}
