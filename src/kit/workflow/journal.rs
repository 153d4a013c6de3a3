//! The rows of the journal and what services ask of them.
//!
//! Services submit and read here, inside their own closures; only the runner moves an operation
//! on (`transition.rs`). The journal is also what Nova's instance actions show: an operation is
//! an action, its steps are the events.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::Workflow;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::ids::{OperationId, ProjectId, UserId};
use crate::store::{Json, json_column};

crate::text_enum! {
    /// Where an operation is; drawn in the module's documentation.
    pub enum State {
        /// Waits behind the running operation of its target.
        Queued = "queued",
        /// Goes forward.
        Running = "running",
        /// Takes back what it did.
        Unwinding = "unwinding",
        /// Every step is recorded.
        Done = "done",
        /// Failed, all undone.
        Failed = "failed",
        /// Pre-empted, all undone.
        Cancelled = "cancelled",
        /// An undo failed to its limit: something may be left over, a human must look.
        Stuck = "stuck",
    }
}

impl State {
    /// Whether it holds the lock of its target.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Running | Self::Unwinding)
    }

    /// Whether nothing will happen to it any more.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled | Self::Stuck)
    }
}

crate::text_enum! {
    /// Where a step is. A step without a row has not begun.
    pub enum StepState {
        /// Its act runs, or runs again.
        Started = "started",
        /// Its record is committed.
        Done = "done",
        /// It failed for good.
        Failed = "failed",
        /// Its undo is committed.
        Undone = "undone",
    }
}

/// A durable operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// The kind of its workflow.
    pub kind: String,
    /// The action as the API names it.
    pub label: String,
    /// What it works on, `server:<id>`.
    pub target: String,
    /// Whose it is.
    pub project: ProjectId,
    /// Who asked.
    pub user: UserId,
    /// The request that asked.
    pub request_id: String,
    /// What it was asked with.
    pub params: Value,
    /// Where it is.
    pub state: State,
    /// Whether a task of this process drives it.
    pub claimed: bool,
    /// Whether somebody waits for it to unwind.
    pub cancel: bool,
    /// Failed attempts at the present step or undo.
    pub attempt: u32,
    /// End of the back-off.
    pub not_before: Time,
    /// End of patience; set when it first starts.
    pub deadline: Option<Time>,
    /// Why it unwinds, for the client; may be empty.
    pub message: Option<String>,
    /// Why it unwinds, for the log and for administrators.
    pub error: Option<String>,
    /// When it was submitted.
    pub created_at: Time,
    /// When it first started.
    pub started_at: Option<Time>,
    /// When it last moved.
    pub updated_at: Time,
    /// When it ended.
    pub finished_at: Option<Time>,
}

/// A step that has begun.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRow {
    /// Order of beginning.
    pub position: u32,
    /// The step's name.
    pub name: String,
    /// Where it is.
    pub state: StepState,
    /// What its act returned.
    pub output: Option<Value>,
    /// Why its last failed attempt failed; cleared by one that succeeds.
    pub error: Option<String>,
    /// When it began.
    pub started_at: Time,
    /// When its record was committed or it failed for good.
    pub finished_at: Option<Time>,
}

/// What a service submits.
#[derive(Clone, Debug)]
pub struct NewOperation {
    /// What to do.
    pub workflow: &'static Workflow,
    /// What to do it to, `server:<id>`; work that may overlap names a finer one,
    /// `server:<id>/volume:<id>`.
    pub target: String,
    /// Whose it is.
    pub project: ProjectId,
    /// Who asks.
    pub user: UserId,
    /// The request that asks.
    pub request_id: String,
    /// Anything that the steps need and that is not in rows.
    pub params: Value,
    /// The action as the API names it: `create`, `reboot`.
    pub label: &'static str,
}

/// Submits an operation, inside the write closure that checks and inserts the service's rows.
/// A running operation on the target is [`Kind::Conflict`](crate::Kind::Conflict).
pub fn submit(connection: &Connection, now: Time, new: NewOperation) -> Result<OperationId> {
    insert(connection, now, new, State::Running)
}

