//! The SQL of sharing.

use kit::Result;
use kit::ids::{ProjectId, RbacPolicyId};
use rusqlite::Connection;

use super::model::{EVERYBODY, ObjectType};

/// Shares a thing with everybody, in the name of a project; already so is success.
pub(crate) fn share(
    connection: &Connection,
    project: &ProjectId,
    kind: ObjectType,
    object: &str,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO rbac_policy (id, project, object_type, object, action, target)
             VALUES (?1, ?2, ?3, ?4, 'access_as_shared', ?5) ON CONFLICT DO NOTHING",
        )?
        .execute((RbacPolicyId::random(), project, kind, object, EVERYBODY))?;
    Ok(())
}

/// Forgets all that was said about a thing that goes.
pub(crate) fn forget(connection: &Connection, object: &str) -> Result<()> {
    connection.prepare_cached("DELETE FROM rbac_policy WHERE object = ?1")?.execute([object])?;
    Ok(())
}
