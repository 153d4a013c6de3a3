//! The SQL of security group rules.

use kit::Result;
use kit::ids::{ProjectId, SecurityGroupId, SecurityGroupRuleId};
use kit::policy::Guarded;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{SecurityGroupRule, Traffic};

const SELECT: &str = "SELECT r.*, g.is_default AS of_default_group
    FROM security_group_rule r JOIN security_group g ON g.id = r.security_group";

/// The rule, for whoever policy allows.
pub(crate) fn get(
    connection: &Connection,
    id: &SecurityGroupRuleId,
) -> Result<Option<Guarded<SecurityGroupRule>>> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE r.id = ?1"))?
        .query_row([id], read)
        .optional()?
        .map(SecurityGroupRule::guarded))
}

/// The rules of a group, the oldest first.
pub(crate) fn of_group(
    connection: &Connection,
    group: &SecurityGroupId,
) -> Result<Vec<SecurityGroupRule>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE r.security_group = ?1 ORDER BY r.created_at, r.rowid"
    ))?;
    let rows = statement.query_map([group], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The rules of a project's groups, all of them without a project; the oldest first.
pub(crate) fn rows(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<SecurityGroupRule>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR g.project = ?1 ORDER BY r.created_at, r.rowid"
    ))?;
    let rows = statement.query_map([project], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM security_group_rule WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, rule: &SecurityGroupRule) -> Result<()> {
    let traffic = &rule.traffic;
    connection
        .prepare_cached(
            "INSERT INTO security_group_rule (id, project, security_group, direction, ethertype,
                protocol, port_range_min, port_range_max, remote_ip_prefix, remote_group,
                remote_address_group, description, revision, created_at, updated_at)
             VALUES (:id, :project, :security_group, :direction, :ethertype, :protocol,
                :port_range_min, :port_range_max, :remote_ip_prefix, :remote_group,
                :remote_address_group, :description, :revision, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":id": rule.id, ":project": rule.project, ":security_group": rule.security_group,
            ":direction": traffic.direction, ":ethertype": traffic.ethertype,
            ":protocol": traffic.protocol, ":port_range_min": traffic.port_range_min,
            ":port_range_max": traffic.port_range_max,
            ":remote_ip_prefix": traffic.remote_ip_prefix,
            ":remote_group": traffic.remote_group,
            ":remote_address_group": traffic.remote_address_group, ":description": rule.description,
            ":revision": rule.revision, ":created_at": rule.created_at,
            ":updated_at": rule.updated_at,
        })?;
    Ok(())
}

/// Takes it away.
pub(crate) fn delete(connection: &Connection, id: &SecurityGroupRuleId) -> Result<()> {
    connection.prepare_cached("DELETE FROM security_group_rule WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<SecurityGroupRule> {
    Ok(SecurityGroupRule {
        id: row.get("id")?,
        project: row.get("project")?,
        security_group: row.get("security_group")?,
        of_default_group: row.get("of_default_group")?,
        traffic: Traffic {
            direction: row.get("direction")?,
            ethertype: row.get("ethertype")?,
            protocol: row.get("protocol")?,
            port_range_min: row.get("port_range_min")?,
            port_range_max: row.get("port_range_max")?,
            remote_ip_prefix: row.get("remote_ip_prefix")?,
            remote_group: row.get("remote_group")?,
            remote_address_group: row.get("remote_address_group")?,
        },
        description: row.get("description")?,
        revision: row.get("revision")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
