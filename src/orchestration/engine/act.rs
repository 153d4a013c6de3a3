//! A visit to one resource: the durable operation `stack.resource`.
//!
//! | step | outside | inside |
//! |---|---|---|
//! | begin | | what is to be done is decided: the resource is in progress, or needs nothing |
//! | `carry_out` | | the thing is made, changed or told to go, through the facade of its service |
//! | settle | (once what was begun has ended) it is looked at | the resource is complete; the traversal goes on |
//!
//! Our services live in the same database, so the thing and the row that names it come in one
//! transaction: there is no moment in which a kill could lose or double it. What takes time (a
//! server boots) is an operation of its own, and settle waits for its end without a task.
//!
//! A type that makes nothing outside its own row has all of it done in one record
//! (`stack.resource_at_once`): there is nothing to wait for and nothing to look at.
//!
//! A visit to a thing that others are at work on waits for its turn: what it is to do is carried
//! out when settle may begin.
//!
//! A visit whose resource was given to a newer traversal changes nothing any more: it hands the
//! resource over as soon as it may.

mod making;
mod replacing;
mod waiting;

use futures_util::future::BoxFuture;
use kit::error::{Error, Kind, Result};
use kit::ids::{StackId, TraversalId};
use kit::step;
use kit::workflow::{Context, Failure, Workflow};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Hand, traverse};
use crate::resources::release::{NOTHING_MADE, is_placeholder};
use crate::resources::{Act, Look, Plugin, Updated, kept_images, nested};
use crate::stack_events::{self, model::Event};
use crate::stack_resources::model::{Progress, Resource, Turn, Wanted};
use crate::stack_resources::store as resource_store;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Action, Stack, Status};
use crate::stacks::store;
use crate::template::DeletionPolicy;

pub(super) use waiting::until_ended;

/// The workflow. Failures of the engine below are retried by the workflows of the services, so
/// its own deadline only bounds its records.
pub(crate) static RESOURCE: Workflow = Workflow {
    kind: "stack.resource",
    deadline_seconds: 300,
    steps: &[
        step!("begin", record: begin),
        step!("carry_out", act: prepare, record: carry_out),
        step!("settle", wait: until_ended, act: observe, record: settle),
    ],
    on_failed: give_up,
};

/// The same for types that make nothing outside their own row.
pub(crate) static RESOURCE_AT_ONCE: Workflow = Workflow {
    kind: "stack.resource_at_once",
    deadline_seconds: 300,
    steps: &[step!("visit", record: at_once)],
    on_failed: give_up,
};

/// What Heat says of every change of state that went well.
pub(super) const CHANGED: &str = "state changed";
/// What Heat says of a stack whose time is up.
pub(super) const TIMED_OUT: &str = "Timed out";

/// Which resource is visited, on whose behalf.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Params {
    stack: StackId,
    resource: i64,
    traversal: TraversalId,
}

impl Params {
    pub(crate) fn of(stack: &Stack, turn: &Turn) -> Self {
        Self { stack: stack.id.clone(), resource: turn.number, traversal: stack.traversal.clone() }
    }

    pub(crate) fn to_value(&self) -> Result<Value> {
        Ok(serde_json::to_value(self)?)
    }
}

/// A visit with its rows.
pub(super) struct Visit<'a> {
    pub(super) hand: Hand<'a>,
    pub(super) stack: Stack,
    pub(super) resource: Resource,
    traversal: TraversalId,
}

impl<'a> Visit<'a> {
    /// The rows, if the resource is still this visit's.
    pub(super) fn of(context: &'a Context, connection: &'a Connection) -> Result<Option<Self>> {
        let params: Params = context.params()?;
        let hand = Hand { platform: &context.platform, connection, now: context.now() };
        let stack = store::get_for_system(connection, &params.stack)?;
        let resource = resource_store::get_for_system(connection, params.resource)?;
        let (Some(stack), Some(resource)) = (stack, resource) else { return Ok(None) };
        let own = resource.visitor.as_ref() == Some(&params.traversal);
        Ok(own.then_some(Self { hand, stack, resource, traversal: params.traversal }))
    }

    /// The same, if something was begun and has not ended.
    fn under_way(context: &'a Context, connection: &'a Connection) -> Result<Option<Self>> {
        let visit = Self::of(context, connection)?;
        Ok(visit.filter(|visit| visit.resource.status == Status::InProgress))
    }

    /// Whether the stack has another run by now.
    pub(super) fn is_overtaken(&self) -> bool {
        self.stack.traversal != self.traversal
    }

