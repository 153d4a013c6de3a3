//! The SQL of projects and domains.

use kit::error::Result;
use kit::ids::{DomainId, ProjectId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::Project;

const COLUMNS: &str =
    "id, name, domain_id, description, enabled, parent_id, is_domain, tags, options, extra";

/// The project of this id, as the operation's rule will open it.
pub(crate) fn get(db: &Connection, id: &ProjectId) -> Result<Option<Guarded<Project>>> {
    Ok(get_for_system(db, id)?.map(guarded))
}

/// The project of this id, for tokens and for other resources.
pub(crate) fn get_for_system(db: &Connection, id: &ProjectId) -> Result<Option<Project>> {
    let sql = format!("SELECT {COLUMNS} FROM project WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// The domain of this id, as the operation's rule will open it.
pub(crate) fn get_domain(db: &Connection, id: &DomainId) -> Result<Option<Guarded<Project>>> {
    Ok(get_domain_for_system(db, id)?.map(guarded))
}

/// The domain of this id, for tokens and for other resources.
pub(crate) fn get_domain_for_system(db: &Connection, id: &DomainId) -> Result<Option<Project>> {
    let sql = format!("SELECT {COLUMNS} FROM project WHERE id = ?1 AND is_domain");
    Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// The project of this name in a domain; without one, the domain of this name.
pub(crate) fn get_by_name(
    db: &Connection,
    name: &str,
    domain: Option<&DomainId>,
) -> Result<Option<Project>> {
    let sql =
        format!("SELECT {COLUMNS} FROM project WHERE name = ?1 AND coalesce(domain_id, '') = ?2");
    let domain = domain.map_or("", DomainId::as_str);
    Ok(db.prepare_cached(&sql)?.query_row([name, domain], read).optional()?)
}

/// Every project, or every domain.
pub(crate) fn list(db: &Connection, is_domain: bool) -> Result<Vec<Project>> {
    let sql = format!("SELECT {COLUMNS} FROM project WHERE is_domain = ?1 ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([is_domain], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The projects right below this one.
pub(crate) fn list_children(db: &Connection, id: &ProjectId) -> Result<Vec<Project>> {
    let sql = format!("SELECT {COLUMNS} FROM project WHERE parent_id = ?1 ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([id], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a project.
pub(crate) fn insert(db: &Connection, project: &Project) -> Result<()> {
    let sql =
        format!("INSERT INTO project ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    db.prepare_cached(&sql)?.execute(params![
        project.id,
        project.name,
        project.domain_id,
        project.description,
        project.enabled,
        project.parent_id,
        project.is_domain,
        Json(&project.tags),
        Json(&project.options),
        Json(&project.extra),
    ])?;
    Ok(())
}

/// Writes what may change of a project.
pub(crate) fn update(db: &Connection, project: &Project) -> Result<()> {
    db.prepare_cached(
        "UPDATE project SET name = ?2, description = ?3, enabled = ?4, tags = ?5, options = ?6,
             extra = ?7 WHERE id = ?1",
    )?
    .execute(params![
        project.id,
        project.name,
        project.description,
        project.enabled,
        Json(&project.tags),
        Json(&project.options),
        Json(&project.extra),
    ])?;
    Ok(())
}

/// Removes a project or a domain with everything that lies in it.
pub(crate) fn delete(db: &Connection, id: &ProjectId) -> Result<()> {
    db.prepare_cached("DELETE FROM project WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn guarded(project: Project) -> Guarded<Project> {
    let target = project.target();
    Guarded::new(project, target)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Project> {
    Ok(Project {
        id: row.get("id")?,
        name: row.get("name")?,
        domain_id: row.get("domain_id")?,
        description: row.get("description")?,
        enabled: row.get("enabled")?,
        parent_id: row.get("parent_id")?,
        is_domain: row.get("is_domain")?,
        tags: json_column(row, "tags")?,
        options: json_column(row, "options")?,
        extra: json_column(row, "extra")?,
    })
}
