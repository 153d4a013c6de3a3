//! The SQL of server groups.

use kit::error::Result;
use kit::ids::{ProjectId, ServerGroupId, ServerId, UserId};
use kit::policy::{Guarded, Target};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{Query, ServerGroup};

const COLUMNS: &str = "id, project_id, user_id, name, policy, max_server_per_host";

/// The group of this id, as the operation's rule will open it. To others than `visible_to`
/// (`None`: everybody) it is not there.
pub(crate) fn get(
    connection: &Connection,
    id: &ServerGroupId,
    visible_to: Option<&ProjectId>,
) -> Result<Option<Guarded<ServerGroup>>> {
    let visible = |group: &ServerGroup| visible_to.is_none_or(|project| *project == group.project);
    let group = get_for_system(connection, id)?.filter(visible);
    Ok(group.map(|group| {
        let target = Target::project(&group.project);
        Guarded::new(group, target)
    }))
}

/// The same for steps and for other resources.
pub(crate) fn get_for_system(
    connection: &Connection,
    id: &ServerGroupId,
) -> Result<Option<ServerGroup>> {
    let sql = format!("SELECT {COLUMNS} FROM server_group WHERE id = ?1");
    let group = connection.prepare_cached(&sql)?.query_row([id], read).optional()?;
    group.map(|group| with_members(connection, group)).transpose()
}

/// One page, oldest first.
pub(crate) fn list(connection: &Connection, query: &Query) -> Result<Vec<ServerGroup>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM server_group WHERE (:project IS NULL OR project_id = :project)
         ORDER BY row LIMIT :limit OFFSET :offset"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(
        named_params! {
            ":project": query.project, ":limit": query.limit, ":offset": query.offset,
        },
        read,
    )?;
    rows.map(|group| with_members(connection, group?)).collect()
}

/// How many groups a project, or one user of it, has.
pub(crate) fn count(connection: &Connection, project: &ProjectId, user: &UserId) -> Result<i64> {
    let sql = "SELECT count(*) FROM server_group
               WHERE project_id = ?1 AND (?2 = '' OR user_id = ?2)";
    Ok(connection.prepare_cached(sql)?.query_row((project, user), |row| row.get(0))?)
}

/// Adds a group without members.
pub(crate) fn insert(connection: &Connection, group: &ServerGroup) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO server_group (id, project_id, user_id, name, policy, max_server_per_host)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            &group.id,
            &group.project,
            &group.user,
            &group.name,
            group.policy,
            group.max_server_per_host,
        ))?;
    Ok(())
}

/// Puts a server into a group.
pub(crate) fn insert_member(
    connection: &Connection,
    id: &ServerGroupId,
    server: &ServerId,
) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO server_group_member (group_id, server_id) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute((id, server))?;
    Ok(())
}

/// The group of a server; it is in one at most.
pub(crate) fn group_of(
    connection: &Connection,
    server: &ServerId,
) -> Result<Option<ServerGroupId>> {
    let sql = "SELECT group_id FROM server_group_member WHERE server_id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([server], |row| row.get(0)).optional()?)
}

/// The hosts of a group's living members, one entry per server.
pub(crate) fn hosts(connection: &Connection, id: &ServerGroupId) -> Result<Vec<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT server.host FROM server_group_member JOIN server ON server.id = server_id
         WHERE group_id = ?1 AND server.deleted_at IS NULL AND server.host IS NOT NULL",
    )?;
    let rows = statement.query_map([id], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Removes a group; its servers stay. False when there was none.
pub(crate) fn delete(connection: &Connection, id: &ServerGroupId) -> Result<bool> {
    Ok(connection.prepare_cached("DELETE FROM server_group WHERE id = ?1")?.execute([id])? > 0)
}

fn with_members(connection: &Connection, group: ServerGroup) -> Result<ServerGroup> {
    let mut statement = connection.prepare_cached(
        "SELECT server.id FROM server_group_member JOIN server ON server.id = server_id
         WHERE group_id = ?1 AND server.deleted_at IS NULL ORDER BY server.number",
    )?;
    let members = statement.query_map([&group.id], |row| row.get(0))?;
    let members = members.collect::<rusqlite::Result<_>>()?;
    Ok(ServerGroup { members, ..group })
}

fn read(row: &Row<'_>) -> rusqlite::Result<ServerGroup> {
    Ok(ServerGroup {
        id: row.get("id")?,
        project: row.get("project_id")?,
        user: row.get("user_id")?,
        name: row.get("name")?,
        policy: row.get("policy")?,
        max_server_per_host: row.get("max_server_per_host")?,
        members: Vec::new(),
    })
}
