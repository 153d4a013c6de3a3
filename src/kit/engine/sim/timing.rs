//! How long the simulated engine takes. By default nothing takes any time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Latencies by the name of the call.
#[derive(Debug, Default)]
pub struct Timing {
    every_call: Mutex<Duration>,
    by_call: Mutex<HashMap<&'static str, Duration>>,
}

impl Timing {
    /// Makes every call take this long, but for those with a time of their own.
    pub fn set_all(&self, latency: Duration) {
        *self.every_call.lock().unwrap_or_else(PoisonError::into_inner) = latency;
    }

    /// Makes one call take this long.
    pub fn set(&self, call: &'static str, latency: Duration) {
        self.by_call.lock().unwrap_or_else(PoisonError::into_inner).insert(call, latency);
    }

    pub(super) async fn pass(&self, call: &'static str) {
        let latency = self.latency(call);
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
    }

    fn latency(&self, call: &'static str) -> Duration {
        let by_call = self.by_call.lock().unwrap_or_else(PoisonError::into_inner);
        by_call
            .get(call)
            .copied()
            .unwrap_or_else(|| *self.every_call.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
