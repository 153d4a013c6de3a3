//! The SQL of flavors.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::ids::{FlavorId, ProjectId};
use kit::policy::{Guarded, Target};
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{ExtraSpecs, Flavor, Query, SORT_KEYS};

const COLUMNS: &str = "id, name, description, vcpus, ram_mb, disk_gb, ephemeral_gb, swap_mb, \
                       rxtx_factor, is_public, disabled, extra_specs, created_at, updated_at";

/// Which flavors a project sees; no project sees all.
const VISIBLE: &str = "(:project IS NULL OR is_public
    OR EXISTS (SELECT 1 FROM flavor_access WHERE flavor = id AND project = :project))";

/// The flavor of this id, as the operation's rule will open it. `visible_to` stands for the
/// project that a flavor does not have.
pub(crate) fn get(
    connection: &Connection,
    id: &FlavorId,
    visible_to: Option<&ProjectId>,
) -> Result<Option<Guarded<Flavor>>> {
    let target = visible_to.map_or_else(Target::none, Target::project);
    Ok(get_visible(connection, id, visible_to)?.map(|flavor| Guarded::new(flavor, target)))
}

/// The flavor of this id, if the project sees it, for other resources.
pub(crate) fn get_visible(
    connection: &Connection,
    id: &FlavorId,
    visible_to: Option<&ProjectId>,
) -> Result<Option<Flavor>> {
    let sql = format!("SELECT {COLUMNS} FROM flavor WHERE id = :id AND {VISIBLE}");
    let params = named_params! {":id": id, ":project": visible_to};
    Ok(connection.prepare_cached(&sql)?.query_row(params, read).optional()?)
}

/// The flavor of this id, for steps and for administrators.
pub(crate) fn get_for_system(connection: &Connection, id: &FlavorId) -> Result<Option<Flavor>> {
    get_visible(connection, id, None)
}

/// Whether a flavor has this name.
pub(crate) fn name_is_taken(connection: &Connection, name: &str) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM flavor WHERE name = ?1")?.exists([name])?)
}

/// One page. An unknown marker is `None`.
pub(crate) fn list(connection: &Connection, query: &Query) -> Result<Option<Vec<Flavor>>> {
    let column =
        SORT_KEYS.iter().find(|(key, _)| *key == query.sort_key).map_or("id", |(_, column)| column);
    let (direction, beyond) = if query.descending { ("DESC", "<") } else { ("ASC", ">") };
    let marker = match &query.marker {
        Some(id) => match row_of(connection, id)? {
            Some(row) => row,
            None => return Ok(None),
        },
        None => 0,
    };
    // Ties are broken by the hidden id, so that a page never repeats or skips a row.
    let sql = format!(
        "SELECT {COLUMNS} FROM flavor
         WHERE ram_mb >= :ram AND disk_gb >= :disk AND (:name IS NULL OR name = :name)
           AND (:is_public IS NULL OR is_public = :is_public)
           AND {VISIBLE}
           AND (:marker = 0 OR ({column}, row) {beyond}
                (SELECT m.{column}, m.row FROM flavor m WHERE m.row = :marker))
         ORDER BY {column} {direction}, row {direction} LIMIT :limit"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(
        named_params! {
            ":ram": query.min_ram_mb, ":disk": query.min_disk_gb, ":name": query.name,
            ":is_public": query.is_public, ":project": query.visible_to,
            ":marker": marker, ":limit": query.limit,
        },
        read,
    )?;
    Ok(Some(rows.collect::<rusqlite::Result<_>>()?))
}

/// Adds a flavor.
pub(crate) fn insert(connection: &Connection, flavor: &Flavor) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO flavor (id, name, description, vcpus, ram_mb, disk_gb, ephemeral_gb,
                 swap_mb, rxtx_factor, is_public, disabled, extra_specs, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute((
            &flavor.id,
            &flavor.name,
            &flavor.description,
            flavor.vcpus,
            flavor.ram_mb,
            flavor.disk_gb,
            flavor.ephemeral_gb,
            flavor.swap_mb,
            flavor.rxtx_factor,
            flavor.is_public,
            flavor.disabled,
            Json(&flavor.extra_specs),
            flavor.created_at,
        ))?;
    Ok(())
}

/// Changes the description, the one thing of a flavor that may change.
pub(crate) fn update_description(
    connection: &Connection,
    id: &FlavorId,
    description: Option<&str>,
    now: Time,
) -> Result<()> {
    connection
        .prepare_cached("UPDATE flavor SET description = ?2, updated_at = ?3 WHERE id = ?1")?
        .execute((id, description, now))?;
    Ok(())
}

/// Replaces the extra specs.
pub(crate) fn update_extra_specs(
    connection: &Connection,
    id: &FlavorId,
    specs: &ExtraSpecs,
    now: Time,
) -> Result<()> {
    connection
        .prepare_cached("UPDATE flavor SET extra_specs = ?2, updated_at = ?3 WHERE id = ?1")?
        .execute((id, Json(specs), now))?;
    Ok(())
}

/// Removes a flavor; servers keep a copy of theirs. False when there was none.
pub(crate) fn delete(connection: &Connection, id: &FlavorId) -> Result<bool> {
    Ok(connection.prepare_cached("DELETE FROM flavor WHERE id = ?1")?.execute([id])? > 0)
}

/// The projects with access to a private flavor.
pub(crate) fn list_access(connection: &Connection, id: &FlavorId) -> Result<Vec<ProjectId>> {
    let mut statement = connection
        .prepare_cached("SELECT project FROM flavor_access WHERE flavor = ?1 ORDER BY project")?;
    let rows = statement.query_map([id], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Gives a project access. False when it had it already.
pub(crate) fn insert_access(connection: &Connection, id: &FlavorId, project: &str) -> Result<bool> {
    let sql = "INSERT OR IGNORE INTO flavor_access (flavor, project) VALUES (?1, ?2)";
    Ok(connection.prepare_cached(sql)?.execute((id, project))? > 0)
}

/// Takes a project's access away. False when it had none.
pub(crate) fn delete_access(connection: &Connection, id: &FlavorId, project: &str) -> Result<bool> {
    let sql = "DELETE FROM flavor_access WHERE flavor = ?1 AND project = ?2";
    Ok(connection.prepare_cached(sql)?.execute((id, project))? > 0)
}

/// Whether any flavor is there; the first start makes the default ones.
pub(crate) fn any(connection: &Connection) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM flavor LIMIT 1")?.exists([])?)
}

fn row_of(connection: &Connection, id: &str) -> Result<Option<i64>> {
    connection
        .prepare_cached("SELECT row FROM flavor WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()
        .map_err(Error::from)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Flavor> {
    Ok(Flavor {
        id: row.get("id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        vcpus: row.get("vcpus")?,
        ram_mb: row.get("ram_mb")?,
        disk_gb: row.get("disk_gb")?,
        ephemeral_gb: row.get("ephemeral_gb")?,
        swap_mb: row.get("swap_mb")?,
        rxtx_factor: row.get("rxtx_factor")?,
        is_public: row.get("is_public")?,
        disabled: row.get("disabled")?,
        extra_specs: json_column(row, "extra_specs")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
