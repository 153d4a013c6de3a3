//! PURE: journal rows → the next thing to do, a failure → again or give up.
//!
//! `transition.rs` and `runner.rs` ask; nothing here reads a clock, a row or the engine.

use std::time::Duration;

use super::journal::{Operation, State, StepRow, StepState};
use super::{Step, Workflow};
use crate::clock::Time;

/// The first back-off.
const BACK_OFF_MS: i64 = 200;
/// The longest back-off.
const BACK_OFF_CAP_MS: i64 = 15_000;
/// An act may take this long even when the deadline is near or past: after an outage an
/// operation that only needs a moment is finished, not given up.
const LEAST_ACT_SECONDS: i64 = 60;
/// Attempts at an undo whose failures do not look like passing: about a minute and a half.
const UNDO_ATTEMPTS: u32 = 12;
/// Attempts at an undo whose failures may pass (the engine is away): about an hour.
const PATIENT_UNDO_ATTEMPTS: u32 = 250;

/// How long one attempt at an undo may take.
pub(super) const UNDO_LIMIT: Duration = Duration::from_mins(10);

/// What an operation needs next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    /// Enter this step into the journal.
    Begin(&'static Step),
    /// Run its act, then its record.
    Act(&'static Step),
    /// Turn round.
    Unwind,
    /// Run its undo, both halves.
    Undo(&'static Step),
    /// End in this state.
    Finish(State),
    /// Come back later.
    Wait,
    /// The journal names a workflow or a step that this version does not have.
    Lost,
    /// It has ended, or has not been let go yet.
    Nothing,
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The same again, not before this time.
    Again(Time),
    /// No more attempts.
    GiveUp,
}

/// The next thing to do for an operation whose journal rows are `rows`.
pub(super) fn next(
    workflow: &'static Workflow,
    operation: &Operation,
    rows: &[StepRow],
    now: Time,
) -> Next {
    if !operation.state.is_running() {
        return Next::Nothing;
    }
    let known = |row: &StepRow| workflow.step(&row.name).is_some();
    if operation.kind != workflow.kind || !rows.iter().all(known) {
        return Next::Lost;
    }
    if operation.not_before > now {
        return Next::Wait;
    }
    match operation.state {
        State::Running => forward(workflow, operation, rows),
        State::Unwinding => backward(workflow, operation, rows),
        State::Queued | State::Done | State::Failed | State::Cancelled | State::Stuck => {
            Next::Nothing
        }
    }
}

fn forward(workflow: &'static Workflow, operation: &Operation, rows: &[StepRow]) -> Next {
    let state_of = |step: &Step| rows.iter().find(|row| row.name == step.name).map(|row| row.state);
    let open = workflow.steps.iter().find(|step| state_of(step) != Some(StepState::Done));
    match open.map(|step| (step, state_of(step))) {
        // Too late to cancel: there is nothing left that a cancel would spare.
        None => Next::Finish(State::Done),
        Some(_) if operation.cancel => Next::Unwind,
        Some((step, None)) => Next::Begin(step),
        Some((step, Some(StepState::Started | StepState::Done))) => Next::Act(step),
        Some((_, Some(StepState::Failed | StepState::Undone))) => Next::Unwind,
    }
}

fn backward(workflow: &'static Workflow, operation: &Operation, rows: &[StepRow]) -> Next {
    let last = rows.iter().rev().find(|row| row.state != StepState::Undone);
    match last.map(|row| workflow.step(&row.name)) {
        Some(Some(step)) => Next::Undo(step),
        Some(None) => Next::Lost,
        None if operation.error.is_some() => Next::Finish(State::Failed),
        None => Next::Finish(State::Cancelled),
    }
}

/// After the `attempt`-th failed attempt (from 0) at an act.
pub(super) fn after_failed_act(operation: &Operation, may_pass: bool, now: Time) -> Verdict {
    let patient = operation.deadline.is_none_or(|deadline| now < deadline);
    if may_pass && patient && !operation.cancel {
        Verdict::Again(now.plus_ms(back_off_ms(operation.attempt)))
    } else {
        Verdict::GiveUp
    }
}

/// After a failed attempt at an undo.
pub(super) fn after_failed_undo(operation: &Operation, may_pass: bool, now: Time) -> Verdict {
    let limit = if may_pass { PATIENT_UNDO_ATTEMPTS } else { UNDO_ATTEMPTS };
    if operation.attempt.saturating_add(1) < limit {
        Verdict::Again(now.plus_ms(back_off_ms(operation.attempt)))
    } else {
        Verdict::GiveUp
    }
}

/// How long an act that begins now may take.
pub(super) fn act_limit(operation: &Operation, now: Time) -> Duration {
    let left_us = operation.deadline.map_or(0, |deadline| deadline.0.saturating_sub(now.0));
    let least_us = LEAST_ACT_SECONDS.saturating_mul(1_000_000);
    Duration::from_micros(left_us.max(least_us).unsigned_abs())
}

fn back_off_ms(attempt: u32) -> i64 {
    BACK_OFF_MS.saturating_mul(1 << attempt.min(16)).min(BACK_OFF_CAP_MS)
}

#[cfg(test)]
mod tests;
