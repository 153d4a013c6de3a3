//! Keeps rows and engine in step: events are hints, looking is truth.
//!
//! A service implements [`Reconciler`]; `app.rs` gives all of them to one [`Reconcilers`]. There
//! is one event stream for all. An event only marks a key as dirty; the reconciler then asks the
//! engine about that key. The same code looks at everything at the start, after every gap of the
//! stream, at each sync interval and, where the rows are what is wanted, after a commit that
//! touched them: a restart, a lost event, a timer and a change are one code path.
//!
//! Nothing here ends before the process does: a stream that breaks is opened again, a
//! reconciler that fails or panics is run again, both with back-off. Nothing here ever takes a
//! fact out of an event.

use std::collections::BTreeSet;
use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::runner::panic_text;
use crate::clock::Time;
use crate::engine::{EngineEvent, EventStream};
use crate::error::{Error, Result};
use crate::platform::Platform;
use crate::store::Nudge;

/// How long dirty keys are gathered before one look at all of them.
const GATHER: Duration = Duration::from_millis(100);
/// The first pause after a failure; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// The new stream begins this long before the last event of the old one: clocks differ.
const OVERLAP_SECONDS: i64 = 5;
/// With more dirty keys than this it is cheaper to look at everything.
const MOST_KEYS: usize = 1_000;

/// Brings one kind of row in step with the engine.
///
/// Both functions only take what to look at, never what happened. They leave alone what a
/// running operation works on, and return an error to be called again.
#[async_trait]
pub trait Reconciler: Send + Sync {
    /// For the log.
    fn name(&self) -> &'static str;
    /// Looks at everything.
    async fn all(&self, platform: &Arc<Platform>) -> Result<()>;
    /// Looks at these.
    async fn some(&self, platform: &Arc<Platform>, keys: &BTreeSet<String>) -> Result<()>;
    /// The key of what the event is about, if this reconciler looks after it.
    fn interested(&self, event: &EngineEvent) -> Option<String>;
    /// A commit that touches one of these tables calls [`Reconciler::changed`].
    fn tables(&self) -> &'static [&'static str] {
        &[]
    }
    /// Looks at what commits have changed: everything, unless the rows say what that is.
    async fn changed(&self, platform: &Arc<Platform>) -> Result<()> {
        self.all(platform).await
    }
}

/// Drives every reconciler of the process.
pub struct Reconcilers {
    platform: Arc<Platform>,
    lanes: Vec<Arc<Lane>>,
}

impl Reconcilers {
    /// A driver of these.
    pub fn new(
        platform: Arc<Platform>,
        reconcilers: impl IntoIterator<Item = Arc<dyn Reconciler>>,
    ) -> Self {
        let lanes = reconcilers.into_iter().map(|reconciler| Arc::new(Lane::new(reconciler)));
        Self { lanes: lanes.collect(), platform }
    }

    /// Drives on the platform's tasks until they are stopped.
    pub fn start(self) {
        let tasks = self.platform.tasks.clone();
        for lane in &self.lanes {
            lane.mark_all();
            let (lane, platform) = (Arc::clone(lane), Arc::clone(&self.platform));
            tasks.spawn("reconciler", async move { lane.run(&platform).await });
        }
        tasks.spawn("engine events", self.listen());
    }

    async fn listen(self) {
        let mut cursor = None;
        let mut pause = Pause::default();
        loop {
            let opened = Instant::now();
            if let Some(stream) = self.open(cursor, pause.is_first()).await {
                cursor = Some(self.follow(stream).await);
            }
            if opened.elapsed() > LONGEST_PAUSE {
                pause = Pause::default();
            }
            pause.take().await;
        }
    }

    async fn open(&self, since: Option<Time>, first_attempt: bool) -> Option<EventStream> {
        match self.platform.engine.events(since).await {
            Ok(stream) => return Some(stream),
            Err(error) if first_attempt => {
                tracing::warn!(%error, "the engine's events cannot be followed");
            }
            Err(error) => tracing::debug!(%error, "the engine's events cannot be followed"),
        }
        None
    }

