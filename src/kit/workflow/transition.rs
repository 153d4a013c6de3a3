//! The runner's writes: each is one closure that settles what happened outside and moves the
//! journal on to the next thing that has to happen outside.
//!
//! Only `runner.rs` calls it. It decides nothing (`plan.rs` does) and never calls an act.

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::Value;

use super::journal::{Operation, State, StepRow, get, steps_of};
use super::plan::{self, Next, Verdict};
use super::{Context, Failure, RecordFn, Step, Wait, Workflow, moves};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::ids::OperationId;
use crate::platform::Platform;
use crate::store::in_savepoint;

/// What `doctor` shows of an operation that another version left behind.
const LOST: &str = "this version lacks its workflow, or a step of it";

/// An operation with its steps, as one transaction sees them.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) operation: Arc<Operation>,
    pub(super) rows: Vec<StepRow>,
}

/// The writes of one workflow's operations.
#[derive(Clone)]
pub(super) struct Transition {
    pub(super) platform: Arc<Platform>,
    pub(super) workflow: &'static Workflow,
}

impl Transition {
    /// Takes the operation into hand and moves it to its first act; `None` when it is gone.
    pub(super) fn claim(
        &self,
        connection: &Connection,
        id: &OperationId,
        patience_seconds: i64,
    ) -> Result<Option<Entry>> {
        let now = self.platform.clock.now();
        if !moves::claim(connection, id, now, now.plus_seconds(patience_seconds))? {
            return Ok(None);
        }
        self.advance(connection, id, now).map(Some)
    }

    /// Settles an act: its record and the journal entry, or its failure; then moves on.
    pub(super) fn settle_act(
        &self,
        connection: &Connection,
        step: &'static Step,
        mut context: Context,
        outcome: Result<Value, Failure>,
    ) -> Result<Entry> {
        let now = self.platform.clock.now();
        let id = context.operation.id.clone();
        let recorded = outcome.and_then(|output| {
            context.outputs.insert(step.name.to_owned(), output.clone());
            record(connection, step.record, &context).map(|()| output)
        });
        match recorded {
            Ok(output) => moves::step_done(connection, &id, step, output, now)?,
            Err(failure) => failed_act(connection, &id, step, &failure, now)?,
        }
        self.advance(connection, &id, now)
    }

    /// Settles an undo: its record and the journal entry, or its failure; then moves on.
    pub(super) fn settle_undo(
        &self,
        connection: &Connection,
        step: &'static Step,
        context: &Context,
        outcome: Result<Value, Failure>,
    ) -> Result<Entry> {
        let now = self.platform.clock.now();
        let id = &context.operation.id;
        match outcome.and_then(|_| record(connection, step.undo_record, context)) {
            Ok(()) => moves::step_undone(connection, id, step, now)?,
            Err(failure) => {
                let what = format!("undo of step {}", step.name);
                self.failed_undo(connection, id, &what, &failure, now)?;
            }
        }
        self.advance(connection, id, now)
    }

    /// Everything that needs no act.
    fn advance(&self, connection: &Connection, id: &OperationId, now: Time) -> Result<Entry> {
        loop {
            let entry = Entry::read(connection, id)?;
            match plan::next(self.workflow, &entry.operation, &entry.rows, now) {
                Next::Begin(step) => moves::begin(connection, id, step, now)?,
                Next::Unwind => moves::unwind(connection, id, None, now)?,
                Next::Finish(State::Done) => {
                    moves::end(connection, &entry.operation, State::Done, now)?;
                }
                Next::Finish(state) => self.fail(connection, &entry, state, now)?,
                Next::Lost => {
                    self.give_up(connection, id, LOST, now)?;
                }
                Next::Act(step) => match self.may_begin(connection, step, &entry) {
                    Ok(Wait::Over) => return Ok(entry),
                    Ok(Wait::For { target, until }) => {
                        moves::park(connection, id, &target, until, now)?;
                    }
                    Err(failure) => failed_act(connection, id, step, &failure, now)?,
                },
                Next::Undo(_) | Next::Wait | Next::Nothing => return Ok(entry),
            }
        }
    }

