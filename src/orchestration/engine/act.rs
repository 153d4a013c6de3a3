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
//! A visit whose resource was given to a newer traversal changes nothing any more: it hands the
//! resource over as soon as it may.

use futures_util::future::BoxFuture;
use kit::error::{Error, Kind, Result};
use kit::ids::{StackId, TraversalId};
use kit::step;
use kit::workflow::{Context, Failure, Wait, Workflow};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::scope::Rows;
use super::{Hand, adoption, external, traverse};
use crate::resources::release::{NOTHING_MADE, is_placeholder};
use crate::resources::{self, Act, Look, Pending, Plugin, Updated, kept_images, nested};
use crate::stack_events::{self, model::Event};
use crate::stack_resources::model::{Progress, Resource, Turn, Wanted};
use crate::stack_resources::store as resource_store;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Action, Stack, Status};
use crate::stacks::store;
use crate::template::diff::{self, Change, Frozen};
use crate::template::{DeletionPolicy, Resolved};

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
            return begin_making(visit).map_err(|error| placed(&resource, &error));
        }
        Wanted::Removed => Action::Delete,
        Wanted::Suspended => Action::Suspend,
        Wanted::Resumed => Action::Resume,
        Wanted::Checked => Action::Check,
        Wanted::Snapshotted => Action::Snapshot,
        Wanted::Adopted => return begin_adopting(visit),
    };
    kept_images::make_room(&mut visit.resource, action);
    visit.reach(action, Status::InProgress, CHANGED)
}

fn begin_making(mut visit: Visit<'_>) -> Result<()> {
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
        Change::Keep if failed || plugin.is_stack() => {
            visit.reach(Action::Update, Status::InProgress, CHANGED)
        }
        Change::Replace(_) => replace(visit, &blueprint),
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
fn begin_adopting(mut visit: Visit<'_>) -> Result<()> {
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
    if is_another || is_lost || plugin.is_replaced_by_updates() {
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

/// Another row takes the place of this one, which goes when all the rest is made; or goes first,
/// if the other needs what it holds.
fn replace(mut visit: Visit<'_>, blueprint: &Blueprint) -> Result<()> {
    let plugin = visit.plugin_in(blueprint)?;
    if plugin.goes_before_its_successor(&visit.look()) {
        return visit.reach(Action::Delete, Status::InProgress, CHANGED);
    }
    insert_successor(&visit, blueprint)?;
    visit.resource.wanted = Wanted::Removed;
    visit.leave(Progress::Waiting)
}

fn insert_successor(visit: &Visit<'_>, blueprint: &Blueprint) -> Result<()> {
    let old = &visit.resource;
    let definition = blueprint.definition.resource(&old.name);
    let resource_type = definition.map_or(&old.resource_type, |row| &row.resource_type);
    let new = Resource {
        requires: old.requires.clone(),
        ..Resource::new(&old.stack, &old.name, resource_type, visit.hand.now)
    };
    resource_store::insert(visit.hand.connection, &new).map(drop)
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
    let read = Blueprint::of(&visit.stack);
    let blueprint = read.map_err(|error| placed(&visit.resource, &error.into()))?;
    let outcome = perform(&mut visit, &blueprint);
    match outcome.map_err(|error| placed(&visit.resource, &error))? {
        Updated::InPlace => resource_store::save(connection, &visit.resource),
        Updated::Replace => {
            replace(visit, &blueprint)?;
            // One that goes first is told to at once; one that stays is not this visit's any more.
            carry_out(context, connection)
        }
    }
}

fn perform(visit: &mut Visit<'_>, blueprint: &Blueprint) -> Result<Updated> {
    let plugin = visit.plugin_in(blueprint)?;
    let policy = visit.resource.deletion_policy;
    let gone = policy == DeletionPolicy::Retain || visit.resource.physical.is_none();
    let action = visit.resource.action;
    if action == Action::Update {
        return update(visit, blueprint, plugin);
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

fn update(
    visit: &mut Visit<'_>,
    blueprint: &Blueprint,
    plugin: &'static dyn Plugin,
) -> Result<Updated> {
    let wanted = frozen(visit, blueprint)?;
    let changed = match change(visit, blueprint, plugin, &wanted)? {
        Change::Update(changed) => changed,
        Change::Keep | Change::Create | Change::Delete => Vec::new(),
        Change::Replace(_) => return Ok(Updated::Replace),
    };
    let properties = plain(&wanted.properties);
    let outcome = plugin.update(&mut visit.act()?, &properties, &changed)?;
    if outcome == Updated::InPlace {
        put(&mut visit.resource, &wanted);
    }
    Ok(outcome)
}

/// Waits for what was begun. A resource that is to go does not wait for its own completion.
pub(super) fn until_ended(context: &Context, connection: &Connection) -> Result<Wait> {
    let Some(mut visit) = Visit::under_way(context, connection)? else { return Ok(Wait::Over) };
    let plugin = visit.plugin()?;
    let asked = still_pending(&mut visit, plugin);
    let row = &visit.resource;
    let fail = |error: Error| Err(placed(row, &error));
    let pending = match asked {
        Ok(pending) => pending,
        Err(error) => return fail(error),
    };
    let deadline = visit.stack.deadline;
    let is_to_go = row.wanted == Wanted::Removed && row.action != Action::Delete;
    match pending {
        Pending::Over => Ok(Wait::Over),
        // The newer traversal tells the nested stack what it is to become; see settle.
        Pending::For(..) if visit.is_overtaken() && plugin.is_stack() => Ok(Wait::Over),
        Pending::For(..) if visit.is_overtaken() && is_to_go => {
            fail(Error::conflict(format!("{} aborted", row.action)).tag("ResourceFailure"))
        }
        // The visit of an earlier traversal has the time of the newer one.
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
    if is_cut_short(&visit)? {
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
        return disappear(visit);
    }
    visit.leave(Progress::Done)
}

/// The resource is gone. If it only made room, its successor comes now.
fn disappear(mut visit: Visit<'_>) -> Result<()> {
    if visit.resource.wanted == Wanted::Made {
        insert_successor(&visit, &*Blueprint::of(&visit.stack)?)?;
    }
    resource_store::delete(visit.hand.connection, visit.resource.number)?;
    traverse::advance(visit.hand, &mut visit.stack)
}

/// Whether a newer traversal takes over a nested stack that is still at work.
fn is_cut_short(visit: &Visit<'_>) -> Result<bool> {
    if !visit.is_overtaken() {
        return Ok(false);
    }
    let plugin = visit.plugin()?;
    Ok(plugin.is_stack() && !matches!(plugin.pending(&visit.look()), Ok(Pending::Over)))
}

/// The visit failed: the resource has, and with it the stack, unless a newer traversal has taken
/// over.
pub(super) fn give_up(context: &Context, connection: &Connection) -> Result<()> {
    let Some(mut visit) = Visit::of(context, connection)? else { return Ok(()) };
    let action = match visit.resource.status {
        Status::InProgress => visit.resource.action,
        Status::Complete | Status::Failed => intended(&visit.resource),
    };
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