    fn plugin(&self) -> Result<&'static dyn Plugin> {
        let blueprint = Blueprint::of(&self.stack)?;
        Ok(self.plugin_in(&blueprint)?)
    }

    fn plugin_in(&self, blueprint: &Blueprint) -> crate::template::Result<&'static dyn Plugin> {
        let registry = &blueprint.environment.registry;
        let row = &self.resource;
        blueprint::maker_of(registry, row)
    }

    /// The resource for its plug-in, on behalf of the stack's user.
    fn act(&mut self) -> Result<Act<'_>> {
        Ok(Act {
            hand: self.hand,
            caller: self.hand.caller(&self.stack)?,
            stack: &self.stack,
            resource: &mut self.resource,
        })
    }

    fn look(&self) -> Look<'_> {
        Look { hand: self.hand, stack: &self.stack, resource: &self.resource }
    }

    /// The resource is where `action` and `status` say; an event says so too.
    pub(super) fn reach(&mut self, action: Action, status: Status, reason: &str) -> Result<()> {
        self.resource.action = action;
        self.resource.status = status;
        reason.clone_into(&mut self.resource.reason);
        self.resource.updated_at = self.hand.now;
        let event = Event::of_resource(&self.stack, &self.resource, self.hand.now);
        stack_events::store::insert(self.hand.connection, &event)?;
        resource_store::save(self.hand.connection, &self.resource)
    }

    /// The visit is over: the resource is as far as `progress` says, or waits for a newer
    /// traversal; the stack goes on.
    fn leave(mut self, progress: Progress) -> Result<()> {
        self.resource.visitor = None;
        self.resource.progress = if self.is_overtaken() { Progress::Waiting } else { progress };
        resource_store::save(self.hand.connection, &self.resource)?;
        traverse::advance(self.hand, &mut self.stack)
    }

    /// The visit failed, and with it the action of the stack.
    pub(super) fn fail(mut self, told: String) -> Result<()> {
        self.resource.visitor = None;
        self.resource.progress = Progress::Failed;
        resource_store::save(self.hand.connection, &self.resource)?;
        traverse::fail(self.hand, &mut self.stack, told)
    }
}

/// The three records one after the other; each finds the resource as the one before left it.
fn at_once(context: &Context, connection: &Connection) -> Result<()> {
    begin(context, connection)?;
    carry_out(context, connection)?;
    settle(context, connection)
}

pub(super) fn begin(context: &Context, connection: &Connection) -> Result<()> {
    let Some(mut visit) = Visit::of(context, connection)? else { return Ok(()) };
    if visit.is_overtaken() {
        return visit.leave(Progress::Waiting);
    }
    let action = match visit.resource.wanted {
        Wanted::Made => {
            let resource = visit.resource.clone();
            return making::begin(visit).map_err(|error| placed(&resource, &error));
        }
        Wanted::Removed => Action::Delete,
        Wanted::Suspended => Action::Suspend,
        Wanted::Resumed => Action::Resume,
        Wanted::Checked => Action::Check,
        Wanted::Snapshotted => Action::Snapshot,
        Wanted::Adopted => return making::begin_adopting(visit),
    };
    kept_images::make_room(&mut visit.resource, action);
    visit.reach(action, Status::InProgress, CHANGED)
}

/// Brings along what takes too long for a transaction.
pub(super) async fn prepare(context: Context) -> Result<Value, Failure> {
    let within = context.clone();
    let read = move |connection: &Connection| {
        let Some(visit) = Visit::under_way(&within, connection)? else { return Ok(None) };
        let caller = visit.hand.caller(&visit.stack)?;
        Ok(Some((visit.plugin()?, caller, visit.resource)))
    };
    match context.platform.store.read(read).await? {
        Some((plugin, caller, resource)) if resource.action == Action::Create => {
            plugin.prepare(context, caller, resource).await?;
        }
        Some(_) | None => {}
    }
    Ok(Value::Null)
}

pub(super) fn carry_out(context: &Context, connection: &Connection) -> Result<()> {
    let Some(mut visit) = Visit::under_way(context, connection)? else { return Ok(()) };
    if waiting::put_off(&mut visit)? { Ok(()) } else { carry_out_now(visit) }
}

fn carry_out_now(mut visit: Visit<'_>) -> Result<()> {
    let read = Blueprint::of(&visit.stack);
    let blueprint = read.map_err(|error| placed(&visit.resource, &error.into()))?;
    let outcome = perform(&mut visit, &blueprint);
    match outcome.map_err(|error| placed(&visit.resource, &error))? {
        Updated::InPlace => resource_store::save(visit.hand.connection, &visit.resource),
        Updated::Replace => replacing::carry_out(visit, &blueprint),
    }
}

fn perform(visit: &mut Visit<'_>, blueprint: &Blueprint) -> Result<Updated> {
    let plugin = visit.plugin_in(blueprint)?;
    let policy = visit.resource.deletion_policy;
    let gone = policy == DeletionPolicy::Retain || visit.resource.physical.is_none();
    let action = visit.resource.action;
    if action == Action::Update {
        return making::update(visit, blueprint, plugin);
    }
    let mut act = visit.act()?;
    match action {
        Action::Create => plugin.create(&mut act)?,
        Action::Delete if gone => {}
        Action::Delete if policy == DeletionPolicy::Snapshot => plugin.snapshot(&mut act)?,
        Action::Delete => plugin.delete(&mut act)?,
        Action::Suspend => plugin.suspend(&mut act)?,
        Action::Resume => plugin.resume(&mut act)?,
        Action::Check => plugin.check(&mut act)?,
        Action::Snapshot => plugin.snapshot(&mut act)?,
        Action::Adopt => plugin.adopt(&mut act)?,
        Action::Init | Action::Update | Action::Rollback | Action::Restore => {}
    }
    Ok(Updated::InPlace)
}

