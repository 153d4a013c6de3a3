//! What a template makes of a resource: compared when its visit begins, and again when it is
//! carried out. [`super`] calls it; what it decides, the plug-ins do.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::{CHANGED, Visit, placed, replacing};
use crate::engine::scope::Rows;
use crate::engine::{adoption, external};
use crate::resources::{self, Plugin, Updated};
use crate::stack_events::{self, model::Event};
use crate::stack_resources::model::Resource;
use crate::stack_resources::store as resource_store;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Action, Status};
use crate::template::diff::{self, Change, Frozen};
use crate::template::{DeletionPolicy, Resolved};

/// A resource that is to be as the template says.
pub(super) fn begin(mut visit: Visit<'_>) -> Result<()> {
    let blueprint = Blueprint::of(&visit.stack)?;
    if external::begin(&mut visit, &blueprint)? {
        return Ok(());
    }
    let wanted = frozen(&visit, &blueprint)?;
    visit.resource.deletion_policy = deletion_policy(&visit, &blueprint);
    if visit.resource.action == Action::Init {
        visit.resource.made_by = Some(maker_now(&visit, &blueprint)?);
        put(&mut visit.resource, &wanted);
        return visit.reach(Action::Create, Status::InProgress, CHANGED);
    }
    let failed = visit.resource.status == Status::Failed;
    let plugin = visit.plugin_in(&blueprint)?;
    let change = change(&visit, &blueprint, plugin, &wanted)?;
    if let Some(action) = restricted(&visit, &blueprint, &change) {
        return refuse(visit, action);
    }
    match change {
        Change::Update(_) => visit.reach(Action::Update, Status::InProgress, CHANGED),
        // What a nested stack keeps, only its own resources can tell.
        Change::Keep if failed || plugin.is_stack() || replacing::is_parted(&visit.resource) => {
            visit.reach(Action::Update, Status::InProgress, CHANGED)
        }
        Change::Replace(_) => replacing::begin(visit, &blueprint),
        Change::Keep | Change::Create | Change::Delete => {
            resource_store::save(visit.hand.connection, &visit.resource)
        }
    }
}