    /// Asks a step whether its act may begin. A time that has come is no reason to wait: the
    /// step would be asked for ever.
    fn may_begin(
        &self,
        connection: &Connection,
        step: &'static Step,
        entry: &Entry,
    ) -> std::result::Result<Wait, Failure> {
        let context = entry.context(&self.platform);
        let answer = in_savepoint(connection, |connection| (step.wait)(&context, connection))?;
        match answer {
            Wait::For { until, .. } if until <= self.platform.clock.now() => {
                let late = Error::new(Kind::Unavailable, "The operation did not end in time.");
                Err(Failure::Fail(late))
            }
            Wait::Over | Wait::For { .. } => Ok(answer),
        }
    }

    fn failed_undo(
        &self,
        connection: &Connection,
        id: &OperationId,
        what: &str,
        failure: &Failure,
        now: Time,
    ) -> Result<()> {
        let operation = Entry::read(connection, id)?.operation;
        let error = failure.error();
        match plan::after_failed_undo(&operation, failure.may_pass(), now) {
            Verdict::Again(not_before) => {
                log_again(&operation, what, error);
                moves::again(connection, id, not_before, now)
            }
            Verdict::GiveUp => self.give_up(connection, id, &format!("{what}: {error}"), now),
        }
    }

    /// Ends an operation that is unwound.
    fn fail(&self, connection: &Connection, entry: &Entry, state: State, now: Time) -> Result<()> {
        match record(connection, self.workflow.on_failed, &entry.context(&self.platform)) {
            Ok(()) => moves::end(connection, &entry.operation, state, now),
            Err(failure) => {
                let id = &entry.operation.id;
                self.failed_undo(connection, id, "noting the failure", &failure, now)
            }
        }
    }

    /// Ends an operation that cannot be unwound.
    fn give_up(
        &self,
        connection: &Connection,
        id: &OperationId,
        why: &str,
        now: Time,
    ) -> Result<()> {
        moves::blame(connection, id, why)?;
        let entry = Entry::read(connection, id)?;
        // What waits behind it must go on even if this cannot be noted.
        if let Err(failure) =
            record(connection, self.workflow.on_failed, &entry.context(&self.platform))
        {
            moves::blame(connection, id, &format!("noting the failure: {}", failure.error()))?;
        }
        tracing::error!(
            operation = %id, kind = entry.operation.kind, target = entry.operation.target, why,
            "operation is stuck and waits for a human"
        );
        moves::end(connection, &entry.operation, State::Stuck, now)
    }
}

/// Tries a failed step again, or turns the operation round.
fn failed_act(
    connection: &Connection,
    id: &OperationId,
    step: &'static Step,
    failure: &Failure,
    now: Time,
) -> Result<()> {
    // Read again: a cancel may have come while the act ran.
    let operation = Entry::read(connection, id)?.operation;
    let error = failure.error();
    match plan::after_failed_act(&operation, failure.may_pass(), now) {
        Verdict::Again(not_before) => {
            log_again(&operation, step.name, error);
            moves::step_erred(connection, id, step, error)?;
            moves::again(connection, id, not_before, now)
        }
        Verdict::GiveUp => {
            tracing::warn!(
                operation = %operation.id, kind = operation.kind, target = operation.target,
                request = operation.request_id, step = step.name, %error,
                "operation unwinds"
            );
            moves::step_failed(connection, id, step, error, now)?;
            let blamed = (!operation.cancel).then_some(error);
            moves::unwind(connection, id, blamed, now)
        }
    }
}

impl Entry {
    fn read(connection: &Connection, id: &OperationId) -> Result<Self> {
        let operation = get(connection, id)?
            .ok_or_else(|| Error::internal(format!("operation {id} left the journal")))?;
        Ok(Self { operation: Arc::new(operation), rows: steps_of(connection, id)? })
    }

    /// What the halves of the next step are given.
    pub(super) fn context(&self, platform: &Arc<Platform>) -> Context {
        let outputs = self
            .rows
            .iter()
            .filter_map(|row| row.output.clone().map(|output| (row.name.clone(), output)))
            .collect();
        Context { platform: Arc::clone(platform), operation: Arc::clone(&self.operation), outputs }
    }
}

/// Runs a record half in a savepoint of its own: its failure, or panic, takes back its rows and
/// is then settled in the same transaction.
fn record(
    connection: &Connection,
    record: RecordFn,
    context: &Context,
) -> std::result::Result<(), Failure> {
    in_savepoint(connection, |connection| record(context, connection)).map_err(Failure::from)
}

fn log_again(operation: &Operation, what: &str, error: &Error) {
    tracing::info!(
        operation = %operation.id, kind = operation.kind, target = operation.target,
        request = operation.request_id, what, attempt = operation.attempt, %error,
        "operation is tried again"
    );
}
