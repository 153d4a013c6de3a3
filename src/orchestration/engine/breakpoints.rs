//! Breakpoints: a resource on which the environment sets a hook waits before or after what is done
//! to it, until a signal clears the hook (Heat: `Resource._break_if_required`).
//!
//! Only visits to such resources have the steps for it; the hook that is waited for stands in the
//! resource's row, so a restart finds it there.
//!
//! | step | outside | inside |
//! |---|---|---|
//! | before | | the hook is set |
//! | begin, `carry_out`, settle | as in every visit; begin waits until the hook is cleared | |
//! | leave | | once the hook after it is cleared, the traversal goes on |

use kit::error::{Error, Result};
use kit::step;
use kit::workflow::{Context, Wait, Workflow, wake};
use rusqlite::Connection;
use serde_json::Value;

use super::Hand;
use super::act::{self, Visit};
use crate::stack_events::{self, model::Event};
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_resources::store as resource_store;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Action, Stack, Status};
use crate::template::HOOK_TYPES;

/// A visit that may stop on its way.
pub(crate) static RESOURCE_WITH_BREAKPOINTS: Workflow = Workflow {
    kind: "stack.resource_with_breakpoints",
    deadline_seconds: 300,
    steps: &[
        step!("before", record: pause_before),
        step!("begin", wait: until_cleared, record: act::begin),
        step!("carry_out", act: act::prepare, record: act::carry_out),
        step!("settle", wait: act::until_ended, act: act::observe, record: settle),
        step!("leave", wait: until_cleared, record: leave),
    ],
    on_failed: give_up,
};

/// The key of a signal that clears a hook.
pub(crate) const UNSET: &str = "unset_hook";

/// Whether visits to a resource of that name may stop.
pub(crate) fn are_set(blueprint: &Blueprint, name: &str) -> bool {
    HOOK_TYPES.iter().any(|hook| blueprint.environment.registry.has_hook(name, hook))
}

/// The hook before what is about to be done. What an update adds, or takes away, has none.
fn hook_before(stack: &Stack, resource: &Resource) -> Option<(Action, &'static str)> {
    match (resource.wanted, resource.action, stack.action) {
        (Wanted::Made, Action::Init, Action::Create) => Some((Action::Create, "pre-create")),
        (Wanted::Made | Wanted::Removed, Action::Init, _) => None,
        (Wanted::Made, _, _) => Some((Action::Update, "pre-update")),
        (Wanted::Removed, _, Action::Delete) => Some((Action::Delete, "pre-delete")),
        _ => None,
    }
}

/// The hook after what was done.
fn hook_after(stack: &Stack, resource: &Resource) -> Option<(Action, &'static str)> {
    match (resource.action, stack.action) {
        (Action::Create, Action::Create) => Some((Action::Create, "post-create")),
        (Action::Update, _) => Some((Action::Update, "post-update")),
        (Action::Delete, Action::Delete) => Some((Action::Delete, "post-delete")),
        _ => None,
    }
}

fn pause_before(context: &Context, connection: &Connection) -> Result<()> {
    let Some(mut visit) = Visit::of(context, connection)? else { return Ok(()) };
    let hook = hook_before(&visit.stack, &visit.resource).filter(|_| !visit.is_overtaken());
    pause(&mut visit, hook)
}

fn pause(visit: &mut Visit<'_>, hook: Option<(Action, &'static str)>) -> Result<()> {
    let blueprint = Blueprint::of(&visit.stack)?;
    let registry = &blueprint.environment.registry;
    let set = hook.filter(|(_, hook)| registry.has_hook(&visit.resource.name, hook));
    let Some((action, hook)) = set else { return Ok(()) };
    visit.resource.data.insert(hook.to_owned(), Value::Bool(true));
    let told = format!("{action} paused until Hook {hook} is cleared");
    tell(visit.hand, &visit.stack, &visit.resource, told)
}

/// The row is kept, and an event says what happened to it where it is.
fn tell(hand: Hand<'_>, stack: &Stack, resource: &Resource, told: String) -> Result<()> {
    resource_store::save(hand.connection, resource)?;
    let event = Event { reason: told, ..Event::of_resource(stack, resource, hand.now) };
    stack_events::store::insert(hand.connection, &event)
}