/// Submits an operation that goes before what runs on its target: the running one is told to
/// unwind, this one waits behind it. Delete is such an operation. One of the same kind that waits
/// or goes forward already is joined, not pre-empted.
pub fn submit_pre_empting(
    connection: &Connection,
    now: Time,
    new: NewOperation,
) -> Result<OperationId> {
    let same = "target = ?1 AND kind = ?2 AND state IN ('queued', 'running') AND cancel = 0";
    if let Some(joined) = find(connection, same, params![new.target, new.workflow.kind])? {
        return Ok(joined.id);
    }
    let cancelled = connection
        .prepare_cached(
            "UPDATE operation SET cancel = 1, not_before = 0, waits_for = NULL, updated_at = ?2
             WHERE target = ?1 AND state IN ('running', 'unwinding')",
        )?
        .execute(params![new.target, now])?;
    insert(connection, now, new, if cancelled == 0 { State::Running } else { State::Queued })
}

/// Enters something that was done within the request itself, so that it is listed too.
pub fn note(connection: &Connection, now: Time, new: NewOperation) -> Result<OperationId> {
    insert(connection, now, new, State::Done)
}

/// The same of something that failed within the request; `why` is for everybody who reads of it.
pub fn note_failure(
    connection: &Connection,
    now: Time,
    new: NewOperation,
    why: &str,
) -> Result<OperationId> {
    let id = insert(connection, now, new, State::Failed)?;
    connection
        .prepare_cached("UPDATE operation SET message = ?2, error = ?2 WHERE id = ?1")?
        .execute(params![id, why])?;
    Ok(id)
}

fn insert(
    connection: &Connection,
    now: Time,
    new: NewOperation,
    state: State,
) -> Result<OperationId> {
    let id = OperationId::random();
    let finished_at = state.is_finished().then_some(now);
    connection
        .prepare_cached(
            "INSERT INTO operation (id, kind, label, target, project_id, user_id, request_id,
                 params, state, created_at, started_at, updated_at, finished_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?10, ?11)",
        )?
        .execute(params![
            id,
            new.workflow.kind,
            new.label,
            new.target,
            new.project,
            new.user,
            new.request_id,
            Json(new.params),
            state,
            now,
            finished_at,
        ])
        .map_err(|error| taken(error, &new.target))?;
    Ok(id)
}

/// The lock is an index: its violation is the answer "somebody else works on it".
fn taken(error: rusqlite::Error, target: &str) -> Error {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) {
        return Error::conflict("Another operation is still running.").private(target);
    }
    error.into()
}

/// One operation.
pub fn get(connection: &Connection, id: &OperationId) -> Result<Option<Operation>> {
    find(connection, "id = ?1", params![id])
}

/// The operation that holds the lock of `target`.
pub fn running_on(connection: &Connection, target: &str) -> Result<Option<Operation>> {
    find(connection, "target = ?1 AND state IN ('running', 'unwinding')", params![target])
}

/// The operations on `target` and on its finer targets, the newest first.
pub fn list_for_target(connection: &Connection, target: &str) -> Result<Vec<Operation>> {
    select(connection, OF_TARGET, params![target])
}

/// The latest operation on `target` (or a finer target of it) that this request asked for.
pub fn get_by_request(
    connection: &Connection,
    target: &str,
    request_id: &str,
) -> Result<Option<Operation>> {
    find(connection, &format!("{OF_TARGET} AND request_id = ?2"), params![target, request_id])
}

