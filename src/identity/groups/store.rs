//! The SQL of groups and of their members.

use kit::error::Result;
use kit::ids::{DomainId, GroupId, UserId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::model::Group;

const COLUMNS: &str = "id, name, domain_id, description, extra";

/// The group of this id, as the operation's rule will open it.
pub(crate) fn get(db: &Connection, id: &GroupId) -> Result<Option<Guarded<Group>>> {
    let found = get_for_system(db, id)?;
    Ok(found.map(|group| {
        let target = group.target();
        Guarded::new(group, target)
    }))
}

/// The group of this id, for other resources.
pub(crate) fn get_for_system(db: &Connection, id: &GroupId) -> Result<Option<Group>> {
    let sql = format!("SELECT {COLUMNS} FROM user_group WHERE id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
}

/// The group of this name in a domain.
pub(crate) fn get_by_name(db: &Connection, name: &str, domain: &DomainId) -> Result<Option<Group>> {
    let sql = format!("SELECT {COLUMNS} FROM user_group WHERE name = ?1 AND domain_id = ?2");
    Ok(db.prepare_cached(&sql)?.query_row([name, domain.as_str()], read).optional()?)
}

/// Every group.
pub(crate) fn list(db: &Connection) -> Result<Vec<Group>> {
    let sql = format!("SELECT {COLUMNS} FROM user_group ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The groups that a user is in.
pub(crate) fn list_of_user(db: &Connection, user: &UserId) -> Result<Vec<Group>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM user_group
         WHERE id IN (SELECT group_id FROM user_group_member WHERE user_id = ?1) ORDER BY id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([user], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a group.
pub(crate) fn insert(db: &Connection, group: &Group) -> Result<()> {
    let sql = format!("INSERT INTO user_group ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5)");
    db.prepare_cached(&sql)?.execute(params![
        group.id,
        group.name,
        group.domain_id,
        group.description,
        Json(&group.extra),
    ])?;
    Ok(())
}

/// Writes what may change of a group.
pub(crate) fn update(db: &Connection, group: &Group) -> Result<()> {
    db.prepare_cached(
        "UPDATE user_group SET name = ?2, description = ?3, extra = ?4 WHERE id = ?1",
    )?
    .execute(params![group.id, group.name, group.description, Json(&group.extra)])?;
    Ok(())
}

/// Removes a group with its members and its assignments.
pub(crate) fn delete(db: &Connection, id: &GroupId) -> Result<()> {
    db.prepare_cached("DELETE FROM user_group WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Who is in which group, all of it.
pub(crate) fn list_members(db: &Connection) -> Result<Vec<(GroupId, UserId)>> {
    let sql = "SELECT group_id, user_id FROM user_group_member ORDER BY group_id, user_id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a user is in a group.
pub(crate) fn is_member(db: &Connection, group: &GroupId, user: &UserId) -> Result<bool> {
    let sql = "SELECT 1 FROM user_group_member WHERE group_id = ?1 AND user_id = ?2";
    Ok(db.prepare_cached(sql)?.exists(params![group, user])?)
}

/// Puts a user into a group; one who is there stays.
pub(crate) fn insert_member(db: &Connection, group: &GroupId, user: &UserId) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO user_group_member (group_id, user_id) VALUES (?1, ?2)";
    db.prepare_cached(sql)?.execute(params![group, user])?;
    Ok(())
}

/// Takes a user out of a group. False when he was not in it.
pub(crate) fn delete_member(db: &Connection, group: &GroupId, user: &UserId) -> Result<bool> {
    let sql = "DELETE FROM user_group_member WHERE group_id = ?1 AND user_id = ?2";
    Ok(db.prepare_cached(sql)?.execute(params![group, user])? > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Group> {
    Ok(Group {
        id: row.get("id")?,
        name: row.get("name")?,
        domain_id: row.get("domain_id")?,
        description: row.get("description")?,
        extra: json_column(row, "extra")?,
    })
}
