//! The SQL of members.

use kit::error::Result;
use kit::ids::{ImageId, ProjectId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::model::Member;

const SELECT: &str = "SELECT image, member, status, created_at, updated_at FROM image_member";

/// One member.
pub(crate) fn get(
    connection: &Connection,
    image: &ImageId,
    member: &ProjectId,
) -> Result<Option<Member>> {
    let sql = format!("{SELECT} WHERE image = ?1 AND member = ?2");
    Ok(connection.prepare_cached(&sql)?.query_row((image, member), read).optional()?)
}

/// Every member, the oldest first.
pub(crate) fn list(connection: &Connection, image: &ImageId) -> Result<Vec<Member>> {
    let sql = format!("{SELECT} WHERE image = ?1 ORDER BY created_at, member");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([image], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds a member.
pub(crate) fn insert(connection: &Connection, member: &Member) -> Result<()> {
    let sql = "INSERT INTO image_member (image, member, status, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute((
        &member.image,
        &member.project,
        member.status,
        member.created_at,
        member.updated_at,
    ))?;
    Ok(())
}

/// Writes the answer of a member.
pub(crate) fn update(connection: &Connection, member: &Member) -> Result<()> {
    let sql = "UPDATE image_member SET status = ?3, updated_at = ?4
               WHERE image = ?1 AND member = ?2";
    let values = (&member.image, &member.project, member.status, member.updated_at);
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Takes a member away.
pub(crate) fn delete(connection: &Connection, member: &Member) -> Result<()> {
    let sql = "DELETE FROM image_member WHERE image = ?1 AND member = ?2";
    connection.prepare_cached(sql)?.execute((&member.image, &member.project))?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        image: row.get("image")?,
        project: row.get("member")?,
        status: row.get("status")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
