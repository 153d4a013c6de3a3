//! The SQL of role assignments.

use kit::error::Result;
use kit::ids::{DomainId, ProjectId, UserId};
use rusqlite::{Connection, Row, params};

use super::model::{Actor, Assignment, Place, Scope};

const COLUMNS: &str = "user_id, group_id, scope, target_id, role_id, inherited";
const SAME: &str = "user_id IS ?1 AND group_id IS ?2 AND scope = ?3 AND target_id IS ?4 AND role_id = ?5 \
     AND inherited = ?6";

/// Whether the assignment is there.
pub(crate) fn exists(db: &Connection, one: &Assignment) -> Result<bool> {
    let sql = format!("SELECT 1 FROM role_assignment WHERE {SAME}");
    let place = &one.place;
    Ok(db.prepare_cached(&sql)?.exists(params![
        one.actor.user(),
        one.actor.group(),
        place.scope(),
        place.id(),
        one.role_id,
        one.inherited
    ])?)
}

/// Every assignment.
pub(crate) fn list(db: &Connection) -> Result<Vec<Assignment>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM role_assignment ORDER BY coalesce(user_id, group_id), scope, target_id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every assignment of a user, and those of the groups that the user is in.
pub(crate) fn list_reaching(db: &Connection, user: &UserId) -> Result<Vec<Assignment>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM role_assignment
         WHERE user_id = ?1
             OR group_id IN (SELECT group_id FROM user_group_member WHERE user_id = ?1)
         ORDER BY scope, target_id, rowid"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([user], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every assignment of a user or group, as it was made.
pub(crate) fn list_of(db: &Connection, actor: &Actor) -> Result<Vec<Assignment>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM role_assignment WHERE user_id IS ?1 AND group_id IS ?2
         ORDER BY scope, target_id, rowid"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![actor.user(), actor.group()], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds an assignment; one that is there already stays.
pub(crate) fn insert(db: &Connection, one: &Assignment) -> Result<()> {
    let sql = format!(
        "INSERT OR IGNORE INTO role_assignment ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    );
    db.prepare_cached(&sql)?.execute(params![
        one.actor.user(),
        one.actor.group(),
        one.place.scope(),
        one.place.id(),
        one.role_id,
        one.inherited
    ])?;
    Ok(())
}

/// Removes an assignment. False when there was none.
pub(crate) fn delete(db: &Connection, one: &Assignment) -> Result<bool> {
    let sql = format!("DELETE FROM role_assignment WHERE {SAME}");
    let removed = db.prepare_cached(&sql)?.execute(params![
        one.actor.user(),
        one.actor.group(),
        one.place.scope(),
        one.place.id(),
        one.role_id,
        one.inherited
    ])?;
    Ok(removed > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Assignment> {
    let target: Option<String> = row.get("target_id")?;
    let target = target.unwrap_or_default();
    let scope: Scope = row.get("scope")?;
    Ok(Assignment {
        actor: match row.get::<_, Option<UserId>>("user_id")? {
            Some(user) => Actor::User(user),
            None => Actor::Group(row.get("group_id")?),
        },
        place: match scope {
            Scope::Project => Place::Project(ProjectId::from(target)),
            Scope::Domain => Place::Domain(DomainId::from(target)),
            Scope::System => Place::System,
        },
        role_id: row.get("role_id")?,
        inherited: row.get("inherited")?,
    })
}
