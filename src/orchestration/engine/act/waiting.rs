//! What a visit waits for: its turn at a thing that others are at work on, and the end of what it
//! has begun itself. Asked inside transactions; nothing here sleeps.

use kit::error::{Error, Kind, Result};
use kit::workflow::{Context, Wait, running_on};
use rusqlite::Connection;
use serde_json::Value;

use super::{TIMED_OUT, Visit, carry_out_now, placed};
use crate::resources::{Pending, Plugin};
use crate::stack_resources::model::Wanted;
use crate::stack_resources::store as resource_store;
use crate::stacks::model::Action;
use crate::template::DeletionPolicy;

/// What the data of a resource say with which nothing was begun, because it was not its turn.
const PUT_OFF: &str = "put_off";

/// Puts off what is to be done to a thing that others are at work on; whether that was so. Heat asks
/// the service again and again until it does not refuse any more.
pub(super) fn put_off(visit: &mut Visit<'_>) -> Result<bool> {
    let is_occupied = occupied(visit)?.is_some();
    if is_occupied {
        visit.resource.data.insert(PUT_OFF.to_owned(), Value::Bool(true));
        resource_store::save(visit.hand.connection, &visit.resource)?;
    } else {
        visit.resource.data.remove(PUT_OFF);
    }
    Ok(is_occupied)
}

/// What must end before anything is done to the thing. Deleting it waits for nobody.
fn occupied(visit: &Visit<'_>) -> Result<Option<String>> {
    let row = &visit.resource;
    let takes_turns = match row.action {
        Action::Update | Action::Suspend | Action::Resume | Action::Snapshot => true,
        Action::Delete => row.deletion_policy == DeletionPolicy::Snapshot,
        Action::Init
        | Action::Create
        | Action::Check
        | Action::Adopt
        | Action::Rollback
        | Action::Restore => false,
    };
    let Some(target) = visit.plugin()?.takes_turns_at(&visit.look()).filter(|_| takes_turns) else {
        return Ok(None);
    };
    Ok(running_on(visit.hand.connection, &target)?.map(|_| target))
}

fn is_put_off(visit: &Visit<'_>) -> bool {
    visit.resource.data.contains_key(PUT_OFF)
}

/// Waits for what was begun. A resource that is to go does not wait for its own completion.
pub(in crate::engine) fn until_ended(context: &Context, connection: &Connection) -> Result<Wait> {
    let Some(mut visit) = Visit::under_way(context, connection)? else { return Ok(Wait::Over) };
    if !is_put_off(&visit) {
        return until_over(visit);
    }
    if visit.is_overtaken() {
        return Ok(Wait::Over);
    }
    if let Some(target) = occupied(&visit)? {
        return wait(&visit, Pending::For(target, None));
    }
    visit.resource.data.remove(PUT_OFF);
    carry_out_now(visit)?;
    Visit::under_way(context, connection)?.map_or(Ok(Wait::Over), until_over)
}

fn until_over(mut visit: Visit<'_>) -> Result<Wait> {
    let plugin = visit.plugin()?;
    let asked = still_pending(&mut visit, plugin);
    let pending = asked.map_err(|error| placed(&visit.resource, &error))?;
    let row = &visit.resource;
    let is_to_go = row.wanted == Wanted::Removed && row.action != Action::Delete;
    if pending != Pending::Over && visit.is_overtaken() {
        // The newer traversal tells the nested stack what it is to become; see settle.
        if plugin.is_stack() {
            return Ok(Wait::Over);
        }
        if is_to_go {
            let error = Error::conflict(format!("{} aborted", row.action)).tag("ResourceFailure");
            return Err(placed(row, &error));
        }
    }
    wait(&visit, pending)
}

/// As long as the stack has time. The visit of an earlier traversal has the time of the newer one.
fn wait(visit: &Visit<'_>, pending: Pending) -> Result<Wait> {
    let deadline = visit.stack.deadline;
    match pending {
        Pending::Over => Ok(Wait::Over),
        Pending::For(..) if deadline <= visit.hand.now => {
            Err(Error::new(Kind::Conflict, TIMED_OUT))
        }
        Pending::For(target, until) => {
            Ok(Wait::For { target, until: until.map_or(deadline, |until| until.min(deadline)) })
        }
    }
}

/// What the resource waits for, after its type has begun what comes next.
fn still_pending(visit: &mut Visit<'_>, plugin: &'static dyn Plugin) -> Result<Pending> {
    let pending = plugin.pending(&visit.look())?;
    // What is nested is gone on with by whoever has overtaken this visit.
    let has_turns = plugin.is_server() || plugin.is_stack() && !visit.is_overtaken();
    if pending != Pending::Over || !has_turns || !plugin.go_on(&mut visit.act()?)? {
        return Ok(pending);
    }
    resource_store::save(visit.hand.connection, &visit.resource)?;
    plugin.pending(&visit.look())
}

/// Whether a newer traversal takes over what has not begun, or a nested stack still at work.
pub(super) fn is_cut_short(visit: &mut Visit<'_>) -> Result<bool> {
    if !visit.is_overtaken() {
        return Ok(false);
    }
    if visit.resource.data.remove(PUT_OFF).is_some() {
        return Ok(true);
    }
    let plugin = visit.plugin()?;
    Ok(plugin.is_stack() && !matches!(plugin.pending(&visit.look()), Ok(Pending::Over)))
}
