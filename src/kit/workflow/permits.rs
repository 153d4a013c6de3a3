//! Who may be at work: so many acts work at a time, and any number wait for something outside.
//!
//! The runner has one [`Permits`]; each operation that it drives holds a [`Permit`]. An act that
//! mostly waits ([`Step::is_long`](super::Step)) gives its permit to others meanwhile, so that what
//! takes hours in guests never holds up what takes a second on the engine.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// More acts than ever wait at a time.
const WAITING: u32 = 1 << 20;

/// Room for acts.
#[derive(Clone, Debug)]
pub(super) struct Permits {
    working: Arc<Semaphore>,
    size: u32,
    waiting: Arc<Semaphore>,
}

impl Permits {
    /// Room for `size` acts that work.
    pub(super) fn new(size: u32) -> Self {
        Self {
            working: Arc::new(Semaphore::new(size as usize)),
            size,
            waiting: Arc::new(Semaphore::new(WAITING as usize)),
        }
    }

    /// A permit, once one is free; `None` once `closed`.
    pub(super) async fn acquire(&self, closed: &CancellationToken) -> Option<Permit> {
        let working = Arc::clone(&self.working).acquire_owned();
        let held = closed.run_until_cancelled(working).await?.ok()?;
        Some(Permit { permits: self.clone(), held })
    }

    /// Returns when nobody is at work and nobody waits.
    pub(super) async fn all_free(&self) {
        let working = self.working.acquire_many(self.size).await;
        let waiting = self.waiting.acquire_many(WAITING).await;
        drop((working, waiting));
    }
}

/// Room for the acts of one operation.
#[derive(Debug)]
pub(super) struct Permit {
    permits: Permits,
    held: OwnedSemaphorePermit,
}

impl Permit {
    /// Runs `act` while others work. Its end waits for a free permit again, but not once `closed`.
    pub(super) async fn lend<T>(
        &mut self,
        act: impl Future<Output = T>,
        closed: &CancellationToken,
    ) -> T {
        if let Ok(waiting) = Arc::clone(&self.permits.waiting).acquire_owned().await {
            self.held = waiting;
        }
        let outcome = act.await;
        if let Some(permit) = self.permits.acquire(closed).await {
            *self = permit;
        }
        outcome
    }
}
