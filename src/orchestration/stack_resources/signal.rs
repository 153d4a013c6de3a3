//! A signal reaches its resource: what may be signalled when, and what the events say of it.
//!
//! Called by the signal operation of the API and by the URLs that guests are given. What the
//! signal does, the type of the resource knows (`Plugin::signal`).

use kit::error::{Error, Kind, Result};
use serde_json::Value;

use super::{logic, store};
use crate::engine::{Hand, breakpoints};
use crate::resources::{Act, Plugin, Signalled};
use crate::stack_events::{self, model::Event};
use crate::stack_resources::model::Resource;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Action, Stack};

/// The class of errors that a resource met as it took a signal.
pub(crate) const FAILED: &str = "ResourceFailure";

/// Signals a resource of a stack; the resource as it is then.
pub(crate) fn deliver(
    hand: Hand<'_>,
    stack: &Stack,
    name: &str,
    details: &Value,
) -> Result<Resource> {
    if let Some(hook) = details.get(breakpoints::UNSET) {
        return clear(hand, stack, name, hook);
    }
    let mut resource = find(hand, stack, name)?;
    let blueprint = Blueprint::of(stack)?;
    let registry = &blueprint.environment.registry;
    let plugin = blueprint::maker_of(registry, &resource)?;
    refuse_unless_now(plugin, &resource)?;
    let caller = hand.caller(stack)?;
    let mut act = Act { hand, caller, stack, resource: &mut resource };
    let outcome = plugin.signal(&mut act, details).map_err(|error| failure(name, error))?;
    store::save(hand.connection, &resource)?;
    let reason = match outcome {
        Signalled::Nothing => return Ok(resource),
        Signalled::Heard => words(details),
        Signalled::Said(what) => format!("Signal: {what}"),
    };
    let event = Event::of_signal(stack, &resource, reason, hand.now);
    stack_events::store::insert(hand.connection, &event)?;
    Ok(resource)
}

/// Clears a hook, which a resource may have before it is there and after it is gone.
fn clear(hand: Hand<'_>, stack: &Stack, name: &str, hook: &Value) -> Result<Resource> {
    let mut resource = row(hand, stack, name)?;
    breakpoints::clear(hand, stack, &mut resource, hook)?;
    Ok(resource)
}

fn row(hand: Hand<'_>, stack: &Stack, name: &str) -> Result<Resource> {
    logic::named(hand, stack, name)?.ok_or_else(|| logic::not_found(name, stack))
}

/// A resource that is there.
fn find(hand: Hand<'_>, stack: &Stack, name: &str) -> Result<Resource> {
    let resource = row(hand, stack, name)?;
    if resource.action == Action::Init {
        let sentence = format!("The Resource ({name}) is not available.");
        return Err(Error::not_found(sentence).tag("ResourceNotAvailable"));
    }
    Ok(resource)
}

fn refuse_unless_now(plugin: &dyn Plugin, resource: &Resource) -> Result<()> {
    let action = resource.action;
    if plugin.takes_signals_after(action) {
        return Ok(());
    }
    let sentence = format!("Signal resource during {action} is not supported.");
    Err(Error::bad_request(sentence).tag("NotSupported"))
}

/// What the type refused, said of the resource. That it takes no signals at all is said plainly.
fn failure(name: &str, error: Error) -> Error {
    if error.tag == "ResourceActionNotSupported" || error.kind == Kind::Internal {
        return error;
    }
    let class = if error.tag.is_empty() { "ValueError" } else { error.tag };
    let public = format!("{class}: resources.{name}: {}", error.public);
    Error { public, ..error }.tag(FAILED)
}

/// Heat: what an event says of a signal that the type says nothing of.
fn words(details: &Value) -> String {
    let text = |key| details.get(key).and_then(Value::as_str);
    if let (Some(previous), Some(current), Some(reason)) =
        (text("previous"), text("current"), text("reason"))
    {
        return format!("alarm state changed from {previous} to {current} ({reason})");
    }
    let told = if details.is_null() { "No signal details provided" } else { "Unknown" };
    details.as_str().unwrap_or(told).to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_alarm_says_what_it_is() {
        let alarm = json!({"previous": "ok", "current": "alarm", "reason": "cpu"});
        assert_eq!(words(&alarm), "alarm state changed from ok to alarm (cpu)");
        assert_eq!(words(&json!("hello")), "hello");
        assert_eq!(words(&Value::Null), "No signal details provided");
        assert_eq!(words(&json!({"x": 1})), "Unknown");
    }
}
