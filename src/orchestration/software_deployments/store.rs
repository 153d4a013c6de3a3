//! The SQL of software deployments.

use kit::error::Result;
use kit::ids::{ProjectId, SoftwareDeploymentId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::Deployment;
use crate::stacks::reach::Reach;

/// The deployment within reach that has this id, as a rule will open it.
pub(crate) fn get(
    connection: &Connection,
    reach: &Reach,
    id: &SoftwareDeploymentId,
) -> Result<Option<Guarded<Deployment>>> {
    let found = get_for_system(connection, id)?;
    Ok(found.and_then(|row| reach.guard(row, |row| &row.project)))
}

/// The deployment of this id, for steps and resources.
pub(crate) fn get_for_system(
    connection: &Connection,
    id: &SoftwareDeploymentId,
) -> Result<Option<Deployment>> {
    let sql = "SELECT * FROM software_deployment WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([id], read).optional()?)
}

/// The deployments within reach, on one server if one is named; the oldest first.
pub(crate) fn list(
    connection: &Connection,
    reach: &Reach,
    server: Option<&str>,
) -> Result<Vec<Deployment>> {
    let sql = "SELECT * FROM software_deployment
               WHERE (?1 IS NULL OR project_id = ?1) AND (?2 IS NULL OR server_id = ?2) ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![reach.only(), server], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The deployments of a project on a server, for resources; the oldest first.
pub(crate) fn of_server(
    connection: &Connection,
    project: &ProjectId,
    server: &str,
) -> Result<Vec<Deployment>> {
    let sql = "SELECT * FROM software_deployment WHERE project_id = ?1 AND server_id = ?2
               ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![project, server], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a deployment.
pub(crate) fn insert(connection: &Connection, deployment: &Deployment) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO software_deployment (id, project_id, user_id, server_id, config_id, run,
                 input_values, output_values, action, status, status_reason, created_at,
                 updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            deployment.id,
            deployment.project,
            deployment.user,
            deployment.server,
            deployment.config,
            deployment.run,
            Json(&deployment.input_values),
            Json(&deployment.output_values),
            deployment.action,
            deployment.status,
            deployment.status_reason,
            deployment.created_at,
            deployment.updated_at,
        ])?;
    Ok(())
}

/// Keeps what may change of a deployment.
pub(crate) fn save(connection: &Connection, deployment: &Deployment) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE software_deployment SET config_id = ?2, run = ?3, input_values = ?4,
                 output_values = ?5, action = ?6, status = ?7, status_reason = ?8, updated_at = ?9
             WHERE id = ?1",
        )?
        .execute(params![
            deployment.id,
            deployment.config,
            deployment.run,
            Json(&deployment.input_values),
            Json(&deployment.output_values),
            deployment.action,
            deployment.status,
            deployment.status_reason,
            deployment.updated_at,
        ])?;
    Ok(())
}

/// Removes a deployment.
pub(crate) fn delete(connection: &Connection, id: &SoftwareDeploymentId) -> Result<()> {
    connection.prepare_cached("DELETE FROM software_deployment WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Deployment> {
    Ok(Deployment {
        id: row.get("id")?,
        project: row.get("project_id")?,
        user: row.get("user_id")?,
        server: row.get("server_id")?,
        config: row.get("config_id")?,
        run: row.get("run")?,
        input_values: json_column(row, "input_values")?,
        output_values: json_column(row, "output_values")?,
        action: row.get("action")?,
        status: row.get("status")?,
        status_reason: row.get("status_reason")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
