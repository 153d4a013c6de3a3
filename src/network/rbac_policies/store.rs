//! The SQL of sharing.

use kit::Result;
use kit::ids::{ProjectId, RbacPolicyId};
use kit::policy::Guarded;
use rusqlite::{Connection, OptionalExtension, Row};

use super::model::{Action, EVERYBODY, ObjectType, RbacPolicy};

/// The policy, for whoever the rules allow.
pub(crate) fn get(
    connection: &Connection,
    id: &RbacPolicyId,
) -> Result<Option<Guarded<RbacPolicy>>> {
    Ok(connection
        .prepare_cached("SELECT * FROM rbac_policy WHERE id = ?1")?
        .query_row([id], read)
        .optional()?
        .map(RbacPolicy::guarded))
}

/// Policies of a project, all of them without one.
pub(crate) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
) -> Result<Vec<Guarded<RbacPolicy>>> {
    let mut statement = connection.prepare_cached(
        "SELECT * FROM rbac_policy WHERE ?1 IS NULL OR project = ?1 ORDER BY rowid",
    )?;
    let rows = statement.query_map([project], read)?;
    rows.map(|row| Ok(row?.guarded())).collect()
}

/// Whom a thing is shared with for something.
pub(crate) fn targets(
    connection: &Connection,
    object: &str,
    action: Action,
) -> Result<Vec<String>> {
    let mut statement = connection
        .prepare_cached("SELECT target FROM rbac_policy WHERE object = ?1 AND action = ?2")?;
    let rows = statement.query_map((object, action), |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The projects that have made something of a thing.
pub(crate) fn users(
    connection: &Connection,
    kind: ObjectType,
    object: &str,
) -> Result<Vec<ProjectId>> {
    let sql = match kind {
        ObjectType::Network => {
            "SELECT project FROM port WHERE network = ?1 AND project <> ''
             UNION SELECT project FROM subnet WHERE network = ?1"
        }
        ObjectType::AddressScope => {
            "SELECT DISTINCT project FROM subnetpool WHERE address_scope = ?1"
        }
        ObjectType::SubnetPool => "SELECT DISTINCT project FROM subnet WHERE subnetpool = ?1",
        ObjectType::SecurityGroup => {
            "SELECT DISTINCT p.project FROM port_security_group g JOIN port p ON p.id = g.port
             WHERE g.security_group = ?1"
        }
        ObjectType::AddressGroup => {
            "SELECT DISTINCT project FROM security_group_rule WHERE remote_address_group = ?1"
        }
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([object], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The projects whose routers go outside by a network.
pub(crate) fn ways_out(connection: &Connection, network: &str) -> Result<Vec<ProjectId>> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT r.project FROM router r JOIN port p ON p.id = r.gateway_port
         WHERE p.network = ?1",
    )?;
    let rows = statement.query_map([network], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many a project has.
pub(crate) fn count(connection: &Connection, project: &ProjectId) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM rbac_policy WHERE project = ?1")?
        .query_row([project], |row| row.get(0))?)
}

/// Puts a new one in; whether it was not there.
pub(crate) fn insert(connection: &Connection, policy: &RbacPolicy) -> Result<bool> {
    let inserted = connection
        .prepare_cached(
            "INSERT INTO rbac_policy (id, project, object_type, object, action, target)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (object, action, target) DO NOTHING",
        )?
        .execute((
            &policy.id,
            &policy.project,
            policy.object_type,
            &policy.object,
            policy.action,
            &policy.target,
        ))?;
    Ok(inserted > 0)
}

/// Shares a thing with everybody, in the name of a project; already so is success.
pub(crate) fn share(
    connection: &Connection,
    project: &ProjectId,
    what: (ObjectType, &str),
    action: Action,
) -> Result<()> {
    let policy = RbacPolicy {
        id: RbacPolicyId::random(),
        project: project.clone(),
        object_type: what.0,
        object: what.1.to_owned(),
        action,
        target: EVERYBODY.to_owned(),
    };
    insert(connection, &policy).map(drop)
}

/// Shares a thing with another one instead; whether that was not so already.
pub(crate) fn retarget(connection: &Connection, id: &RbacPolicyId, target: &str) -> Result<bool> {
    let changed = connection
        .prepare_cached("UPDATE OR IGNORE rbac_policy SET target = ?2 WHERE id = ?1")?
        .execute((id, target))?;
    Ok(changed > 0)
}

/// Takes it away.
pub(crate) fn delete(connection: &Connection, id: &RbacPolicyId) -> Result<()> {
    connection.prepare_cached("DELETE FROM rbac_policy WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Shares a thing with everybody no more.
pub(crate) fn unshare(connection: &Connection, object: &str, action: Action) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM rbac_policy WHERE object = ?1 AND action = ?2
                AND (target = '*' OR action = 'access_as_external')",
        )?
        .execute((object, action))?;
    Ok(())
}

/// Forgets all that was said about a thing that goes.
pub(crate) fn forget(connection: &Connection, object: &str) -> Result<()> {
    connection.prepare_cached("DELETE FROM rbac_policy WHERE object = ?1")?.execute([object])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<RbacPolicy> {
    Ok(RbacPolicy {
        id: row.get("id")?,
        project: row.get("project")?,
        object_type: row.get("object_type")?,
        object: row.get("object")?,
        action: row.get("action")?,
        target: row.get("target")?,
    })
}
