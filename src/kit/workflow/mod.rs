//! Durable operations: *do outside, record inside*.
//!
//! A service inserts an operation with [`submit`] in the same write closure that inserts its own
//! rows: the server and the promise to build it exist together or not at all. The [`Runner`]
//! drives it from there, step by step. A step has two halves: its *act* works on the outside
//! (the engine), its *record* is the database half and commits together with the journal entry.
//!
//! ```text
//!            submit            last record
//!   ┌──────► running ───────────────────────────► done
//! queued        │ failure, deadline, cancel
//!               ▼            all undone; on_failed
//!           unwinding ──────────────────────────► failed │ cancelled
//!               │ an undo failed to its limit
//!               └───────────────────────────────► stuck   (on_failed; metrics; doctor)
//! ```
//!
//! # Guarantees
//!
//! * An act runs **at least once**; its record runs **exactly once**.
//! * Once step B began, step A never runs again.
//! * On failure the undo of **the failed step itself** (it may have half happened) and of all
//!   before it run in reverse: `undo_act`, then `undo_record`. Both must tolerate that nothing
//!   was done.
//! * A failure that may pass ([`Failure::Retry`]) is tried again with back-off until the
//!   operation's deadline before anything unwinds. An act that never ends fails at the deadline.
//! * A failed undo is tried again with back-off up to its own limit, then leaves the operation
//!   `stuck`: visible in the metrics and to `doctor`, never silent.
//! * [`Workflow::on_failed`] runs exactly once, in the transaction that ends an operation in any
//!   state but `done`.
//! * One operation at a time per target, held by an index. [`submit_pre_empting`] sets `cancel`
//!   on the running one and waits behind it. Cancel is noticed between steps and cuts a back-off
//!   short; an act in flight is let finish. What rows say is being done to the target is from
//!   then on the affair of the one that waits ([`Context::is_pre_empted`]).
//! * A step may wait for something that takes long and that it does not do itself ([`Wait`]). It
//!   is asked inside the transaction that would begin its act, and what it waits for wakes it
//!   inside the transaction that ends it ([`wake`]), so no end is missed. An operation that waits
//!   holds no task and no permit, and costs nothing until it is woken.
//! * A long act ([`Step::is_long`]), such as a script in a guest, holds its task but no permit: however
//!   many there are, others work.
//! * A panic in an act or a record is a failure of that step, not of the process.
//! * kill -9 at any instant is, per operation, a replay of at most one act.
//!
//! The acts must be idempotent for this; names do it: every engine object is named from our id.
//!
//! This module never knows what a step does, and never sleeps for a human inside one.

mod hooks;
mod journal;
mod moves;
mod permits;
mod plan;
mod reconcile;
mod runner;
pub mod testkit;
mod transition;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use futures_util::future::{BoxFuture, ready};
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use hooks::{Cut, Hooks, Interference, Moment};
pub use journal::{
    NewOperation, Operation, State, StepRow, StepState, dismiss, get, get_by_request,
    list_for_target, note, note_failure, prune, running_on, steps_of, stuck, submit,
    submit_pre_empting, wake, wake_target,
};
pub use reconcile::{Reconciler, Reconcilers};
pub use runner::Runner;

use crate::clock::Time;
use crate::engine::EngineError;
use crate::error::{Error, Kind, Result};
use crate::platform::Platform;

/// The journal's tables; part of the house's own migration.
pub const SCHEMA: &str = include_str!("schema.sql");

/// What the journal needs for operations that wait.
pub const WAITING_SCHEMA: &str = include_str!("waiting.sql");

/// The outside half of a step: at least once, so idempotent. The value is kept in the journal.
pub type ActFn = fn(Context) -> BoxFuture<'static, Result<Value, Failure>>;

/// The inside half of a step: exactly once, in the transaction of the journal entry.
pub type RecordFn = fn(&Context, &Connection) -> Result<()>;

/// Whether a step may begin its act; asked each time before it does, in the transaction that lets
/// it. An error is a failure of the step.
pub type WaitFn = fn(&Context, &Connection) -> Result<Wait>;

/// What a step answers to whether it may begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// It may.
    Over,
    /// It waits until an operation on `target` ends, somebody [`wake`]s `target`, or time is up;
    /// then it is asked again.
    For {
        /// What it waits for, `server:<id>`.
        target: String,
        /// When it is asked again at the latest.
        until: Time,
    },
}

/// One kind of durable operation, fixed text.
#[derive(Debug)]
pub struct Workflow {
    /// `server.boot`; the journal refers to it, so it never changes.
    pub kind: &'static str,
    /// How long failures that may pass are tried again, from the first start.
    pub deadline_seconds: i64,
    /// In order.
    pub steps: &'static [Step],
    /// Runs in the transaction that ends the operation in any state but `done`.
    pub on_failed: RecordFn,
}

impl Workflow {
    /// Its step of this name.
    fn step(&self, name: &str) -> Option<&'static Step> {
        self.steps.iter().find(|step| step.name == name)
    }
}

/// One step; made with [`step!`](crate::step).
#[derive(Debug)]
pub struct Step {
    /// Unique in its workflow; the journal refers to it.
    pub name: &'static str,
    /// Holds it back.
    pub wait: WaitFn,
    /// Does it.
    pub act: ActFn,
    /// Notes that it is done.
    pub record: RecordFn,
    /// Whether its act mostly waits for something outside that may take hours: it holds no permit
    /// meanwhile, and others work.
    pub is_long: bool,
    /// Takes back what the act did, or the half of it.
    pub undo_act: ActFn,
    /// Takes back what the record noted, if it did.
    pub undo_record: RecordFn,
}

