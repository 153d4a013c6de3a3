//! Runs over the resources of a stack: how one begins, goes on and ends.
//!
//! Handlers begin them, visits ([`super::act`]) carry them on; all of it inside their
//! transactions. What is visited when, [`super::plan`] decides.

use std::collections::{HashMap, HashSet};

use kit::error::Result;
use kit::ids::TraversalId;
use kit::workflow::{NewOperation, Workflow, submit, wake, wake_target};

use super::plan::{self, Plan};
use super::{Hand, act, adoption, breakpoints};
use crate::resources::{self, Plugin};
use crate::stack_events::{self, model::Event};
use crate::stack_exports::{logic as exports, model::Entries};
use crate::stack_resources::model::{Progress, Resource, Turn, Wanted};
use crate::stack_resources::store as resource_store;
use crate::stack_snapshots::logic as stack_snapshots;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Action, Stack, Status};
use crate::stacks::{store, tree};
use crate::template::Resource as Definition;
use crate::template::graph::Graph;

/// How long an action of a stack may take (Heat: `stack_action_timeout`).
pub(crate) const DEFAULT_TIMEOUT_MINS: i64 = 60;

/// Begins an action that makes the stack what its template says.
pub(crate) fn begin_making(hand: Hand<'_>, stack: &mut Stack, action: Action) -> Result<()> {
    set_out(hand, stack, action)?;
    let blueprint = Blueprint::of(stack)?;
    let graph = blueprint.definition.graph()?;
    let rows = resource_store::of_stack(hand.connection, &stack.id)?;
    let kept = keepers(&rows, action);
    for mut row in rows {
        let keep = kept.get(&row.name) == Some(&row.number)
            && blueprint.definition.resource(&row.name).is_some();
        if keep {
            row.requires = graph.requires(&row.name).map(str::to_owned).collect();
        }
        aim(hand, &mut row, if keep { Wanted::Made } else { Wanted::Removed })?;
    }
    for wanted in blueprint.definition.resources().filter(|row| !kept.contains_key(&row.name)) {
        resource_store::insert(hand.connection, &fresh(hand, stack, wanted, &graph))?;
    }
    advance(hand, stack)
}

/// Begins to make a stack of what another has left.
pub(crate) fn begin_adopting(hand: Hand<'_>, stack: &mut Stack, left: &Entries) -> Result<()> {
    set_out(hand, stack, Action::Adopt)?;
    let blueprint = Blueprint::of(stack)?;
    let graph = blueprint.definition.graph()?;
    for wanted in blueprint.definition.resources() {
        let row = adoption::wants(fresh(hand, stack, wanted, &graph), left)?;
        resource_store::insert(hand.connection, &row)?;
    }
    advance(hand, stack)
}

/// A resource of the template that has no row yet.
fn fresh(hand: Hand<'_>, stack: &Stack, wanted: &Definition, graph: &Graph) -> Resource {
    Resource {
        requires: graph.requires(&wanted.name).map(str::to_owned).collect(),
        deletion_policy: wanted.deletion_policy,
        ..Resource::new(&stack.id, &wanted.name, &wanted.resource_type, hand.now)
    }
}

/// Begins an action that wants the same of every resource.
pub(crate) fn begin_for_all(
    hand: Hand<'_>,
    stack: &mut Stack,
    action: Action,
    wanted: Wanted,
) -> Result<()> {
    set_out_for_all(hand, stack, action, wanted)?;
    advance(hand, stack)
}

/// The same, before anything is visited.
pub(crate) fn set_out_for_all(
    hand: Hand<'_>,
    stack: &mut Stack,
    action: Action,
    wanted: Wanted,
) -> Result<()> {
    set_out(hand, stack, action)?;
    for mut row in resource_store::of_stack(hand.connection, &stack.id)? {
        aim(hand, &mut row, wanted)?;
    }
    Ok(())
}

/// Which row of each name stays. Where an update that did not end has left two, the newer one
/// does; a rollback goes back to the older one.
fn keepers(rows: &[Resource], action: Action) -> HashMap<String, i64> {
    let mut kept = HashMap::new();
    for row in rows {
        let seen = kept.contains_key(&row.name);
        if !seen || action != Action::Rollback {
            kept.insert(row.name.clone(), row.number);
        }
    }
    kept
}

/// The stack is on its way; what is left of an earlier run looks up.
fn set_out(hand: Hand<'_>, stack: &mut Stack, action: Action) -> Result<()> {
    stack_snapshots::overtake(hand, stack)?;
    let timeout_mins = stack.timeout_mins.unwrap_or(DEFAULT_TIMEOUT_MINS);
    stack.traversal = TraversalId::random();
    stack.deadline = hand.now.plus_seconds(timeout_mins.saturating_mul(60));
    // A nested stack has no more time than the one around it.
    if let Some(outer) = tree::around(hand.connection, stack)?.first() {
        stack.deadline = stack.deadline.min(outer.deadline);
    }
    stack.action = action;
    if action != Action::Create {
        stack.updated_at = Some(hand.now);
    }
    reach(hand, stack, Status::InProgress, format!("Stack {action} started"))?;
    wake_target(hand.connection, &stack.target())
}

/// Tells a resource what is wanted. One that is being visited is first let go by its visitor.
pub(super) fn aim(hand: Hand<'_>, row: &mut Resource, wanted: Wanted) -> Result<()> {
    row.wanted = wanted;
    if row.progress != Progress::Running {
        row.progress = Progress::Waiting;
    }
    resource_store::save(hand.connection, row)
}

