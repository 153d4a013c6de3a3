//! Claims operations, drives them, waits out back-offs.
//!
//! `app.rs` makes one runner, recovers, starts and at the end drains it. One task picks what is
//! claimable, fair by project, and starts a task per operation that holds a permit. An operation
//! in a back-off holds no task and no permit, a long act holds no permit (`permits.rs`). The runner never writes a row itself
//! (`transition.rs` does) and never decides what comes next (`plan.rs` does).

use std::any::Any;
use std::collections::BTreeMap;
use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use rusqlite::Connection;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::hooks::Hooks;
use super::moves;
use super::permits::{Permit, Permits};
use super::plan::{self, Next};
use super::transition::{Entry, Transition};
use super::{Context, Failure, Step, Workflow, record_nothing};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};
use crate::metrics::OperationLabels;
use crate::platform::Platform;
use crate::store::Nudge;

/// How long acts may go on when the process ends; what is left is replayed at the next start.
const DRAIN: Duration = Duration::from_secs(20);
/// The pause after the database did not take a write.
const AFTER_ERROR: Duration = Duration::from_secs(1);
/// The longest sleep while a back-off is pending: a test's clock may jump.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// Stands for a workflow that this version does not have; its operations end stuck.
static UNKNOWN: Workflow =
    Workflow { kind: "unknown", deadline_seconds: 0, steps: &[], on_failed: record_nothing };

/// Drives every durable operation of the process.
pub struct Runner {
    platform: Arc<Platform>,
    workflows: BTreeMap<&'static str, &'static Workflow>,
    permits: Permits,
    hooks: Hooks,
    writes: AtomicU32,
    draining: CancellationToken,
}

/// Why a drive ended early.
#[derive(Debug)]
pub(super) enum Stopped {
    /// A test cut the power.
    Killed,
    /// The database failed.
    Store(Error),
}

/// What there is to drive.
pub(super) enum Pick {
    /// This one; it is claimed.
    Claimed(Transition, Entry),
    /// Nothing before this time, or before the journal changes.
    Nothing(Option<Time>),
}

impl Runner {
    /// A runner of these workflows; `settings.compute.max_concurrent_operations` at a time.
    pub fn new(
        platform: Arc<Platform>,
        workflows: impl IntoIterator<Item = &'static Workflow>,
    ) -> Self {
        let size = platform.settings.compute.max_concurrent_operations.clamp(1, 4_096);
        let size = u32::try_from(size).unwrap_or(1);
        Self {
            platform,
            workflows: workflows.into_iter().map(|workflow| (workflow.kind, workflow)).collect(),
            permits: Permits::new(size),
            hooks: Hooks::default(),
            writes: AtomicU32::new(0),
            draining: CancellationToken::new(),
        }
    }