    /// Marks what a stream names until it ends; the time from which the next one must tell.
    async fn follow(&self, mut stream: EventStream) -> Time {
        let mut heard = self.platform.clock.now();
        // Nobody listened until now.
        self.lanes.iter().for_each(|lane| lane.mark_all());
        while let Some(Ok(event)) = stream.next().await {
            heard = self.platform.clock.now();
            self.lanes.iter().for_each(|lane| lane.hear(&event));
        }
        heard.plus_seconds(-OVERLAP_SECONDS)
    }
}

/// What there is to look at.
#[derive(Clone, Debug, Default)]
struct Dirty {
    all: bool,
    changed: bool,
    keys: BTreeSet<String>,
}

/// One reconciler, what is dirty for it, and its task.
struct Lane {
    reconciler: Arc<dyn Reconciler>,
    dirty: Mutex<Dirty>,
    wake: Notify,
}

impl Lane {
    fn new(reconciler: Arc<dyn Reconciler>) -> Self {
        Self { reconciler, dirty: Mutex::default(), wake: Notify::new() }
    }

    fn hear(&self, event: &EngineEvent) {
        match event {
            EngineEvent::Gap => self.mark_all(),
            EngineEvent::Instance(_)
            | EngineEvent::Image(_)
            | EngineEvent::Network(_)
            | EngineEvent::Volume(_) => {
                if let Some(key) = self.reconciler.interested(event) {
                    self.mark(|dirty| {
                        dirty.keys.insert(key);
                    });
                }
            }
        }
    }

    fn mark_all(&self) {
        self.mark(|dirty| dirty.all = true);
    }

    fn mark(&self, change: impl FnOnce(&mut Dirty)) {
        let mut dirty = self.dirty.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut dirty);
        if dirty.all || dirty.keys.len() > MOST_KEYS {
            *dirty = Dirty { all: true, ..Dirty::default() };
        }
        drop(dirty);
        self.wake.notify_one();
    }

    fn take(&self) -> Dirty {
        std::mem::take(&mut *self.dirty.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn run(&self, platform: &Arc<Platform>) {
        let interval = platform.settings.compute.sync_power_state_interval;
        let interval = u64::try_from(interval).ok().filter(|seconds| *seconds > 0);
        let next = || interval.map(|seconds| Instant::now() + Duration::from_secs(seconds));
        let changed = platform.store.watch(self.reconciler.tables());
        let mut due = next();
        let mut pause = Pause::default();
        loop {
            self.dirty_or_due(due, &changed).await;
            tokio::time::sleep(GATHER).await;
            let dirty = self.take();
            if dirty.all {
                due = next();
            }
            match self.look(platform, &dirty).await {
                Ok(()) => pause = Pause::default(),
                Err(error) => {
                    let reconciler = self.reconciler.name();
                    if pause.is_first() {
                        tracing::warn!(reconciler, %error, "looking again until it succeeds");
                    }
                    self.mark(|now| {
                        now.all |= dirty.all;
                        now.changed |= dirty.changed;
                        now.keys.extend(dirty.keys);
                    });
                    pause.take().await;
                }
            }
        }
    }

    async fn dirty_or_due(&self, due: Option<Instant>, changed: &Nudge) {
        let due = async {
            match due {
                Some(due) => tokio::time::sleep_until(due).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = self.wake.notified() => {}
            () = changed.wait() => self.mark(|dirty| dirty.changed = true),
            () = due => self.mark_all(),
        }
    }

    async fn look(&self, platform: &Arc<Platform>, dirty: &Dirty) -> Result<()> {
        let looking = async {
            if dirty.all {
                return self.reconciler.all(platform).await;
            }
            if dirty.changed {
                self.reconciler.changed(platform).await?;
            }
            if dirty.keys.is_empty() {
                return Ok(());
            }
            self.reconciler.some(platform, &dirty.keys).await
        };
        AssertUnwindSafe(looking).catch_unwind().await.unwrap_or_else(|panic| {
            let text = panic_text(panic.as_ref());
            Err(Error::internal(format!("reconciler panicked: {text}")))
        })
    }
}

/// A pause that doubles.
struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(FIRST_PAUSE)
    }
}

impl Pause {
    fn is_first(&self) -> bool {
        self.0 == FIRST_PAUSE
    }

    async fn take(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = self.0.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests;
