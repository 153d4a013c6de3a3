//! The statements that move the journal's rows. Only `transition.rs` and `runner.rs` use them;
//! they decide nothing.

use rusqlite::{Connection, OptionalExtension, Params, params};
use serde_json::Value;

use super::Step;
use super::journal::{Operation, State, wake};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::ids::OperationId;
use crate::store::Json;

/// What there is to do, as a reader sees it.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// The operation whose turn it is: the oldest of the project that has the fewest claimed,
    /// with its kind.
    pub(super) next: Option<(OperationId, String)>,
    /// When the next back-off ends, if nothing can be done before.
    pub(super) wake_at: Option<Time>,
    /// How many wait for a human.
    pub(super) stuck: i64,
}

pub(super) fn waiting(connection: &Connection, now: Time) -> Result<Waiting> {
    let next = connection
        .prepare_cached(
            "WITH busy AS (SELECT project_id, count(*) AS claims FROM operation
                           WHERE claimed = 1 GROUP BY project_id),
                  oldest AS (SELECT project_id, min(number) AS number FROM operation
                             WHERE claimed = 0 AND state IN ('running', 'unwinding')
                                 AND not_before <= ?1 GROUP BY project_id)
             SELECT operation.id, operation.kind FROM oldest
             JOIN operation ON operation.number = oldest.number
             LEFT JOIN busy ON busy.project_id = oldest.project_id
             ORDER BY coalesce(busy.claims, 0), oldest.number LIMIT 1",
        )?
        .query_row([now], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let wake_at = if next.is_none() { next_wake(connection)? } else { None };
    let stuck = connection
        .prepare_cached("SELECT count(*) FROM operation WHERE state = 'stuck'")?
        .query_row([], |row| row.get(0))?;
    Ok(Waiting { next, wake_at, stuck })
}

fn next_wake(connection: &Connection) -> Result<Option<Time>> {
    Ok(connection
        .prepare_cached(
            "SELECT min(not_before) FROM operation
             WHERE claimed = 0 AND state IN ('running', 'unwinding')",
        )?
        .query_row([], |row| row.get(0))?)
}

/// After a restart nobody drives anything; how many operations were being driven.
pub(super) fn unclaim_all(connection: &Connection) -> Result<usize> {
    execute(connection, "UPDATE operation SET claimed = 0 WHERE claimed = 1", [])
}

/// Whether the operation is ours now. The first claim starts its deadline.
pub(super) fn claim(
    connection: &Connection,
    id: &OperationId,
    now: Time,
    deadline: Time,
) -> Result<bool> {
    let claimed = execute(
        connection,
        "UPDATE operation SET claimed = 1, waits_for = NULL, updated_at = ?2,
             started_at = coalesce(started_at, ?2), deadline = coalesce(deadline, ?3)
         WHERE id = ?1 AND claimed = 0 AND state IN ('running', 'unwinding')",
        params![id, now, deadline],
    )?;
    Ok(claimed == 1)
}

pub(super) fn begin(
    connection: &Connection,
    id: &OperationId,
    step: &Step,
    now: Time,
) -> Result<()> {
    execute(
        connection,
        "INSERT INTO operation_step (operation_id, position, name, state, started_at)
         SELECT ?1, count(*), ?2, 'started', ?3 FROM operation_step WHERE operation_id = ?1",
        params![id, step.name, now],
    )?;
    Ok(())
}

pub(super) fn step_done(
    connection: &Connection,
    id: &OperationId,
    step: &Step,
    output: Value,
    now: Time,
) -> Result<()> {
    execute(
        connection,
        "UPDATE operation_step SET state = 'done', output = ?3, error = NULL, finished_at = ?4
         WHERE operation_id = ?1 AND name = ?2",
        params![id, step.name, Json(output), now],
    )?;
    next_attempt_is_first(connection, id, now)
}

