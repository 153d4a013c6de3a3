//! The SQL of usage, over the table of servers.

use kit::error::Result;
use rusqlite::{Connection, Row, named_params};

use super::model::{Query, Run};

/// The servers that ran in the window, by project and id. An unknown marker is `None`.
pub(super) fn list(connection: &Connection, query: &Query) -> Result<Option<Vec<Run>>> {
    if let Some(marker) = &query.marker {
        let mut known = connection.prepare_cached("SELECT 1 FROM server WHERE id = ?1")?;
        if !known.exists([marker])? {
            return Ok(None);
        }
    }
    let mut statement = connection.prepare_cached(
        "SELECT id, project_id, name, flavor ->> 'name' AS flavor, vcpus, ram_mb,
             (flavor ->> 'disk_gb') + (flavor ->> 'ephemeral_gb') AS disk_gb, vm_state,
             launched_at, terminated_at
         FROM server
         WHERE launched_at < :stop AND (terminated_at IS NULL OR terminated_at > :start)
           AND (:project IS NULL OR project_id = :project)
           AND (:marker IS NULL OR (project_id, id) >
                (SELECT m.project_id, m.id FROM server m WHERE m.id = :marker))
         ORDER BY project_id, id LIMIT :limit",
    )?;
    let rows = statement.query_map(
        named_params! {
            ":start": query.window.start, ":stop": query.window.stop, ":project": query.project,
            ":marker": query.marker, ":limit": query.limit,
        },
        read,
    )?;
    Ok(Some(rows.collect::<rusqlite::Result<_>>()?))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        server: row.get("id")?,
        project: row.get("project_id")?,
        name: row.get("name")?,
        flavor: row.get("flavor")?,
        vcpus: row.get("vcpus")?,
        ram_mb: row.get("ram_mb")?,
        disk_gb: row.get("disk_gb")?,
        vm_state: row.get("vm_state")?,
        launched_at: row.get("launched_at")?,
        terminated_at: row.get("terminated_at")?,
    })
}
