//! The rules of stacks: check, decide, write. All of it runs in one write closure, so a stack and
//! the promise to make it exist together or not at all.

use std::sync::{Arc, LazyLock};

use kit::error::{Error, Result};
use kit::ids::{RequestId, StackId, TraversalId};
use kit::policy::Caller;
use regex::Regex;

use super::blueprint::Blueprint;
use super::model::{Action, Parent, Stack, Status, Trust};
use super::request::{Change, NewStack};
use super::{children, store, tree};
use crate::engine::{Hand, external, traverse};
use crate::resources::constraints::{self, Asker};
use crate::resources::permits;
use crate::stack_exports::model::Entries;
use crate::stack_resources::model::Wanted;
use crate::template::{Error as TemplateError, Mode, NothingYet};

/// How many stacks a project may have (Heat: `max_stacks_per_tenant`).
const MAX_STACKS: i64 = 512;

/// Makes a stack.
pub(crate) fn create(
    hand: Hand<'_>,
    caller: &Caller,
    request_id: &RequestId,
    new: NewStack,
) -> Result<Stack> {
    let left = new.left.clone();
    begin(hand, draft(hand, caller, request_id, StackId::random(), new)?, left.as_ref())
}

/// A stack that could be made: what is wrong with it has been refused. Writes nothing.
pub(crate) fn draft(
    hand: Hand<'_>,
    caller: &Caller,
    request_id: &RequestId,
    id: StackId,
    new: NewStack,
) -> Result<Stack> {
    check_name(&new.name)?;
    let stack = row(hand, caller, request_id.as_str(), id, new)?;
    if store::find_by_name(hand.connection, &stack.project, &stack.name)?.is_some() {
        let sentence = format!("The Stack ({}) already exists.", stack.name);
        return Err(Error::conflict(sentence).tag("StackExists"));
    }
    let limited = !hand.platform.policy.is_administrator(caller);
    if limited && store::count(hand.connection, &stack.project)? >= MAX_STACKS {
        return Err(Error::bad_request(format!(
            "You have reached the maximum stacks per tenant, {MAX_STACKS}. Please delete some \
             stacks."
        ))
        .tag("RequestLimitExceeded"));
    }
    validate(hand, caller, &stack)?;
    Ok(stack)
}

/// Makes a stack that is the thing of a resource of `parent` and has the rights of that.
pub(crate) fn create_nested(
    hand: Hand<'_>,
    caller: &Caller,
    parent: &Stack,
    resource: &str,
    new: NewStack,
) -> Result<Stack> {
    tree::check_depth(hand.connection, parent)?;
    let left = new.left.clone();
    let stack = Stack {
        parent: Some(Parent { stack: parent.id.clone(), resource: resource.to_owned() }),
        trust: parent.trust.clone(),
        ..row(hand, caller, &parent.request_id, StackId::random(), new)?
    };
    validate(hand, caller, &stack)?;
    begin(hand, stack, left.as_ref())
}

fn begin(hand: Hand<'_>, mut stack: Stack, left: Option<&Entries>) -> Result<Stack> {
    stack.number = store::insert(hand.connection, &stack)?;
    match left {
        Some(left) => traverse::begin_adopting(hand, &mut stack, left)?,
        None => traverse::begin_making(hand, &mut stack, Action::Create)?,
    }
    Ok(stack)
}

/// Says what is wrong with template, parameters and properties before anything exists.
fn validate(hand: Hand<'_>, caller: &Caller, stack: &Stack) -> Result<()> {
    // Heat: the wish for a nested stack comes from the engine itself.
    let told = |error: TemplateError| match &stack.parent {
        None => error.to_client(),
        Some(_) => error.into(),
    };
    let blueprint = Blueprint::of(stack).map_err(told)?;
    let definition = &blueprint.definition;
    permits::check_all(&hand.platform.policy, caller, definition)?;
    definition.parameters().validate(true).map_err(told)?;
    let asker = Asker { hand, stack, caller };
    constraints::check(&asker, &definition.parameters().custom_checks())?.map_err(told)?;
    definition.validate(Mode::Values).map_err(told)?;
    for resource in definition.resources() {
        if let Some(id) = definition.external_id(resource).map_err(told)? {
            external::check(hand, stack, resource, &id)?;
            continue;
        }
        let checks = definition.properties(resource, &NothingYet).map_err(told)?.custom;
        let checked = constraints::check(&asker, &checks)?;
        checked.map_err(|error| told(definition.of_property(resource, error)))?;
    }
    children::examine(&asker, &blueprint).map_err(told)?;
    match &stack.parent {
        None => children::check(&blueprint).map_err(told),
        // What is nested in it was looked at with the outermost stack.
        Some(parent) => tree::check_room(hand.connection, parent, stack, definition),
    }
}

/// Makes a stack what another template says. What an earlier action still does is overtaken.
pub(crate) fn update(
    hand: Hand<'_>,
    caller: &Caller,
    request_id: &RequestId,
    stack: Stack,
    change: Change,
) -> Result<()> {
    let unfit = [(Action::Suspend, "suspended"), (Action::Delete, "deleting")];
    if let Some((_, state)) = unfit.iter().find(|(action, _)| *action == stack.action) {
        let sentence = format!("Updating a stack when it is {state} is not supported.");
        return Err(Error::bad_request(sentence).tag("NotSupported"));
    }
    let mut stack = changed(hand, caller, request_id, stack, change)?;
    store::save_source(hand.connection, &stack)?;
    traverse::begin_making(hand, &mut stack, Action::Update)
}

