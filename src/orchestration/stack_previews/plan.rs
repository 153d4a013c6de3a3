//! The plan with its reasons: what happens to each resource, why, and when.
//!
//! It says what the engine is going to decide ([`crate::template::diff`], visit by visit) as far as
//! that can be known before anything is done.

use std::collections::HashMap;

use kit::error::Result;
use serde_json::{Map, Value};

use super::model::{Deed, Difference, Step};
use super::scope::Ahead;
use crate::engine::Hand;
use crate::engine::scope::Rows;
use crate::resources::{self, Look, Plugin, nested};
use crate::stack_resources::logic::current;
use crate::stack_resources::model::Resource;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::children::{self, Tree};
use crate::stacks::model::{Stack, Status};
use crate::template::diff::{self, Change, Frozen};
use crate::template::graph::Graph;
use crate::template::{DeletionPolicy, Resolved, Resource as Definition};

const NEW: &str = "It is not there yet.";
const SAME: &str = "Nothing changes.";
const OTHER_TYPE: &str = "Its type changes.";
const FAILED: &str = "It failed, and another takes its place.";
const FAILED_IN_PLACE: &str = "It failed, and is gone over again.";
const ASIDE: &str = "Its metadata or its update policy changes.";
const IN_PLACE: &str = "These properties change in place.";
const REPLACING: &str = "These properties cannot change in place.";
const ALWAYS: &str = "Every update puts another in its place.";
const INSIDE: &str = "What changes in it, its own resources tell.";
const LEFT_OUT: &str = "The template does not have it any more.";
const REPLACED: &str = "Another has taken its place.";
const RETAINED: &str = "Nobody has it any more, but its deletion policy retains the thing.";

/// The plan of a stack that is made from nothing, and of those nested in it.
pub(super) fn of_creation(blueprint: &Blueprint, nested: &Tree) -> Result<Vec<Step>> {
    let definition = &blueprint.definition;
    let graph = definition.graph()?;
    let waves = waves(&definition.order(&graph)?, &graph);
    let inside = |resource: &Definition| match nested.get(&resource.name) {
        Some(branch) => of_creation(&branch.blueprint, &branch.inner),
        None => Ok(Vec::new()),
    };
    let steps = definition.resources().map(|resource| {
        let own = step(resource, Deed::Create, NEW, wave(&waves, &resource.name));
        Ok(Step { nested: inside(resource)?, ..own })
    });
    steps.collect()
}

/// The plan of an update, and of those of the stacks nested in it: `stack` is what it is to become,
/// `rows` what there is of it.
pub(super) fn of_update(hand: Hand<'_>, stack: &Stack, rows: &[Resource]) -> Result<Vec<Step>> {
    let blueprint = Blueprint::of(stack)?;
    let definition = &blueprint.definition;
    let graph = definition.graph()?;
    let order = definition.order(&graph)?;
    let waves = waves(&order, &graph);
    let ahead = Ahead::new(Rows::new(hand, stack, &blueprint));
    let new_stacks = children::tree(&blueprint)?;
    let mut steps = Vec::new();
    for name in &order {
        let Some(wanted) = definition.resource(name) else { continue };
        let mut next = match rows.iter().find(|row| row.name == *name) {
            Some(row) => changed(hand, stack, &blueprint, &ahead, (row, wanted))?,
            None => step(wanted, Deed::Create, NEW, 0),
        };
        next.order = wave(&waves, name);
        if matches!(next.deed, Deed::Create | Deed::Replace) {
            ahead.comes(name);
            let branch = new_stacks.get(*name);
            let inside = branch.map(|branch| of_creation(&branch.blueprint, &branch.inner));
            next.nested = inside.transpose()?.unwrap_or_default();
        }
        steps.push(next);
    }
    let goes = |row: &&Resource| {
        steps.iter().all(|step| step.resource != row.name || step.deed == Deed::Replace)
    };
    let going: Vec<&Resource> = rows.iter().filter(goes).collect();
    let last = waves.values().copied().max().unwrap_or_default();
    let departures: Vec<Step> = going
        .iter()
        .map(|row| departure(row, definition.resource(&row.name), last + turn(row, &going)))
        .collect();
    steps.extend(departures);
    steps.sort_by_key(|step| step.order);
    Ok(steps)
}