/// Visits what can be visited now; ends the run when nothing is left.
pub(crate) fn advance(hand: Hand<'_>, stack: &mut Stack) -> Result<()> {
    if stack.status != Status::InProgress {
        return Ok(());
    }
    let is_any = |progress| resource_store::is_any(hand.connection, &stack.id, progress);
    // Mostly there is nothing to plan: all that is left has been begun.
    if !is_any(Progress::Waiting)? && is_any(Progress::Running)? {
        return Ok(());
    }
    let open = resource_store::open(hand.connection, &stack.id)?;
    match plan::next(&open) {
        Plan::Visit(ready) => {
            let ready: HashSet<i64> = ready.into_iter().collect();
            open.iter()
                .filter(|turn| ready.contains(&turn.number))
                .try_for_each(|turn| visit(hand, stack, turn))
        }
        Plan::Over => complete(hand, stack),
    }
}

fn visit(hand: Hand<'_>, stack: &Stack, turn: &Turn) -> Result<()> {
    resource_store::set_running(hand.connection, turn.number)?;
    let operation = NewOperation {
        workflow: workflow(stack, turn),
        // A row that is replaced is visited twice: to be made, and to be removed.
        target: format!("{}/{}/{}/{}", stack.target(), stack.traversal, turn.number, turn.wanted),
        project: stack.project.clone(),
        user: stack.trust.user.clone(),
        request_id: stack.request_id.clone(),
        params: act::Params::of(stack, turn).to_value()?,
        label: "visit",
    };
    submit(hand.connection, hand.now, operation)?;
    Ok(())
}

/// How a resource is visited. A type that is not there any more says so in its visit.
fn workflow(stack: &Stack, turn: &Turn) -> &'static Workflow {
    let Ok(blueprint) = Blueprint::of(stack) else { return &act::RESOURCE };
    if breakpoints::are_set(&blueprint, &turn.name) {
        return &breakpoints::RESOURCE_WITH_BREAKPOINTS;
    }
    let registry = &blueprint.environment.registry;
    let plugin =
        blueprint::maker(registry, turn.made_by.as_deref(), &turn.resource_type, &turn.name);
    if plugin.is_ok_and(Plugin::is_at_once) { &act::RESOURCE_AT_ONCE } else { &act::RESOURCE }
}

fn complete(hand: Hand<'_>, stack: &mut Stack) -> Result<()> {
    if stack.action == Action::Delete {
        stack_snapshots::delete_all(hand, stack)?;
        stack.deleted_at = Some(hand.now);
    }
    if stack.previous.take().is_some() {
        store::save_source(hand.connection, stack)?;
    }
    let reason = format!("Stack {} completed successfully", stack.action);
    reach(hand, stack, Status::Complete, reason)?;
    stack_snapshots::finish(hand, stack)?;
    ended(hand, stack)
}

/// Tells whoever waits for the stack, or serves what is in it.
fn ended(hand: Hand<'_>, stack: &Stack) -> Result<()> {
    resources::follow(hand, stack)?;
    wake(hand.connection, &stack.target())
}

/// A visit has failed, and with it the action; the stack goes back if it was asked to.
pub(crate) fn fail(hand: Hand<'_>, stack: &mut Stack, reason: String) -> Result<()> {
    if stack.status != Status::InProgress {
        return Ok(());
    }
    reach(hand, stack, Status::Failed, reason)?;
    stack_snapshots::finish(hand, stack)?;
    let goes_back = !stack.disable_rollback
        && matches!(
            stack.action,
            Action::Create | Action::Update | Action::Restore | Action::Adopt
        );
    // What was there before the stack stays when it goes back to nothing.
    if goes_back && stack.action == Action::Adopt {
        exports::retain_all(hand.connection, &stack.id)?;
    }
    if goes_back { roll_back(hand, stack) } else { ended(hand, stack) }
}

/// Stops where it is, and what is nested in it too. What has been begun ends by itself and is taken
/// up by the next action.
pub(crate) fn stop(hand: Hand<'_>, stack: &mut Stack) -> Result<()> {
    stack.traversal = TraversalId::random();
    let reason = format!("Stack {} cancelled", stack.action);
    reach(hand, stack, Status::Failed, reason)?;
    let nested = store::nested_in(hand.connection, &stack.id)?;
    for mut child in nested.into_iter().filter(|child| child.status == Status::InProgress) {
        stop(hand, &mut child)?;
    }
    wake(hand.connection, &stack.target())
}

/// Goes back to what the stack was before; to nothing if there was nothing.
pub(crate) fn roll_back(hand: Hand<'_>, stack: &mut Stack) -> Result<()> {
    match stack.previous.take() {
        Some(previous) => {
            stack.source = previous;
            store::save_source(hand.connection, stack)?;
            begin_making(hand, stack, Action::Rollback)
        }
        None => begin_for_all(hand, stack, Action::Rollback, Wanted::Removed),
    }
}

fn reach(hand: Hand<'_>, stack: &mut Stack, status: Status, reason: String) -> Result<()> {
    stack.status = status;
    stack.reason = reason;
    store::save_state(hand.connection, stack)?;
    stack_events::store::insert(hand.connection, &Event::of_stack(stack, hand.now))
}