impl Step {
    /// A step that does nothing; [`step!`](crate::step) fills in what there is.
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            wait: wait_for_nothing,
            act: nothing,
            record: record_nothing,
            is_long: false,
            undo_act: nothing,
            undo_record: record_nothing,
        }
    }
}

/// The absent outside half.
pub fn nothing(_: Context) -> BoxFuture<'static, Result<Value, Failure>> {
    Box::pin(ready(Ok(Value::Null)))
}

/// The absent inside half.
pub fn record_nothing(_: &Context, _: &Connection) -> Result<()> {
    Ok(())
}

/// The absent wait.
pub fn wait_for_nothing(_: &Context, _: &Connection) -> Result<Wait> {
    Ok(Wait::Over)
}

/// One row of [`Workflow::steps`]: a name and the halves that are there, in this order.
///
/// Acts are `async fn(Context) -> Result<Value, Failure>`, records are [`RecordFn`]s. A `long_act` is
/// an act that mostly waits ([`Step::is_long`]).
///
/// ```
/// use kit::step;
/// use kit::workflow::{Context, Failure, Step, nothing, record_nothing};
///
/// async fn ensure_image(_: Context) -> Result<serde_json::Value, Failure> {
///     Ok(serde_json::Value::Null)
/// }
/// fn bind_ports(_: &Context, _: &rusqlite::Connection) -> kit::Result<()> {
///     Ok(())
/// }
///
/// static STEPS: &[Step] = &[
///     step!("image", act: ensure_image),
///     step!("ports", record: bind_ports, undo: (nothing, record_nothing)),
/// ];
/// # assert_eq!(STEPS.len(), 2);
/// ```
#[macro_export]
macro_rules! step {
    (
        $name:literal
        $(, wait: $wait:path)?
        $(, act: $act:path)?
        $(, long_act: $long_act:path)?
        $(, record: $record:path)?
        $(, undo: ($undo_act:path, $undo_record:path))?
        $(,)?
    ) => {
        $crate::workflow::Step {
            $(wait: $wait,)?
            $(act: |context| Box::pin($act(context)),)?
            $(act: |context| Box::pin($long_act(context)), is_long: true,)?
            $(record: $record,)?
            $(undo_act: |context| Box::pin($undo_act(context)), undo_record: $undo_record,)?
            ..$crate::workflow::Step::named($name)
        }
    };
}

/// What every half of a step is given.
#[derive(Clone)]
pub struct Context {
    /// The mechanisms.
    pub platform: Arc<Platform>,
    /// The operation, as it was when this step began.
    pub operation: Arc<Operation>,
    outputs: BTreeMap<String, Value>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("operation", &self.operation).finish_non_exhaustive()
    }
}

impl Context {
    /// What the operation was submitted with.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(T::deserialize(&self.operation.params)?)
    }

    /// What the act of a step returned; the step's own record sees its own act's.
    pub fn output(&self, step: &str) -> Option<&Value> {
        self.outputs.get(step)
    }

    /// Why the operation unwinds, all of it: for the log and for administrators. `None` while it
    /// goes forward, and when it was cancelled.
    pub fn error(&self) -> Option<&str> {
        self.operation.error.as_deref()
    }

    /// Why the operation unwinds, the part that a client may see; may be empty.
    pub fn message(&self) -> Option<&str> {
        self.operation.message.as_deref()
    }

    /// Whether another operation waits behind this one: what is noted as being done to the target
    /// is that one's affair from now on. Asks the journal, because it may have come during the act.
    pub fn is_pre_empted(&self, connection: &Connection) -> Result<bool> {
        Ok(get(connection, &self.operation.id)?.is_some_and(|operation| operation.cancel))
    }

    /// The present time.
    pub fn now(&self) -> Time {
        self.platform.clock.now()
    }
}

/// How an act fails.
#[derive(Clone, Debug)]
pub enum Failure {
    /// It may pass: the act is tried again until the deadline.
    Retry(Error),
    /// It will not pass: the operation unwinds.
    Fail(Error),
}

impl Failure {
    /// What went wrong.
    pub fn error(&self) -> &Error {
        match self {
            Self::Retry(error) | Self::Fail(error) => error,
        }
    }

    fn may_pass(&self) -> bool {
        matches!(self, Self::Retry(_))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.kind {
            Kind::Unavailable => Self::Retry(error),
            Kind::BadRequest
            | Kind::Unauthorized
            | Kind::Forbidden
            | Kind::QuotaExceeded
            | Kind::NotFound
            | Kind::MethodNotAllowed
            | Kind::NotAcceptable
            | Kind::Conflict
            | Kind::Gone
            | Kind::PreconditionFailed
            | Kind::TooLarge
            | Kind::UnsupportedMediaType
            | Kind::RangeNotSatisfiable
            | Kind::NotImplemented
            | Kind::Internal => Self::Fail(error),
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        if error.is_retryable() { Self::Retry(error.into()) } else { Self::Fail(error.into()) }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Fail(error.into())
    }
}

#[cfg(test)]
mod tests;