/// A stack as a change would have it: what is wrong with that has been refused. Writes nothing.
pub(crate) fn changed(
    hand: Hand<'_>,
    caller: &Caller,
    request_id: &RequestId,
    mut stack: Stack,
    change: Change,
) -> Result<Stack> {
    let old = Blueprint::of(&stack)?;
    permits::check_all(&hand.platform.policy, caller, &old.definition)?;
    let before = std::mem::replace(&mut stack.source, Arc::new(change.source.into()));
    stack.previous.get_or_insert(before);
    stack.tags = change.tags;
    stack.timeout_mins = change.timeout_mins;
    stack.disable_rollback = change.disable_rollback;
    if *caller.require_project()? == stack.project {
        stack.trust = trust(caller)?;
    }
    stack.request_id = request_id.to_string();
    validate(hand, caller, &stack)?;
    let new = Blueprint::of(&stack)?;
    old.definition.parameters().check_immutable(new.definition.parameters())?;
    Ok(stack)
}

/// What may be done to a stack as a whole, by the word of the API.
static ACTIONS: &[(&str, Action, Wanted)] = &[
    ("suspend", Action::Suspend, Wanted::Suspended),
    ("resume", Action::Resume, Wanted::Resumed),
    ("check", Action::Check, Wanted::Checked),
];

/// Does to every resource of a stack what the word says.
pub(crate) fn act(
    hand: Hand<'_>,
    request_id: &RequestId,
    mut stack: Stack,
    word: &str,
) -> Result<()> {
    stack.request_id = request_id.to_string();
    if let Some((_, action, wanted)) = ACTIONS.iter().find(|(name, ..)| *name == word) {
        refuse_in_progress(&stack)?;
        return traverse::begin_for_all(hand, &mut stack, *action, *wanted);
    }
    match word {
        "cancel_update" => {
            refuse_unless_under_way(&stack, &[Action::Update])?;
            traverse::roll_back(hand, &mut stack)
        }
        "cancel_without_rollback" => {
            refuse_unless_under_way(&stack, &[Action::Update, Action::Create])?;
            traverse::stop(hand, &mut stack)
        }
        _ => Err(Error::bad_request(format!("Invalid action {word} specified"))),
    }
}

fn refuse_unless_under_way(stack: &Stack, actions: &[Action]) -> Result<()> {
    if stack.status == Status::InProgress && actions.contains(&stack.action) {
        return Ok(());
    }
    let state = stack.state();
    let sentence = format!("Cancelling update when stack is {state} is not supported.");
    Err(Error::bad_request(sentence).tag("NotSupported"))
}

/// Refuses what must not overtake what is being done to a stack.
pub(crate) fn refuse_in_progress(stack: &Stack) -> Result<()> {
    if stack.status != Status::InProgress {
        return Ok(());
    }
    let (name, action) = (&stack.name, stack.action);
    let sentence = format!("Stack {name} already has an action ({action}) in progress.");
    Err(Error::conflict(sentence).tag("ActionInProgress"))
}

/// Lets a stack and all that it made go. What is being done to it is not waited for.
pub(crate) fn delete(hand: Hand<'_>, request_id: &RequestId, stack: &mut Stack) -> Result<()> {
    stack.request_id = request_id.to_string();
    traverse::begin_for_all(hand, stack, Action::Delete, Wanted::Removed)
}

fn check_name(name: &str) -> Result<()> {
    static NAME: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[a-zA-Z][a-zA-Z0-9_.-]{0,254}$").ok());
    if NAME.as_ref().is_some_and(|pattern| pattern.is_match(name)) {
        return Ok(());
    }
    let sentence = format!(
        "Invalid stack name {name} must contain only alphanumeric or \"_-.\" characters, must \
         start with alpha and must be 255 characters or less."
    );
    Err(Error::bad_request(sentence).tag("StackValidationFailed"))
}

/// The rights that a stack has from now on. An administrator's change from another project leaves
/// those that it has: with his, what is new in it would be the other project's.
fn trust(caller: &Caller) -> Result<Trust> {
    Ok(Trust {
        user: caller.user_id.clone(),
        user_name: caller.user_name.clone(),
        project: caller.require_project()?.clone(),
        roles: caller.roles.clone(),
    })
}

fn row(
    hand: Hand<'_>,
    caller: &Caller,
    request_id: &str,
    id: StackId,
    new: NewStack,
) -> Result<Stack> {
    let project = caller.require_project()?.clone();
    Ok(Stack {
        number: 0,
        id,
        name: new.name,
        parent: None,
        trust: trust(caller)?,
        project,
        action: Action::Create,
        status: Status::InProgress,
        reason: String::new(),
        source: Arc::new(new.source.into()),
        previous: None,
        tags: new.tags,
        timeout_mins: new.timeout_mins,
        disable_rollback: new.disable_rollback,
        traversal: TraversalId::random(),
        deadline: hand.now,
        request_id: request_id.to_owned(),
        created_at: hand.now,
        updated_at: None,
        deleted_at: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_with_a_letter() {
        for (name, good) in [("web", true), ("a_b-c.1", true), ("1web", false), ("a b", false)] {
            assert_eq!(check_name(name).is_ok(), good, "{name}");
        }
        assert!(check_name(&"a".repeat(256)).is_err());
    }
}
