//! After-commit signals: a table was touched, whoever waits for it looks again.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// All waiters, by table.
#[derive(Clone, Default)]
pub struct Nudges(Arc<Mutex<HashMap<String, Vec<std::sync::Weak<Notify>>>>>);

impl Nudges {
    pub(super) fn watch(&self, tables: &[&'static str]) -> Nudge {
        let signal = Arc::new(Notify::new());
        let mut waiters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for table in tables {
            let waiting = waiters.entry((*table).to_owned()).or_default();
            waiting.retain(|waiter| waiter.strong_count() > 0);
            waiting.push(Arc::downgrade(&signal));
        }
        Nudge(signal)
    }

    pub(super) fn notify(&self, touched: &BTreeSet<String>) {
        let waiters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for table in touched {
            for waiter in waiters.get(table).into_iter().flatten() {
                if let Some(signal) = waiter.upgrade() {
                    signal.notify_one();
                }
            }
        }
    }
}

/// One waiter. A commit between two waits is not lost: the next wait returns at once.
pub struct Nudge(Arc<Notify>);

impl Nudge {
    /// Returns when one of the watched tables was touched since the last call.
    pub async fn wait(&self) {
        self.0.notified().await;
    }
}
