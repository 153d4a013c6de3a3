//! Read-only connections. A closure borrows one for one snapshot.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};
use crate::tasks;

/// Two cores answer no faster with more.
const CONNECTIONS: usize = 8;

#[derive(Clone)]
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(path: &Path, synchronous: &str) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let idle = (0..CONNECTIONS)
            .map(|_| {
                let connection = Connection::open_with_flags(path, flags)?;
                super::set_pragmas(&connection, synchronous)?;
                Ok(connection)
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            idle: Arc::new(Mutex::new(idle)),
            permits: Arc::new(Semaphore::new(CONNECTIONS)),
        })
    }

    pub(super) async fn run<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| Error::unavailable("The service is stopping."))?;
        let idle = Arc::clone(&self.idle);
        tasks::blocking(move || {
            let connection = take(&idle)?;
            let outcome = snapshot(&connection, read);
            if let Ok(mut idle) = idle.lock() {
                idle.push(connection);
            }
            drop(permit);
            outcome
        })
        .await
    }

    pub(super) fn close(&self) {
        self.permits.close();
    }
}

fn take(idle: &Mutex<Vec<Connection>>) -> Result<Connection> {
    idle.lock()
        .ok()
        .and_then(|mut idle| idle.pop())
        .ok_or_else(|| Error::internal("a permit without a reader connection"))
}

fn snapshot<T>(connection: &Connection, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    connection.execute_batch("BEGIN DEFERRED")?;
    // The connection must go back to the pool whatever the closure does.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(connection)))
        .unwrap_or_else(|_| Err(Error::internal("a read closure panicked")));
    connection.execute_batch("COMMIT")?;
    outcome
}
