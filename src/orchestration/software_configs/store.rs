//! The SQL of software configs.

use kit::error::Result;
use kit::ids::SoftwareConfigId;
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::SoftwareConfig;
use crate::stacks::reach::Reach;

/// The config within reach that has this id, as a rule will open it.
pub(crate) fn get(
    connection: &Connection,
    reach: &Reach,
    id: &SoftwareConfigId,
) -> Result<Option<Guarded<SoftwareConfig>>> {
    let found = get_for_system(connection, id)?;
    Ok(found.and_then(|config| reach.guard(config, |config| &config.project)))
}

/// The config of this id, for steps and resources.
pub(crate) fn get_for_system(
    connection: &Connection,
    id: &SoftwareConfigId,
) -> Result<Option<SoftwareConfig>> {
    let sql = "SELECT * FROM software_config WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([id], read).optional()?)
}

/// The configs within reach, the newest first.
pub(crate) fn list(connection: &Connection, reach: &Reach) -> Result<Vec<SoftwareConfig>> {
    let sql = "SELECT * FROM software_config WHERE ?1 IS NULL OR project_id = ?1
               ORDER BY number DESC";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([reach.only()], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a config.
pub(crate) fn insert(connection: &Connection, config: &SoftwareConfig) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO software_config (id, project_id, name, kind, config, inputs, outputs,
                 options, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            config.id,
            config.project,
            config.name,
            config.group,
            Json(&config.config),
            Json(&config.inputs),
            Json(&config.outputs),
            Json(&config.options),
            config.created_at,
        ])?;
    Ok(())
}

/// Removes a config.
pub(crate) fn delete(connection: &Connection, id: &SoftwareConfigId) -> Result<()> {
    connection.prepare_cached("DELETE FROM software_config WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Whether a deployment has it.
pub(crate) fn is_in_use(connection: &Connection, id: &SoftwareConfigId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM software_deployment WHERE config_id = ?1)";
    Ok(connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<SoftwareConfig> {
    Ok(SoftwareConfig {
        id: row.get("id")?,
        project: row.get("project_id")?,
        name: row.get("name")?,
        group: row.get("kind")?,
        config: json_column(row, "config")?,
        inputs: json_column(row, "inputs")?,
        outputs: json_column(row, "outputs")?,
        options: json_column(row, "options")?,
        created_at: row.get("created_at")?,
    })
}