    /// The same, interfered with by a test.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Hooks) -> Self {
        self.hooks = hooks;
        self
    }

    /// Takes over what a killed process was driving; call it once, before [`Runner::start`].
    pub async fn recover(&self) -> Result<()> {
        let found = self.platform.store.write("workflow.recover", moves::unclaim_all).await?;
        if found > 0 {
            tracing::info!(operations = found, "operations go on where they were");
        }
        Ok(())
    }

    /// Drives on the platform's tasks until they are stopped or [`Runner::drain`] is called.
    pub fn start(self: Arc<Self>) {
        let tasks = self.platform.tasks.clone();
        tasks.spawn("workflow runner", self.schedule());
    }

    /// Claims nothing more and lets the acts in flight finish, for twenty seconds at most. What
    /// is left goes on at the next start.
    pub async fn drain(&self) {
        self.draining.cancel();
        if tokio::time::timeout(DRAIN, self.permits.all_free()).await.is_err() {
            tracing::warn!("acts are cut short, they run again at the next start");
        }
    }

    async fn schedule(self: Arc<Self>) {
        let nudge = self.platform.store.watch(&["operation"]);
        while let Some(permit) = self.permit().await {
            match self.pick().await {
                Ok(Pick::Claimed(transition, entry)) => self.spawn(transition, entry, permit),
                Ok(Pick::Nothing(until)) => {
                    drop(permit);
                    self.rest(&nudge, until).await;
                }
                Err(Stopped::Store(error)) => {
                    drop(permit);
                    tracing::error!(%error, "cannot look for operations");
                    tokio::time::sleep(AFTER_ERROR).await;
                }
                Err(Stopped::Killed) => return,
            }
        }
    }

    /// `None` once the runner drains.
    pub(super) async fn permit(&self) -> Option<Permit> {
        self.permits.acquire(&self.draining).await
    }

    /// Until the journal changes, a back-off ends or the runner drains.
    async fn rest(&self, nudge: &Nudge, until: Option<Time>) {
        let back_off = async {
            match until {
                Some(until) => {
                    let left_us = until.0.saturating_sub(self.platform.clock.now().0).max(0);
                    let left = Duration::from_micros(left_us.unsigned_abs());
                    tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
                }
                None => pending().await,
            }
        };
        tokio::select! {
            () = nudge.wait() => {}
            () = back_off => {}
            () = self.draining.cancelled() => {}
        }
    }

    fn spawn(self: &Arc<Self>, transition: Transition, entry: Entry, mut permit: Permit) {
        let runner = Arc::clone(self);
        self.platform.tasks.spawn("operation", async move {
            runner.drive(&transition, entry, &mut permit).await.ok();
        });
    }

    /// Claims the operation whose turn it is.
    pub(super) async fn pick(&self) -> Result<Pick, Stopped> {
        loop {
            let now = self.platform.clock.now();
            let read = self.platform.store.read(move |connection| moves::waiting(connection, now));
            let waiting = read.await.map_err(Stopped::Store)?;
            self.platform.metrics.operations_stuck.set(waiting.stuck);
            let Some((id, kind)) = waiting.next else { return Ok(Pick::Nothing(waiting.wake_at)) };
            let workflow = self.workflows.get(kind.as_str()).copied().unwrap_or(&UNKNOWN);
            let transition = Transition { platform: Arc::clone(&self.platform), workflow };
            let patience =
                workflow.deadline_seconds.min(self.platform.settings.compute.operation_timeout);
            let claim = {
                let transition = transition.clone();
                self.write("workflow.claim", move |connection| {
                    transition.claim(connection, &id, patience)
                })
            };
            if let Some(entry) = claim.await? {
                return Ok(Pick::Claimed(transition, entry));
            }
        }
    }

    /// Drives a claimed operation until it ends or is let go.
    pub(super) async fn drive(
        &self,
        transition: &Transition,
        mut entry: Entry,
        permit: &mut Permit,
    ) -> Result<(), Stopped> {
        while entry.operation.claimed && !self.draining.is_cancelled() {
            let now = self.platform.clock.now();
            let next = plan::next(transition.workflow, &entry.operation, &entry.rows, now);
            entry = match next {
                Next::Act(step) => self.settle(transition, step, false, &entry, permit).await?,
                Next::Undo(step) => self.settle(transition, step, true, &entry, permit).await?,
                Next::Begin(_)
                | Next::Unwind
                | Next::Finish(_)
                | Next::Wait
                | Next::Lost
                | Next::Nothing => break,
            };
        }
        self.count(transition.workflow.kind, &entry);
        Ok(())
    }

    /// Does a step, or undoes it, and settles it in the journal. While the database does not
    /// take it, the act runs again: it would after a restart, too.
    async fn settle(
        &self,
        transition: &Transition,
        step: &'static Step,
        undo: bool,
        entry: &Entry,
        permit: &mut Permit,
    ) -> Result<Entry, Stopped> {
        loop {
            let context = entry.context(&self.platform);
            let attempt = self.perform(step, undo, context.clone());
            let outcome = if step.is_long && !undo {
                permit.lend(attempt, &self.draining).await
            } else {
                attempt.await
            };
            let transition = transition.clone();
            let write = self.write("workflow.settle", move |connection| {
                if undo {
                    transition.settle_undo(connection, step, &context, outcome)
                } else {
                    transition.settle_act(connection, step, context, outcome)
                }
            });
            match write.await {
                Err(Stopped::Store(error)) => {
                    tracing::error!(%error, step = step.name, "cannot write the journal");
                    tokio::time::sleep(AFTER_ERROR).await;
                }
                settled => return settled,
            }
        }
    }

    /// One attempt, bounded in time; a panic is a failure.
    async fn perform(
        &self,
        step: &'static Step,
        undo: bool,
        context: Context,
    ) -> Result<Value, Failure> {
        let limit = if undo {
            plan::UNDO_LIMIT
        } else {
            plan::act_limit(&context.operation, self.platform.clock.now())
        };
        let attempt = AssertUnwindSafe(self.hooks.run(step, undo, context)).catch_unwind();
        match tokio::time::timeout(limit, attempt).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => Err(Failure::Fail(Error::internal(format!(
                "step {} panicked: {}",
                step.name,
                panic_text(panic.as_ref())
            )))),
            Err(_) => {
                let error = Error::new(Kind::Unavailable, "The operation did not end in time.");
                Err(Failure::Retry(error.private(format!("step {} took too long", step.name))))
            }
        }
    }

    /// Journal writes so far, cut ones included.
    pub(super) fn writes(&self) -> u32 {
        self.writes.load(Ordering::Relaxed)
    }

    async fn write<T, F>(&self, name: &'static str, write: F) -> Result<T, Stopped>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        if self.hooks.kills(&self.writes) {
            return Err(Stopped::Killed);
        }
        self.platform.store.write(name, write).await.map_err(Stopped::Store)
    }

    fn count(&self, kind: &'static str, entry: &Entry) {
        if entry.operation.state.is_finished() {
            let outcome = entry.operation.state.as_str();
            self.platform
                .metrics
                .operations
                .get_or_create(&OperationLabels { kind, outcome })
                .inc();
        }
    }
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