/// The step will be tried again; its row says why it had to.
pub(super) fn step_erred(
    connection: &Connection,
    id: &OperationId,
    step: &Step,
    error: &Error,
) -> Result<()> {
    execute(
        connection,
        "UPDATE operation_step SET error = ?3 WHERE operation_id = ?1 AND name = ?2",
        params![id, step.name, error.to_string()],
    )?;
    Ok(())
}

pub(super) fn step_failed(
    connection: &Connection,
    id: &OperationId,
    step: &Step,
    error: &Error,
    now: Time,
) -> Result<()> {
    step_erred(connection, id, step, error)?;
    execute(
        connection,
        "UPDATE operation_step SET state = 'failed', finished_at = ?3
         WHERE operation_id = ?1 AND name = ?2",
        params![id, step.name, now],
    )?;
    Ok(())
}

/// When it ended, and how, stays: that is what instance actions show.
pub(super) fn step_undone(
    connection: &Connection,
    id: &OperationId,
    step: &Step,
    now: Time,
) -> Result<()> {
    execute(
        connection,
        "UPDATE operation_step SET state = 'undone', finished_at = coalesce(finished_at, ?3)
         WHERE operation_id = ?1 AND name = ?2",
        params![id, step.name, now],
    )?;
    next_attempt_is_first(connection, id, now)
}

fn next_attempt_is_first(connection: &Connection, id: &OperationId, now: Time) -> Result<()> {
    execute(
        connection,
        "UPDATE operation SET attempt = 0, not_before = 0, updated_at = ?2 WHERE id = ?1",
        params![id, now],
    )?;
    Ok(())
}

/// Lets the operation go until `not_before`.
pub(super) fn again(
    connection: &Connection,
    id: &OperationId,
    not_before: Time,
    now: Time,
) -> Result<()> {
    execute(
        connection,
        "UPDATE operation SET attempt = attempt + 1, not_before = ?2, claimed = 0, updated_at = ?3
         WHERE id = ?1",
        params![id, not_before, now],
    )?;
    Ok(())
}

/// Lets the operation go until what it waits for ends; waiting is no failed attempt.
pub(super) fn park(
    connection: &Connection,
    id: &OperationId,
    target: &str,
    until: Time,
    now: Time,
) -> Result<()> {
    execute(
        connection,
        "UPDATE operation SET waits_for = ?2, not_before = ?3, claimed = 0, updated_at = ?4
         WHERE id = ?1",
        params![id, target, until, now],
    )?;
    Ok(())
}

/// Turns the operation round; without an error it is being cancelled.
pub(super) fn unwind(
    connection: &Connection,
    id: &OperationId,
    error: Option<&Error>,
    now: Time,
) -> Result<()> {
    execute(
        connection,
        "UPDATE operation SET state = 'unwinding', message = ?2, error = ?3, updated_at = ?4
         WHERE id = ?1",
        params![id, error.map(|error| &error.public), error.map(ToString::to_string), now],
    )?;
    next_attempt_is_first(connection, id, now)
}

/// Adds to why it went wrong.
pub(super) fn blame(connection: &Connection, id: &OperationId, why: &str) -> Result<()> {
    execute(
        connection,
        "UPDATE operation SET error = coalesce(error || '; ', '') || ?2 WHERE id = ?1",
        params![id, why],
    )?;
    Ok(())
}

/// Ends the operation, lets the one that is queued behind it go and those that wait for it look.
pub(super) fn end(
    connection: &Connection,
    operation: &Operation,
    state: State,
    now: Time,
) -> Result<()> {
    execute(
        connection,
        "UPDATE operation SET state = ?2, claimed = 0, finished_at = ?3, updated_at = ?3
         WHERE id = ?1",
        params![operation.id, state, now],
    )?;
    execute(
        connection,
        "UPDATE operation SET state = 'running', updated_at = ?2 WHERE number =
             (SELECT min(number) FROM operation WHERE target = ?1 AND state = 'queued')",
        params![operation.target, now],
    )?;
    wake(connection, &operation.target)
}

fn execute(connection: &Connection, sql: &str, values: impl Params) -> Result<usize> {
    Ok(connection.prepare_cached(sql)?.execute(values)?)
}
