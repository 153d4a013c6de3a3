//! The rules of projects: check, decide, write.

use kit::error::Result;
use kit::ids::ProjectId;
use rusqlite::Connection;

use super::model::Project;
use super::store;

/// The projects above this one, nearest first, and last the domain.
pub(crate) fn ancestors(db: &Connection, id: &ProjectId) -> Result<Vec<Project>> {
    let mut above = Vec::new();
    let mut next = store::get_for_system(db, id)?.and_then(|project| project.parent_id);
    while let Some(id) = next {
        let Some(parent) = store::get_for_system(db, &id)? else {
            break;
        };
        next = parent.parent_id.clone();
        above.push(parent);
    }
    Ok(above)
}
