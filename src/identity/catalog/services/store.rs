//! The SQL of the catalogue's services.

use kit::error::Result;
use kit::ids::ServiceId;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::CatalogService;

const COLUMNS: &str = "id, type, enabled, extra";

/// The service of this id.
pub(crate) fn get(db: &Connection, id: &ServiceId) -> Result<Option<CatalogService>> {
    let sql = format!("SELECT {COLUMNS} FROM catalog_service WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// Every service.
pub(crate) fn list(db: &Connection) -> Result<Vec<CatalogService>> {
    let sql = format!("SELECT {COLUMNS} FROM catalog_service ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a service.
pub(crate) fn insert(db: &Connection, service: &CatalogService) -> Result<()> {
    let sql = format!("INSERT INTO catalog_service ({COLUMNS}) VALUES (?1, ?2, ?3, ?4)");
    db.prepare_cached(&sql)?.execute(params![
        service.id,
        service.kind,
        service.enabled,
        Json(&service.extra)
    ])?;
    Ok(())
}

/// Writes what may change of a service.
pub(crate) fn update(db: &Connection, service: &CatalogService) -> Result<()> {
    db.prepare_cached(
        "UPDATE catalog_service SET type = ?2, enabled = ?3, extra = ?4 WHERE id = ?1",
    )?
    .execute(params![service.id, service.kind, service.enabled, Json(&service.extra)])?;
    Ok(())
}

/// Removes a service with its endpoints. False when there was none.
pub(crate) fn delete(db: &Connection, id: &ServiceId) -> Result<bool> {
    Ok(db.prepare_cached("DELETE FROM catalog_service WHERE id = ?1")?.execute([id])? > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<CatalogService> {
    Ok(CatalogService {
        id: row.get("id")?,
        kind: row.get("type")?,
        enabled: row.get("enabled")?,
        extra: json_column(row, "extra")?,
    })
}
