//! Deleted servers are forgotten, so that the database does not grow for ever.
//!
//! A server that is deleted keeps its row, its faults and its operations, which are its instance
//! actions: administrators list it, its owner reads how it ended, usage counts it. Nova keeps all
//! of that until its operator runs `nova-manage db archive_deleted_rows`; here they go together
//! once the server has been deleted for `[compute] deleted_retention`, 90 days by default, which
//! leaves a quarter's usage whole. What a living server went through is never forgotten.
//!
//! **Invariant:** a server with an operation that runs, waits or is stuck stays, however old.

mod store;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use kit::Platform;
use kit::clock::Time;
use kit::engine::EngineEvent;
use kit::error::Result;
use kit::ids::ServerId;
use kit::workflow::{Reconciler, prune};
use rusqlite::Connection;

use crate::servers::model::operation_target;

/// How many go in one write: the writer is everybody's.
const BATCH: u32 = 100;

/// Forgets at the start and at each interval.
pub(crate) struct Retention;

#[async_trait]
impl Reconciler for Retention {
    fn name(&self) -> &'static str {
        "retention"
    }

    async fn all(&self, platform: &Arc<Platform>) -> Result<()> {
        let kept_seconds = platform.settings.compute.deleted_retention;
        if kept_seconds <= 0 {
            return Ok(());
        }
        let before = platform.clock.now().plus_seconds(-kept_seconds);
        let mut place = (Time::default(), 0);
        loop {
            let read = move |db: &Connection| store::deleted_before(db, before, place, BATCH);
            let due = platform.store.read(read).await?;
            let Some(last) = due.last() else { return Ok(()) };
            place = last.place;
            let forget = move |db: &Connection| due.iter().try_for_each(|row| forget(db, &row.id));
            platform.store.write("retention:forget", forget).await?;
        }
    }

    async fn some(&self, _: &Arc<Platform>, _: &BTreeSet<String>) -> Result<()> {
        Ok(())
    }

    fn interested(&self, _: &EngineEvent) -> Option<String> {
        None
    }
}

fn forget(connection: &Connection, id: &ServerId) -> Result<()> {
    if prune(connection, &operation_target(id))? {
        store::delete(connection, id)?;
    }
    Ok(())
}
