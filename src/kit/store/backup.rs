//! A consistent copy of the database while it is in use.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::error::Result;

/// Pages copied between two pauses, so that a writer is never held up for long.
const PAGES: i32 = 512;

pub(super) fn copy(source: &Path, target: &Path) -> Result<()> {
    let from = Connection::open(source)?;
    let mut to = Connection::open(target)?;
    Backup::new(&from, &mut to)?.run_to_completion(PAGES, Duration::from_millis(1), None)?;
    Ok(())
}