/// The steps of an operation that have begun, in order.
pub fn steps_of(connection: &Connection, id: &OperationId) -> Result<Vec<StepRow>> {
    let mut query = connection
        .prepare_cached("SELECT * FROM operation_step WHERE operation_id = ?1 ORDER BY position")?;
    let rows = query.query_map([id], step_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The operations that wait for a human, the oldest last.
pub fn stuck(connection: &Connection) -> Result<Vec<Operation>> {
    select(connection, "state = 'stuck'", [])
}

/// A human has looked at a stuck operation: it counts as failed from now on.
pub fn dismiss(connection: &Connection, id: &OperationId) -> Result<()> {
    connection
        .prepare_cached("UPDATE operation SET state = 'failed' WHERE id = ?1 AND state = 'stuck'")?
        .execute([id])?;
    Ok(())
}

/// Lets the operations that wait for `target` look again; they do when this transaction is
/// committed. The end of an operation on `target` does the same.
pub fn wake(connection: &Connection, target: &str) -> Result<()> {
    rouse(connection, "waits_for = ?1", target)
}

/// Lets the operations that work on `target`, or on a finer target of it, look again, whatever
/// they wait for: what was asked of them may not be wanted any more.
pub fn wake_target(connection: &Connection, target: &str) -> Result<()> {
    rouse(connection, &format!("waits_for IS NOT NULL AND {OF_TARGET}"), target)
}

fn rouse(connection: &Connection, condition: &str, target: &str) -> Result<()> {
    let sql = format!("UPDATE operation SET waits_for = NULL, not_before = 0 WHERE {condition}");
    connection.prepare_cached(&sql)?.execute([target])?;
    Ok(())
}

/// Forgets the operations on `target` and on its finer targets. They are the history of what they
/// worked on and last as long as it: whoever forgets that calls this, in the same transaction.
/// `false`, and nothing is forgotten, while one of them runs, waits or is stuck.
pub fn prune(connection: &Connection, target: &str) -> Result<bool> {
    let open = format!("{OF_TARGET} AND state NOT IN ('done', 'failed', 'cancelled')");
    if find(connection, &open, [target])?.is_some() {
        return Ok(false);
    }
    let sql = format!("DELETE FROM operation WHERE {OF_TARGET}");
    connection.prepare_cached(&sql)?.execute([target])?;
    Ok(true)
}

/// `/` follows the target in its finer targets, and `0` follows `/` in ASCII.
const OF_TARGET: &str = "(target = ?1 OR (target > ?1 || '/' AND target < ?1 || '0'))";

fn find(
    connection: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
) -> Result<Option<Operation>> {
    let sql = format!("SELECT * FROM operation WHERE {condition} ORDER BY number DESC LIMIT 1");
    Ok(connection.prepare_cached(&sql)?.query_row(values, operation).optional()?)
}

fn select(
    connection: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Operation>> {
    let sql = format!("SELECT * FROM operation WHERE {condition} ORDER BY number DESC");
    let mut query = connection.prepare_cached(&sql)?;
    let rows = query.query_map(values, operation)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn operation(row: &Row<'_>) -> rusqlite::Result<Operation> {
    Ok(Operation {
        id: row.get("id")?,
        kind: row.get("kind")?,
        label: row.get("label")?,
        target: row.get("target")?,
        project: row.get("project_id")?,
        user: row.get("user_id")?,
        request_id: row.get("request_id")?,
        params: json_column(row, "params")?,
        state: row.get("state")?,
        claimed: row.get("claimed")?,
        cancel: row.get("cancel")?,
        attempt: row.get("attempt")?,
        not_before: row.get("not_before")?,
        deadline: row.get("deadline")?,
        message: row.get("message")?,
        error: row.get("error")?,
        created_at: row.get("created_at")?,
        started_at: row.get("started_at")?,
        updated_at: row.get("updated_at")?,
        finished_at: row.get("finished_at")?,
    })
}

fn step_row(row: &Row<'_>) -> rusqlite::Result<StepRow> {
    let output: Option<Json<Value>> = row.get("output")?;
    Ok(StepRow {
        position: row.get("position")?,
        name: row.get("name")?,
        state: row.get("state")?,
        output: output.map(|json| json.0),
        error: row.get("error")?,
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
    })
}