/// What the environment forbids of that change (`restricted_actions`).
fn restricted(visit: &Visit<'_>, blueprint: &Blueprint, change: &Change) -> Option<&'static str> {
    let action = match change {
        Change::Update(_) => "update",
        Change::Replace(_) => "replace",
        Change::Keep | Change::Create | Change::Delete => return None,
    };
    let name = &visit.resource.name;
    let forbidden = blueprint.environment.registry.restricted_actions(name);
    forbidden.contains(&action).then_some(action)
}

/// The stack fails, and the resource stays what it is.
fn refuse(visit: Visit<'_>, action: &str) -> Result<()> {
    let reason = format!("{action} is restricted for resource.");
    let event = Event {
        action: Action::Update.to_string(),
        status: Status::Failed,
        reason: reason.clone(),
        ..Event::of_resource(&visit.stack, &visit.resource, visit.hand.now)
    };
    stack_events::store::insert(visit.hand.connection, &event)?;
    let error = Error::forbidden(reason).tag("ResourceActionRestricted");
    let placed = placed(&visit.resource, &error).public;
    visit.fail(format!("Resource {} failed: {placed}", Action::Update))
}

/// The plug-in that makes resources of the type now.
fn maker_now(visit: &Visit<'_>, blueprint: &Blueprint) -> Result<String> {
    let row = &visit.resource;
    let kind = blueprint.definition.resource(&row.name).map(|wanted| &wanted.resource_type);
    let registry = &blueprint.environment.registry;
    let plugin =
        blueprint::implementation(registry, kind.unwrap_or(&row.resource_type), &row.name)?;
    Ok(plugin.name().to_owned())
}

fn deletion_policy(visit: &Visit<'_>, blueprint: &Blueprint) -> DeletionPolicy {
    let definition = blueprint.definition.resource(&visit.resource.name);
    definition.map_or(DeletionPolicy::Delete, |row| row.deletion_policy)
}

/// The thing is there; only what the template makes of it is noted.
pub(super) fn begin_adopting(mut visit: Visit<'_>) -> Result<()> {
    let blueprint = Blueprint::of(&visit.stack)?;
    let wanted = frozen(&visit, &blueprint).map_err(|error| placed(&visit.resource, &error))?;
    let plugin = visit.plugin_in(&blueprint)?;
    visit.resource.made_by = Some(plugin.name().to_owned());
    put(&mut visit.resource, &wanted);
    adoption::take(visit.hand, &visit.stack, &mut visit.resource, plugin)
        .map_err(|error| placed(&visit.resource, &error))?;
    visit.resource.deletion_policy = deletion_policy(&visit, &blueprint);
    visit.reach(Action::Adopt, Status::InProgress, CHANGED)
}

/// What an update makes of the resource.
fn change(
    visit: &Visit<'_>,
    blueprint: &Blueprint,
    plugin: &'static dyn Plugin,
    wanted: &Frozen,
) -> Result<Change> {
    let is_another = plugin.name() != maker_now(visit, blueprint)?;
    let is_lost = resources::is_lost(plugin, &visit.look())?;
    if is_another || is_lost || plugin.is_replaced_by_updates(wanted) {
        return Ok(Change::Replace(Vec::new()));
    }
    let row = &visit.resource;
    let info = blueprint.definition.resource(&row.name).map(|row| &row.info).cloned();
    let schema = &info.unwrap_or_default().properties;
    Ok(diff::compare(&row.name, &row.frozen(), wanted, schema)?)
}

/// What the template makes of the resource, now that all that it needs is there.
fn frozen(visit: &Visit<'_>, blueprint: &Blueprint) -> Result<Frozen> {
    let scope = Rows::new(visit.hand, &visit.stack, blueprint);
    let name = &visit.resource.name;
    let definition = blueprint.definition.resource(name);
    let definition = definition
        .ok_or_else(|| Error::internal(format!("the template has no resource {name}")))?;
    Ok(blueprint.definition.freeze(definition, &scope)?)
}

/// The resource is made of this from now on. What a failed resource would have given is not
/// known and is left out.
fn put(resource: &mut Resource, made_of: &Frozen) {
    resource.properties = plain(&made_of.properties);
    let object = || Value::Object(Map::new());
    resource.metadata = known(&made_of.metadata).unwrap_or_else(object);
    resource.update_policy = known(&made_of.update_policy).unwrap_or_else(object);
}

fn known(resolved: &Resolved) -> Option<Value> {
    match resolved {
        Resolved::Known(value) => Some(value.clone()),
        Resolved::NotYet => None,
    }
}

fn plain(properties: &indexmap::IndexMap<String, Resolved>) -> Map<String, Value> {
    let pairs = properties.iter().map(|(name, value)| (name.clone(), known(value)));
    pairs.filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Makes the thing what the template says by now; or leaves it, if another must take its place.
pub(super) fn update(
    visit: &mut Visit<'_>,
    blueprint: &Blueprint,
    plugin: &'static dyn Plugin,
) -> Result<Updated> {
    let wanted = frozen(visit, blueprint)?;
    let is_parted = replacing::is_parted(&visit.resource);
    let changed = match change(visit, blueprint, plugin, &wanted)? {
        Change::Update(changed) if !is_parted => changed,
        Change::Keep | Change::Create | Change::Delete => Vec::new(),
        Change::Update(_) | Change::Replace(_) => return Ok(Updated::Replace),
    };
    if is_parted {
        return replacing::take_back(visit, plugin);
    }
    let properties = plain(&wanted.properties);
    let outcome = plugin.update(&mut visit.act()?, &properties, &changed)?;
    if outcome == Updated::InPlace {
        put(&mut visit.resource, &wanted);
    }
    Ok(outcome)
}
