//! The SQL of endpoints.

use kit::error::Result;
use kit::ids::{EndpointId, RegionId};
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::Endpoint;

const COLUMNS: &str = "id, interface, region_id, service_id, url, enabled, extra";

/// The endpoint of this id.
pub(crate) fn get(db: &Connection, id: &EndpointId) -> Result<Option<Endpoint>> {
    let sql = format!("SELECT {COLUMNS} FROM catalog_endpoint WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// Every endpoint.
pub(crate) fn list(db: &Connection) -> Result<Vec<Endpoint>> {
    let sql = format!("SELECT {COLUMNS} FROM catalog_endpoint ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether any endpoint lies in the region.
pub(crate) fn any_in_region(db: &Connection, region: &RegionId) -> Result<bool> {
    let sql = "SELECT 1 FROM catalog_endpoint WHERE region_id = ?1";
    Ok(db.prepare_cached(sql)?.exists([region])?)
}

/// Adds an endpoint.
pub(crate) fn insert(db: &Connection, endpoint: &Endpoint) -> Result<()> {
    let sql =
        format!("INSERT INTO catalog_endpoint ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    db.prepare_cached(&sql)?.execute(params![
        endpoint.id,
        endpoint.interface,
        endpoint.region_id,
        endpoint.service_id,
        endpoint.url,
        endpoint.enabled,
        Json(&endpoint.extra),
    ])?;
    Ok(())
}

/// Writes what may change of an endpoint.
pub(crate) fn update(db: &Connection, endpoint: &Endpoint) -> Result<()> {
    db.prepare_cached(
        "UPDATE catalog_endpoint SET interface = ?2, region_id = ?3, service_id = ?4, url = ?5,
             enabled = ?6, extra = ?7 WHERE id = ?1",
    )?
    .execute(params![
        endpoint.id,
        endpoint.interface,
        endpoint.region_id,
        endpoint.service_id,
        endpoint.url,
        endpoint.enabled,
        Json(&endpoint.extra),
    ])?;
    Ok(())
}

/// Removes an endpoint. False when there was none.
pub(crate) fn delete(db: &Connection, id: &EndpointId) -> Result<bool> {
    Ok(db.prepare_cached("DELETE FROM catalog_endpoint WHERE id = ?1")?.execute([id])? > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    Ok(Endpoint {
        id: row.get("id")?,
        interface: row.get("interface")?,
        region_id: row.get("region_id")?,
        service_id: row.get("service_id")?,
        url: row.get("url")?,
        enabled: row.get("enabled")?,
        extra: json_column(row, "extra")?,
    })
}
