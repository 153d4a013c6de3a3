//! Tasks have owners: whoever starts one keeps a [`Tasks`] and ends it.

use std::future::Future;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::{Error, Result};

/// A group of background tasks that ends together.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// An empty group.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a task that is dropped at its next await once the group is stopped.
    pub fn spawn<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = self.stop.clone();
        self.tracker.spawn(async move {
            if stop.run_until_cancelled(future).await.is_none() {
                tracing::debug!(task = name, "stopped");
            }
        });
    }

    /// Starts a task that is let run to its end; [`Tasks::wait`] waits for it.
    pub fn spawn_to_end<F>(&self, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tracker.spawn(future);
    }

    /// Whether the group was told to stop.
    pub fn stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Returns when the group is told to stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Tells the group to stop.
    pub fn stop(&self) {
        self.stop.cancel();
        self.tracker.close();
    }

    /// Waits until every task has ended; call [`Tasks::stop`] first.
    pub async fn wait(&self) {
        self.tracker.wait().await;
    }
}

/// Runs blocking work on the blocking pool.
pub async fn blocking<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        // Work that was never begun because the process ends may be asked for again; a defect not.
        if error.is_cancelled() {
            Error::unavailable("The service is stopping.")
        } else {
            Error::internal(format!("blocking task: {error}"))
        }
    })?
}
