//! The SQL of regions.

use kit::error::Result;
use kit::ids::RegionId;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::Region;

const COLUMNS: &str = "id, description, parent_region_id, extra";

/// The region of this id.
pub(crate) fn get(db: &Connection, id: &RegionId) -> Result<Option<Region>> {
    let sql = format!("SELECT {COLUMNS} FROM catalog_region WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// Every region.
pub(crate) fn list(db: &Connection) -> Result<Vec<Region>> {
    let sql = format!("SELECT {COLUMNS} FROM catalog_region ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a region.
pub(crate) fn insert(db: &Connection, region: &Region) -> Result<()> {
    let sql = format!("INSERT INTO catalog_region ({COLUMNS}) VALUES (?1, ?2, ?3, ?4)");
    db.prepare_cached(&sql)?.execute(params![
        region.id,
        region.description,
        region.parent_region_id,
        Json(&region.extra)
    ])?;
    Ok(())
}

/// Writes what may change of a region.
pub(crate) fn update(db: &Connection, region: &Region) -> Result<()> {
    db.prepare_cached(
        "UPDATE catalog_region SET description = ?2, parent_region_id = ?3, extra = ?4
         WHERE id = ?1",
    )?
    .execute(params![
        region.id,
        region.description,
        region.parent_region_id,
        Json(&region.extra)
    ])?;
    Ok(())
}

/// Removes a region. False when there was none.
pub(crate) fn delete(db: &Connection, id: &RegionId) -> Result<bool> {
    Ok(db.prepare_cached("DELETE FROM catalog_region WHERE id = ?1")?.execute([id])? > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Region> {
    Ok(Region {
        id: row.get("id")?,
        description: row.get("description")?,
        parent_region_id: row.get("parent_region_id")?,
        extra: json_column(row, "extra")?,
    })
}
