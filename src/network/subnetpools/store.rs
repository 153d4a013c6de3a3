//! The SQL of subnet pools.

use ipnet::IpNet;
use kit::Result;
use kit::clock::Time;
use kit::ids::{AddressScopeId, ProjectId, SubnetPoolId};
use kit::policy::Guarded;
use kit::store::{Json, json_column};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::model::{Bounds, SubnetPool};
use crate::rbac_policies::model::Shares;
use crate::standard::{Standard, parsed};

const SELECT: &str = "SELECT p.*, (SELECT json_group_array(target) FROM rbac_policy
        WHERE object = p.id AND action = 'access_as_shared') AS shares
    FROM subnetpool p";

/// The pool, for whoever the rules allow.
pub(crate) fn get(
    connection: &Connection,
    id: &SubnetPoolId,
) -> Result<Option<Guarded<SubnetPool>>> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE p.id = ?1"))?
        .query_row([id], read)
        .optional()?
        .map(SubnetPool::guarded))
}

/// Pools of a project and those shared with it, all of them without a project.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<SubnetPool>>> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE ?1 IS NULL OR p.project = ?1 OR p.id IN
            (SELECT object FROM rbac_policy WHERE target IN ('*', ?1)) ORDER BY p.created_at, p.id"
    ))?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(row?.guarded())).collect()
}

/// The pools of a scope.
pub(crate) fn of_scope(connection: &Connection, scope: &AddressScopeId) -> Result<Vec<SubnetPool>> {
    let mut statement =
        connection.prepare_cached(&format!("{SELECT} WHERE p.address_scope = ?1"))?;
    let rows = statement.query_map([scope], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The pool of an IP version that subnets are cut from which name none.
pub(crate) fn default_of(connection: &Connection, version: i64) -> Result<Option<SubnetPoolId>> {
    Ok(connection
        .prepare_cached("SELECT id FROM subnetpool WHERE is_default AND ip_version = ?1")?
        .query_row([version], |row| row.get(0))
        .optional()?)
}

/// The ranges of a pool's subnets, of one project or of all.
pub(crate) fn ranges(
    connection: &Connection,
    id: &SubnetPoolId,
    project: Option<&ProjectId>,
) -> Result<Vec<IpNet>> {
    let mut statement = connection.prepare_cached(
        "SELECT cidr FROM subnet WHERE subnetpool = ?1 AND (?2 IS NULL OR project = ?2)",
    )?;
    let rows = statement.query_map((id, project), |row| parsed(row, "cidr"))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM subnetpool WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// Puts a new one in.
pub(crate) fn insert(connection: &Connection, pool: &SubnetPool) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO subnetpool (id, project, name, description, ip_version, prefixes,
                min_prefixlen, max_prefixlen, default_prefixlen, default_quota, address_scope,
                is_default, tags, revision, created_at, updated_at)
             VALUES (:id, :project, :name, :description, :ip_version, :prefixes,
                :min_prefixlen, :max_prefixlen, :default_prefixlen, :default_quota,
                :address_scope, :is_default, :tags, :revision, :created_at, :updated_at)",
        )?
        .execute(named_params! {
            ":id": pool.id, ":project": pool.project, ":name": pool.name,
            ":description": pool.description, ":ip_version": pool.ip_version(),
            ":prefixes": Json(&pool.prefixes), ":min_prefixlen": pool.bounds.min,
            ":max_prefixlen": pool.bounds.max, ":default_prefixlen": pool.bounds.default,
            ":default_quota": pool.default_quota, ":address_scope": pool.address_scope,
            ":is_default": pool.is_default, ":tags": Json(&pool.standard.tags),
            ":revision": pool.standard.revision, ":created_at": pool.standard.created_at,
            ":updated_at": pool.standard.updated_at,
        })?;
    Ok(())
}

/// Writes what may change, and counts the change.
pub(crate) fn update(connection: &Connection, pool: &SubnetPool, now: Time) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE subnetpool SET name = :name, description = :description,
                prefixes = :prefixes, min_prefixlen = :min_prefixlen,
                max_prefixlen = :max_prefixlen, default_prefixlen = :default_prefixlen,
                default_quota = :default_quota, address_scope = :address_scope,
                is_default = :is_default, revision = revision + 1, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": pool.id, ":name": pool.name, ":description": pool.description,
            ":prefixes": Json(&pool.prefixes), ":min_prefixlen": pool.bounds.min,
            ":max_prefixlen": pool.bounds.max, ":default_prefixlen": pool.bounds.default,
            ":default_quota": pool.default_quota, ":address_scope": pool.address_scope,
            ":is_default": pool.is_default, ":now": now,
        })?;
    Ok(())
}

/// Takes it away.
pub(crate) fn delete(connection: &Connection, id: &SubnetPoolId) -> Result<()> {
    connection.prepare_cached("DELETE FROM subnetpool WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<SubnetPool> {
    Ok(SubnetPool {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        description: row.get("description")?,
        prefixes: json_column(row, "prefixes")?,
        bounds: Bounds {
            min: row.get("min_prefixlen")?,
            max: row.get("max_prefixlen")?,
            default: row.get("default_prefixlen")?,
        },
        default_quota: row.get("default_quota")?,
        address_scope: row.get("address_scope")?,
        is_default: row.get("is_default")?,
        shares: Shares::from_row(row, "shares")?,
        standard: Standard::from_row(row)?,
    })
}
