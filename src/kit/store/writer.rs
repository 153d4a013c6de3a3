//! The writer thread: a savepoint per closure, one commit per batch.
//!
//! Twenty thousand concurrent one-row writes cost a few hundred commits, not twenty thousand.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::nudge::Nudges;
use crate::error::{Error, Result};

/// How many closures may wait before callers are told to try again.
const QUEUE: usize = 16_384;
/// How many closures share one commit.
const BATCH: usize = 256;
/// A closure slower than this is named in the log.
const SLOW_MS: u128 = 50;

/// Runs inside the transaction; hands back what to do after the commit.
type Job = Box<dyn FnOnce(&Connection) -> AfterCommit + Send>;
/// Answers the caller, with the commit's own error if there was one.
type AfterCommit = Box<dyn FnOnce(Option<&Error>) + Send>;

enum Message {
    Work(&'static str, Job),
    Close(oneshot::Sender<()>),
}

/// Figures of the writer, for metrics.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriterStats {
    /// Closures waiting now.
    pub queued: usize,
    /// Commits since start.
    pub commits: u64,
    /// Closures since start.
    pub closures: u64,
}

#[derive(Default)]
struct Counters {
    queued: AtomicUsize,
    commits: AtomicU64,
    closures: AtomicU64,
}

#[derive(Clone)]
pub(super) struct Writer {
    queue: SyncSender<Message>,
    counters: Arc<Counters>,
}

impl Writer {
    pub(super) fn start(connection: Connection, nudges: Nudges) -> Result<Self> {
        let (queue, inbox) = sync_channel(QUEUE);
        let counters = Arc::new(Counters::default());
        let shared = Arc::clone(&counters);
        let touched = Arc::new(Mutex::new(BTreeSet::new()));
        watch_tables(&connection, Arc::clone(&touched))?;
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || Loop { connection, inbox, counters: shared, touched, nudges }.run())?;
        Ok(Self { queue, counters })
    }

    pub(super) async fn run<T, F>(&self, name: &'static str, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let (answer, wait) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let outcome = in_savepoint(connection, write);
            Box::new(move |failed_commit: Option<&Error>| {
                let outcome = failed_commit.map_or(outcome, |error| Err(error.clone()));
                // The caller may have hung up; its write stands all the same.
                drop(answer.send(outcome));
            })
        });
        self.counters.queued.fetch_add(1, Ordering::Relaxed);
        self.queue.try_send(Message::Work(name, job)).map_err(|error| {
            self.counters.queued.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => Error::unavailable("The service is busy, try again."),
                TrySendError::Disconnected(_) => Error::unavailable("The service is stopping."),
            }
        })?;
        wait.await.map_err(|_| Error::unavailable("The service is stopping."))?
    }

    pub(super) fn stats(&self) -> WriterStats {
        WriterStats {
            queued: self.counters.queued.load(Ordering::Relaxed),
            commits: self.counters.commits.load(Ordering::Relaxed),
            closures: self.counters.closures.load(Ordering::Relaxed),
        }
    }

    pub(super) async fn close(&self) -> Result<()> {
        let (done, wait) = oneshot::channel();
        if self.queue.send(Message::Close(done)).is_ok() {
            wait.await.map_err(|_| Error::internal("the writer thread ended early"))?;
        }
        Ok(())
    }
}

/// Every table that a statement of this connection changes is noted until the next commit.
fn watch_tables(connection: &Connection, touched: Arc<Mutex<BTreeSet<String>>>) -> Result<()> {
    connection.update_hook(Some(move |_, _: &str, table: &str, _| {
        if let Ok(mut touched) = touched.lock()
            && !touched.contains(table)
        {
            touched.insert(table.to_owned());
        }
    }))?;
    Ok(())
}

/// An `Err` or a panic takes back what `write` did. Savepoints nest, the innermost one goes first.
pub(crate) fn in_savepoint<T>(
    connection: &Connection,
    write: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    connection.execute_batch("SAVEPOINT closure")?;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| write(connection)))
        .unwrap_or_else(|_| Err(Error::internal("a write closure panicked")));
    let end = match outcome {
        Ok(_) => "RELEASE closure",
        Err(_) => "ROLLBACK TO closure; RELEASE closure",
    };
    connection.execute_batch(end)?;
    outcome
}

struct Loop {
    connection: Connection,
    inbox: Receiver<Message>,
    counters: Arc<Counters>,
    touched: Arc<Mutex<BTreeSet<String>>>,
    nudges: Nudges,
}

impl Loop {
    fn run(self) {
        while let Ok(first) = self.inbox.recv() {
            let mut closing = Vec::new();
            let mut answers = Vec::new();
            let begun = self.connection.execute_batch("BEGIN IMMEDIATE").map_err(Error::from);
            let mut next = Some(first);
            while let Some(message) = next.take() {
                match message {
                    Message::Work(name, job) => answers.push(self.work(name, job)),
                    Message::Close(done) => closing.push(done),
                }
                if answers.len() < BATCH && closing.is_empty() {
                    next = self.inbox.try_recv().ok();
                }
            }
            let failed = begun.and_then(|()| self.commit()).err();
            if let Some(error) = &failed {
                tracing::error!(%error, "commit failed");
            }
            for answer in answers {
                answer(failed.as_ref());
            }
            if !closing.is_empty() {
                self.checkpoint();
                for done in closing {
                    done.send(()).unwrap_or_default();
                }
                return;
            }
        }
    }

    fn work(&self, name: &'static str, job: Job) -> AfterCommit {
        self.counters.queued.fetch_sub(1, Ordering::Relaxed);
        self.counters.closures.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let answer = job(&self.connection);
        let ms = start.elapsed().as_millis();
        if ms >= SLOW_MS {
            tracing::warn!(closure = name, ms, "slow write closure");
        }
        answer
    }

    fn commit(&self) -> Result<()> {
        let touched = self.touched.lock().map(|mut set| std::mem::take(&mut *set));
        if let Err(error) = self.connection.execute_batch("COMMIT") {
            // Without this the next BEGIN would fail too, for ever.
            self.connection.execute_batch("ROLLBACK").ok();
            return Err(error.into());
        }
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        self.nudges.notify(&touched.unwrap_or_default());
        Ok(())
    }

    fn checkpoint(&self) {
        if let Err(error) = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%error, "last checkpoint failed");
        }
    }
}
