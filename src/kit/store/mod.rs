//! One SQLite file. DESIGN:
//!
//! * **One writer thread**, closures in, group commit out (`writer.rs`). Quota checks are plain
//!   counts inside a write: nobody else can write between the count and the insert.
//! * **Several read-only connections** (`readers.rs`). A read closure sees one snapshot; a write
//!   through a reader is an error from SQLite itself.
//! * After a commit the tables it touched are **nudged** (`nudge.rs`): waiters look again. A
//!   nudge carries no data, so a lost one costs a little time and never truth.
//!
//! **Invariant:** no closure awaits, and none loops over the world.

mod backup;
mod columns;
mod functions;
pub mod keyset;
mod migrate;
mod nudge;
mod readers;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

pub use columns::{Json, json_column};
pub use migrate::Migration;
pub use nudge::{Nudge, Nudges};
pub use writer::WriterStats;
pub(crate) use writer::in_savepoint;

use crate::error::{Error, Result};

/// The database: cheap to clone, shared by everything.
#[derive(Clone)]
pub struct Store {
    path: Arc<PathBuf>,
    writer: writer::Writer,
    readers: readers::Readers,
    nudges: Nudges,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens (or makes) the file and brings its schema up to `migrations`.
    ///
    /// `synchronous` is SQLite's own word: `NORMAL` loses nothing when the process is killed,
    /// `FULL` nothing when the power goes.
    pub fn open(path: &Path, migrations: &[Migration], synchronous: &str) -> Result<Self> {
        let mut connection = Connection::open(path)
            .map_err(|error| Error::internal(format!("cannot open {}: {error}", path.display())))?;
        set_pragmas(&connection, synchronous)?;
        migrate::run(&mut connection, migrations)?;
        let nudges = Nudges::default();
        let writer = writer::Writer::start(connection, nudges.clone())?;
        let readers = readers::Readers::open(path, synchronous)?;
        Ok(Self { path: Arc::new(path.to_owned()), writer, readers, nudges })
    }

    /// Runs `read` on a snapshot.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.readers.run(read).await
    }

    /// Runs `write` in the writer thread; returns after its commit is on disk. An `Err` rolls
    /// back what this closure did and nothing else. `name` stands in metrics and in the log.
    pub async fn write<T, F>(&self, name: &'static str, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.writer.run(name, write).await
    }

    /// Wakes when one of `tables` was changed by a commit.
    pub fn watch(&self, tables: &[&'static str]) -> Nudge {
        self.nudges.watch(tables)
    }

    /// Queue depth and slowest closure, for metrics.
    pub fn writer_stats(&self) -> WriterStats {
        self.writer.stats()
    }

    /// Copies the whole database at `source` to `target`, also while a process uses it.
    pub async fn copy(source: PathBuf, target: PathBuf) -> Result<()> {
        crate::tasks::blocking(move || backup::copy(&source, &target)).await
    }

    /// Reads from a database that another process may be using, without touching it.
    pub fn peek<T>(path: &Path, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        read(&Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?)
    }

    /// Ends the writer after what is queued; closes the readers.
    pub async fn close(&self) -> Result<()> {
        self.readers.close();
        self.writer.close().await
    }
}

/// The PRAGMAs are per connection, so writer and readers call this one function.
fn set_pragmas(connection: &Connection, synchronous: &str) -> Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(256);
    functions::register(connection)?;
    if !connection.is_readonly(rusqlite::MAIN_DB)? {
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
