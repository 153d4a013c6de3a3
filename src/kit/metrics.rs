//! Counters and gauges, Prometheus text. Names are constants here and nowhere else.

use std::sync::Mutex;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Labels of a request.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct RequestLabels {
    /// The service's name.
    pub service: &'static str,
    /// The operation's name, `servers:create`.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
}

/// Labels of a durable operation.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct OperationLabels {
    /// The workflow's kind, `server.boot`.
    pub kind: &'static str,
    /// `done`, `failed`, `cancelled`, `stuck`.
    pub outcome: &'static str,
}

/// Every metric of the house.
pub struct Metrics {
    registry: Mutex<Registry>,
    /// Requests answered.
    pub requests: Family<RequestLabels, Counter>,
    /// Seconds per request.
    pub request_seconds: Histogram,
    /// Durable operations that ended.
    pub operations: Family<OperationLabels, Counter>,
    /// Durable operations whose undo failed and that wait for a human.
    pub operations_stuck: Gauge,
    /// Write closures waiting.
    pub store_queued: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("novadock");
        let metrics = Self {
            requests: Family::default(),
            request_seconds: Histogram::new([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]),
            operations: Family::default(),
            operations_stuck: Gauge::default(),
            store_queued: Gauge::default(),
            registry: Mutex::default(),
        };
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register("request_seconds", "Time to answer", metrics.request_seconds.clone());
        registry.register("operations", "Durable operations ended", metrics.operations.clone());
        registry.register(
            "operations_stuck",
            "Durable operations that wait for a human",
            metrics.operations_stuck.clone(),
        );
        registry.register("store_queued", "Write closures waiting", metrics.store_queued.clone());
        Self { registry: Mutex::new(registry), ..metrics }
    }
}

impl Metrics {
    /// All of it in the text format of `OpenMetrics`.
    pub fn render(&self) -> String {
        let mut text = String::new();
        if let Ok(registry) = self.registry.lock() {
            encode(&mut text, &registry).unwrap_or_else(|error| tracing::error!(%error, "metrics"));
        }
        text
    }
}