/// Looks at what was begun, where its type has something to see outside.
pub(super) fn observe(context: Context) -> BoxFuture<'static, Result<Value, Failure>> {
    Box::pin(async move {
        let within = context.clone();
        let read = move |connection: &Connection| {
            let Some(visit) = Visit::under_way(&within, connection)? else { return Ok(None) };
            Ok(Some((visit.plugin()?, visit.resource)))
        };
        let Some((plugin, resource)) = context.platform.store.read(read).await? else {
            return Ok(Value::Null);
        };
        let outcome = plugin.observe(context.clone(), resource.clone()).await;
        outcome.map(Value::Object).map_err(|failure| match failure {
            Failure::Fail(error) => Failure::Fail(placed(&resource, &error)),
            Failure::Retry(error) => Failure::Retry(error),
        })
    })
}

fn settle(context: &Context, connection: &Connection) -> Result<()> {
    let Some(visit) = Visit::of(context, connection)? else { return Ok(()) };
    conclude(context, visit)?.map_or(Ok(()), leave)
}

/// What was begun is complete; `None` when the resource was given to a newer traversal.
pub(super) fn conclude<'a>(context: &Context, mut visit: Visit<'a>) -> Result<Option<Visit<'a>>> {
    if visit.resource.status != Status::InProgress {
        return Ok(Some(visit));
    }
    let action = visit.resource.action;
    if waiting::is_cut_short(&mut visit)? {
        visit.reach(action, Status::Failed, &format!("{action} aborted"))?;
        visit.leave(Progress::Waiting)?;
        return Ok(None);
    }
    if let Some(Value::Object(seen)) = context.output("settle") {
        visit.resource.data.extend(seen.clone());
    }
    let nothing_made = is_placeholder(&visit.resource.resource_type);
    visit.reach(action, Status::Complete, if nothing_made { NOTHING_MADE } else { CHANGED })?;
    Ok(Some(visit))
}

/// The visit is over, and what was to be done is done.
pub(super) fn leave(visit: Visit<'_>) -> Result<()> {
    let gone = (Action::Delete, Status::Complete);
    if (visit.resource.action, visit.resource.status) == gone {
        return replacing::disappear(visit);
    }
    let is_succeeded =
        replacing::is_parted(&visit.resource) && visit.resource.wanted == Wanted::Made;
    if is_succeeded && !visit.is_overtaken() {
        let blueprint = Blueprint::of(&visit.stack)?;
        return replacing::succeed(visit, &blueprint);
    }
    visit.leave(Progress::Done)
}

/// The visit failed: the resource has, and with it the stack, unless a newer traversal has taken
/// over.
pub(super) fn give_up(context: &Context, connection: &Connection) -> Result<()> {
    let Some(mut visit) = Visit::of(context, connection)? else { return Ok(()) };
    let action = match visit.resource.status {
        Status::InProgress => visit.resource.action,
        Status::Complete | Status::Failed => intended(&visit.resource),
    };
    if let (Status::InProgress, Ok(plugin)) = (visit.resource.status, visit.plugin()) {
        plugin.cancel(&visit.look())?;
    }
    let message = context.message().unwrap_or_default();
    let timed_out = message == TIMED_OUT;
    let reason =
        if timed_out { format!("{action} aborted ({TIMED_OUT})") } else { message.to_owned() };
    if visit.resource.status != Status::InProgress {
        visit.reach(action, Status::InProgress, CHANGED)?;
    }
    visit.reach(action, Status::Failed, &reason)?;
    if visit.is_overtaken() {
        return visit.leave(Progress::Waiting);
    }
    let failed = || format!("Resource {action} failed: {reason}");
    let told = if timed_out { TIMED_OUT.to_owned() } else { failed() };
    visit.fail(told)
}

/// What a visit that did not get so far as to say it was for.
fn intended(resource: &Resource) -> Action {
    match resource.wanted {
        Wanted::Made if resource.action == Action::Init => Action::Create,
        Wanted::Made => Action::Update,
        Wanted::Removed => Action::Delete,
        Wanted::Suspended => Action::Suspend,
        Wanted::Resumed => Action::Resume,
        Wanted::Checked => Action::Check,
        Wanted::Snapshotted => Action::Snapshot,
        Wanted::Adopted => Action::Adopt,
    }
}

/// The error in Heat's words for reasons: class, place, sentence.
fn placed(resource: &Resource, error: &Error) -> Error {
    if error.tag == nested::FAILURE {
        return Error { public: nested::placed(resource, &error.public), ..error.clone() };
    }
    let class = match (error.tag, error.kind) {
        ("", Kind::BadRequest) => "BadRequest",
        ("", Kind::Forbidden | Kind::QuotaExceeded) => "Forbidden",
        ("", Kind::NotFound) => "NotFound",
        ("", Kind::Conflict) => "Conflict",
        ("", _) => "Error",
        (tag, _) => tag,
    };
    let sentence = format!("{class}: resources.{}: {}", resource.name, error.public);
    Error { public: sentence, ..error.clone() }
}
