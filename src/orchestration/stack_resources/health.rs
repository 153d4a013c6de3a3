//! Telling that a resource is not well, or is well again: `openstack stack resource mark unhealthy`.
//!
//! The next update puts another in the place of one that is not well.

use kit::error::{Error, Result};
use kit::http::pyrepr::Repr;
use serde_json::Value;

use super::model::{Progress, Resource};
use super::{logic, store};
use crate::engine::Hand;
use crate::stack_events::{self, model::Event};
use crate::stacks::model::{Action, Stack, Status};
use crate::stacks::request;

const KEY: &str = "mark_unhealthy";
const REASON: &str = "resource_status_reason";
/// What is said where the caller says nothing.
const NO_REASON: &str = "state changed by resource_mark_unhealthy api";

/// What somebody says of a resource.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    is_unhealthy: bool,
    reason: String,
}

impl Verdict {
    /// Reads the body of the request.
    pub(crate) fn read(body: &Value) -> Result<Self> {
        let keys = body.as_object().into_iter().flat_map(serde_json::Map::keys);
        let unknown: Vec<String> = keys
            .filter(|key| ![KEY, REASON].contains(&key.as_str()))
            .map(|key| Repr(&Value::from(key.as_str())).to_string())
            .collect();
        if !unknown.is_empty() {
            return Err(Error::bad_request(format!(
                "Invalid keys in resource mark unhealthy {{{}}}",
                unknown.join(", ")
            )));
        }
        let missing = || {
            Error::bad_request(format!("Missing mandatory ({KEY}) key from mark unhealthy request"))
        };
        let reason = body.get(REASON).and_then(Value::as_str).filter(|reason| !reason.is_empty());
        Ok(Self {
            is_unhealthy: request::flag(body, KEY)?.ok_or_else(missing)?,
            reason: reason.unwrap_or(NO_REASON).to_owned(),
        })
    }
}

/// Notes it, unless the resource is being worked on.
pub(crate) fn mark(hand: Hand<'_>, stack: &Stack, named: &str, verdict: &Verdict) -> Result<()> {
    let mut row = find(hand, stack, named)?;
    if row.progress == Progress::Running {
        let (name, action) = (&stack.name, stack.action);
        let sentence = format!("Stack {name} already has an action ({action}) in progress.");
        return Err(Error::conflict(sentence).tag("ActionInProgress"));
    }
    let found_ill = (row.action, row.status) == (Action::Check, Status::Failed);
    row.status = match verdict.is_unhealthy {
        true if row.action != Action::Delete => Status::Failed,
        false if found_ill => Status::Complete,
        true | false => return Ok(()),
    };
    row.action = Action::Check;
    row.reason.clone_from(&verdict.reason);
    row.updated_at = hand.now;
    store::save(hand.connection, &row)?;
    stack_events::store::insert(hand.connection, &Event::of_resource(stack, &row, hand.now))
}

/// By its name, or by what its thing is called.
fn find(hand: Hand<'_>, stack: &Stack, named: &str) -> Result<Resource> {
    let rows = logic::current(hand, stack)?;
    let by_name = rows.iter().position(|row| row.name == named);
    let found =
        by_name.or_else(|| rows.iter().position(|row| row.physical.as_deref() == Some(named)));
    let row = found.and_then(|index| rows.into_iter().nth(index));
    row.ok_or_else(|| logic::not_found(named, stack))
}