/// Waits while a hook is set. Nobody waits any more when the time of the stack is up, or when a
/// newer traversal wants the resource.
fn until_cleared(context: &Context, connection: &Connection) -> Result<Wait> {
    let Some(mut visit) = Visit::of(context, connection)? else { return Ok(Wait::Over) };
    if set_hooks(&visit.resource).next().is_none() {
        return Ok(Wait::Over);
    }
    if visit.is_overtaken() {
        lift(&mut visit)?;
        return Ok(Wait::Over);
    }
    let until = visit.stack.deadline;
    if until <= visit.hand.now {
        return Err(Error::conflict(act::TIMED_OUT));
    }
    Ok(Wait::For { target: awaited(&visit.resource), until })
}

/// What a visit waits for whose hook is set.
fn awaited(resource: &Resource) -> String {
    format!("stack:{}/hook/{}", resource.stack, resource.number)
}

fn set_hooks(resource: &Resource) -> impl Iterator<Item = &'static str> {
    HOOK_TYPES.iter().copied().filter(|hook| resource.data.contains_key(*hook))
}

/// Takes away hooks that nobody cleared; whether there were any.
fn lift(visit: &mut Visit<'_>) -> Result<bool> {
    let set: Vec<_> = set_hooks(&visit.resource).collect();
    if set.is_empty() {
        return Ok(false);
    }
    visit.resource.data.retain(|key, _| !set.contains(&key.as_str()));
    let told = "Failure occurred while waiting.".to_owned();
    tell(visit.hand, &visit.stack, &visit.resource, told).map(|()| true)
}

/// What was begun is complete; the hook after it is set.
fn settle(context: &Context, connection: &Connection) -> Result<()> {
    let Some(visit) = Visit::of(context, connection)? else { return Ok(()) };
    let was_begun = visit.resource.status == Status::InProgress;
    match act::conclude(context, visit)? {
        Some(mut visit) if was_begun => {
            let hook = hook_after(&visit.stack, &visit.resource);
            pause(&mut visit, hook)
        }
        Some(_) | None => Ok(()),
    }
}

fn leave(context: &Context, connection: &Connection) -> Result<()> {
    match Visit::of(context, connection)? {
        Some(visit) => act::leave(visit),
        None => Ok(()),
    }
}

/// A visit whose time is up while it waits leaves the resource as it is.
fn give_up(context: &Context, connection: &Connection) -> Result<()> {
    let Some(mut visit) = Visit::of(context, connection)? else { return Ok(()) };
    if lift(&mut visit)? && !visit.is_overtaken() {
        return visit.fail(context.message().unwrap_or_default().to_owned());
    }
    act::give_up(context, connection)
}

/// Clears a hook of a resource, and lets who waits for it go on.
///
/// # Errors
///
/// 400 `InvalidBreakPointHook` when there is no such hook, or it is not set now.
pub(crate) fn clear(
    hand: Hand<'_>,
    stack: &Stack,
    resource: &mut Resource,
    hook: &Value,
) -> Result<()> {
    let named = HOOK_TYPES.iter().find(|known| Some(**known) == hook.as_str());
    let Some(hook) = named else {
        let shown = hook.as_str().map_or_else(|| hook.to_string(), str::to_owned);
        return Err(refused(stack, resource, |it| {
            format!("Invalid hook type \"{shown}\" for {it}")
        })?);
    };
    if resource.data.remove(*hook).is_none() {
        let sentence = |it: &str| format!("The \"{hook}\" hook is not defined on {it}");
        return Err(refused(stack, resource, sentence)?);
    }
    wake(hand.connection, &awaited(resource))?;
    tell(hand, stack, resource, format!("Hook {hook} is cleared"))
}

/// A refusal that names the resource as Heat does.
fn refused(stack: &Stack, resource: &Resource, sentence: impl Fn(&str) -> String) -> Result<Error> {
    let blueprint = Blueprint::of(stack)?;
    let registry = &blueprint.environment.registry;
    let plugin = blueprint::implementation(registry, &resource.resource_type, &resource.name)?;
    let thing = resource.physical.as_ref().map(|id| format!("[{id}] ")).unwrap_or_default();
    let (class, name) = (plugin.class(), &resource.name);
    let shown = format!("{class} \"{name}\" {thing}Stack \"{}\" [{}]", stack.name, stack.id);
    Ok(Error::bad_request(sentence(&shown)).tag("InvalidBreakPointHook"))
}