/// What happens to a resource that both templates have.
fn changed(
    hand: Hand<'_>,
    stack: &Stack,
    blueprint: &Blueprint,
    ahead: &Ahead<'_>,
    (row, wanted): (&Resource, &Definition),
) -> Result<Step> {
    let registry = &blueprint.environment.registry;
    let plugin = blueprint::implementation(registry, &wanted.resource_type, &wanted.name)?;
    let failed = row.status == Status::Failed;
    let look = Look { hand, stack, resource: row };
    if resources::is_lost(plugin, &look)? {
        return Ok(step(wanted, Deed::Replace, FAILED, 0));
    }
    let (old, new) = (row.frozen(), blueprint.definition.freeze(wanted, ahead)?);
    let schema = &wanted.info.properties;
    let (deed, reason, names) = match diff::compare(&row.name, &old, &new, schema)? {
        _ if row.made_by.as_deref().is_some_and(|maker| maker != plugin.name()) => {
            (Deed::Replace, OTHER_TYPE, Vec::new())
        }
        _ if plugin.is_replaced_by_updates(&new) => (Deed::Replace, ALWAYS, Vec::new()),
        Change::Keep if plugin.is_stack() => (Deed::Update, INSIDE, Vec::new()),
        Change::Keep if failed => (Deed::Update, FAILED_IN_PLACE, Vec::new()),
        Change::Keep | Change::Create | Change::Delete => (Deed::Keep, SAME, Vec::new()),
        Change::Update(names) if names.is_empty() => (Deed::Update, ASIDE, names),
        Change::Update(names) => (Deed::Update, IN_PLACE, names),
        Change::Replace(names) if names.is_empty() => (Deed::Replace, OTHER_TYPE, names),
        Change::Replace(names) => (Deed::Replace, REPLACING, names),
    };
    let replaces = deed == Deed::Replace;
    let differences = names.into_iter().map(|name| difference(&old, &new, name, replaces));
    let differences = differences.collect();
    let nested = match deed {
        Deed::Update if plugin.is_stack() => inside(&look, plugin, blueprint, &new)?,
        Deed::Create | Deed::Keep | Deed::Update | Deed::Replace | Deed::Delete => Vec::new(),
    };
    Ok(Step { differences, nested, ..step(wanted, deed, reason, 0) })
}

/// The plan of the stack that is the thing of a resource; none while what it is to be made of hangs on
/// what does not exist yet.
fn inside(
    look: &Look<'_>,
    plugin: &'static dyn Plugin,
    blueprint: &Blueprint,
    new: &Frozen,
) -> Result<Vec<Step>> {
    let known = |(name, value): (&String, &Resolved)| match value {
        Resolved::Known(value) => Some((name.clone(), value.clone())),
        Resolved::NotYet => None,
    };
    let Some(properties) = new.properties.iter().map(known).collect::<Option<Map<_, _>>>() else {
        return Ok(Vec::new());
    };
    let Some(stack) = nested::foreseen(look, plugin, blueprint, &properties)? else {
        return Ok(Vec::new());
    };
    of_update(look.hand, &stack, &current(look.hand, &stack)?)
}

fn difference(old: &Frozen, new: &Frozen, name: String, replaces: bool) -> Difference {
    let value = |side: &Frozen| match side.properties.get(&name) {
        Some(Resolved::Known(value)) => value.clone(),
        Some(Resolved::NotYet) | None => Value::Null,
    };
    Difference { old: value(old), new: value(new), name, replaces }
}

fn step(wanted: &Definition, deed: Deed, reason: &str, order: usize) -> Step {
    Step {
        nested: Vec::new(),
        resource: wanted.name.clone(),
        resource_type: wanted.resource_type.clone(),
        deed,
        reason: reason.to_owned(),
        differences: Vec::new(),
        order,
    }
}

fn departure(row: &Resource, staying: Option<&Definition>, order: usize) -> Step {
    let reason = match staying {
        _ if row.deletion_policy == DeletionPolicy::Retain => RETAINED,
        Some(_) => REPLACED,
        None => LEFT_OUT,
    };
    Step {
        nested: Vec::new(),
        resource: row.name.clone(),
        resource_type: row.resource_type.clone(),
        deed: Deed::Delete,
        reason: reason.to_owned(),
        differences: Vec::new(),
        order,
    }
}

/// Which resources are made at the same time: from 1, each after all that it needs.
fn waves<'g>(order: &[&'g str], graph: &'g Graph) -> HashMap<&'g str, usize> {
    let mut waves = HashMap::new();
    for name in order {
        let needed = graph.requires(name).map(|needed| wave(&waves, needed));
        waves.insert(*name, needed.max().unwrap_or_default() + 1);
    }
    waves
}

fn wave(waves: &HashMap<&str, usize>, name: &str) -> usize {
    waves.get(name).copied().unwrap_or_default()
}

/// When one of those that go does: from 1, each after all that need it.
fn turn(row: &Resource, going: &[&Resource]) -> usize {
    let needs =
        |other: &&&Resource| other.number != row.number && other.requires.contains(&row.name);
    going.iter().filter(needs).map(|other| turn(other, going)).max().unwrap_or_default() + 1
}
