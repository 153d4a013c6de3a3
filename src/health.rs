//! The house's own pages: `/`, `/healthz`, `/readyz`, `/metrics`.
//!
//! Ready means: the bootstrap is done and the engine answers. A handler never asks the engine;
//! a task does, and notes what it heard.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kit::error::Result;
use kit::http::{ALWAYS, Call, Dialect, Mount, Operation, Reply, Service, Versioning};
use kit::op;
use kit::platform::Platform;
use serde_json::{Value, json};

use crate::app::SERVICES;

/// How often the engine is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(2);

/// What the root reads.
pub(crate) static SERVICE: Service = Service {
    name: "health",
    dialect: Dialect::Plain,
    mounts: &[Mount {
        prefix: "",
        version: "",
        operations: OPERATIONS,
        versioning: Versioning::None,
        project_in_path: false,
    }],
    native_port: None,
    rules: &[],
    quotas: &[],
    workflows: &[],
    reconcilers: Vec::new,
    migrations: &[],
    documents: &[("health/health.yaml", include_str!("../api-ref/health/health.yaml"))],
    extend: |_, _, extensions| {
        extensions.insert(Readiness::default());
        Ok(())
    },
    start: |platform| {
        Box::pin(async move {
            let tasks = platform.tasks.clone();
            tasks.spawn("engine ping", watch_engine(platform));
            Ok(())
        })
    },
};

static OPERATIONS: &[Operation] = &[
    op!("health:index", GET "/", ALWAYS, -, 200, index).public(),
    op!("health:healthz", GET "/healthz", ALWAYS, -, 200, healthz).public(),
    op!("health:readyz", GET "/readyz", ALWAYS, -, 200, readyz).public(),
    op!("health:metrics", GET "/metrics", ALWAYS, -, 200, metrics).public(),
];

#[derive(Default)]
struct Readiness {
    bootstrapped: AtomicBool,
    engine: AtomicBool,
}

/// The bootstrap is done.
pub(crate) fn mark_ready(platform: &Platform) -> Result<()> {
    platform.extension::<Readiness>()?.bootstrapped.store(true, Ordering::Release);
    Ok(())
}

async fn watch_engine(platform: Arc<Platform>) {
    let Ok(readiness) = platform.extension::<Readiness>() else {
        return;
    };
    loop {
        let answers = platform.engine.ping().await;
        let before = readiness.engine.swap(answers.is_ok(), Ordering::AcqRel);
        match answers {
            Ok(()) if !before => tracing::info!("the engine answers"),
            Err(error) if before => tracing::warn!(%error, "the engine does not answer"),
            Ok(()) | Err(_) => {}
        }
        tokio::time::sleep(PING_EVERY).await;
    }
}

async fn index(call: Call) -> Result<Reply> {
    let services: Vec<Value> = SERVICES
        .iter()
        .filter_map(|service| {
            let prefix = service.mounts.first()?.prefix;
            let url = call.links.sibling(prefix);
            (!prefix.is_empty()).then(|| json!({"name": service.name, "url": url}))
        })
        .collect();
    Ok(Reply::json(
        json!({"name": "novadock", "version": env!("CARGO_PKG_VERSION"), "services": services}),
    ))
}

async fn healthz(_: Call) -> Result<Reply> {
    Ok(Reply::json(json!({"status": "ok"})))
}

async fn readyz(call: Call) -> Result<Reply> {
    let readiness = call.platform.extension::<Readiness>()?;
    let bootstrap = readiness.bootstrapped.load(Ordering::Acquire);
    let engine = readiness.engine.load(Ordering::Acquire);
    let reply = Reply::json(
        json!({"ready": bootstrap && engine, "bootstrap": bootstrap, "engine": engine}),
    );
    Ok(if bootstrap && engine { reply } else { reply.status(503) })
}

async fn metrics(call: Call) -> Result<Reply> {
    let stats = call.platform.store.writer_stats();
    let queued = i64::try_from(stats.queued).unwrap_or(i64::MAX);
    call.platform.metrics.store_queued.set(queued);
    let text = call.platform.metrics.render();
    Ok(Reply::text("application/openmetrics-text; version=1.0.0; charset=utf-8", text))
}
