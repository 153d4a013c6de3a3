//! The rules of sharing (`neutron/db/rbac_db_mixin.py`, `neutron/objects/rbac_db.py`).

use kit::Result;
use kit::ids::{ProjectId, RbacPolicyId};
use rusqlite::Connection;

use super::model::{Action, EVERYBODY, NewPolicy, ObjectType, RbacPolicy};
use super::{errors, store};
use crate::address_groups::model::AddressGroup;
use crate::address_scopes::model::AddressScope;
use crate::networks::model::Network;
use crate::resource::Actor;
use crate::security_groups::model::SecurityGroup;
use crate::subnetpools::model::SubnetPool;
use crate::{errors as general, networks};

/// Makes a policy on a thing that the caller owns. Quotas are the caller's business.
pub(crate) fn create(
    actor: &Actor,
    connection: &Connection,
    project: &ProjectId,
    new: NewPolicy,
) -> Result<RbacPolicy> {
    let unknown =
        |kind: &str| general::invalid_input(format!("'{kind}' is not a valid RBAC object type"));
    let kind = ObjectType::parse(&new.object_type).ok_or_else(|| unknown(&new.object_type))?;
    check_owner(actor, &owner(actor, connection, kind, &new.object_id)?, kind)?;
    let action = Action::parse(&new.action).filter(|action| kind.actions().contains(action));
    let action = action.ok_or_else(|| errors::invalid_action(&new.action, kind))?;
    if kind == ObjectType::SubnetPool {
        check_scope(actor, connection, &new.object_id, &new.target_tenant)?;
    }
    let policy = RbacPolicy {
        id: RbacPolicyId::random(),
        project: project.clone(),
        object_type: kind,
        object: new.object_id,
        action,
        target: new.target_tenant,
    };
    if !store::insert(connection, &policy)? {
        return Err(errors::duplicate());
    }
    settle(connection, &policy)?;
    Ok(policy)
}

/// Lets somebody else use the thing instead; whoever does use it keeps his policy.
pub(crate) fn update(
    actor: &Actor,
    connection: &Connection,
    policy: &RbacPolicy,
    target: &str,
) -> Result<()> {
    if policy.target == target {
        return Ok(());
    }
    let owner = owner(actor, connection, policy.object_type, &policy.object)?;
    check_owner(actor, &owner, policy.object_type)?;
    if target != EVERYBODY {
        check_unused(connection, policy, &owner)?;
    }
    if !store::retarget(connection, &policy.id, target)? {
        return Err(errors::duplicate());
    }
    settle(connection, policy)
}

/// Takes a policy away that nobody depends on.
pub(crate) fn delete(actor: &Actor, connection: &Connection, policy: &RbacPolicy) -> Result<()> {
    let owner = owner(actor, connection, policy.object_type, &policy.object)?;
    check_unused(connection, policy, &owner)?;
    store::delete(connection, &policy.id)?;
    settle(connection, policy)
}

/// A network says on its own row whether it is open to everybody, and leads outside.
fn settle(connection: &Connection, policy: &RbacPolicy) -> Result<()> {
    match policy.object_type {
        ObjectType::Network => networks::store::settle_sharing(connection, &policy.object),
        ObjectType::AddressScope
        | ObjectType::SubnetPool
        | ObjectType::SecurityGroup
        | ObjectType::AddressGroup => Ok(()),
    }
}

/// Who owns a thing that the caller sees.
fn owner(actor: &Actor, connection: &Connection, kind: ObjectType, id: &str) -> Result<ProjectId> {
    Ok(match kind {
        ObjectType::Network => actor.see::<Network>(connection, id)?.0.project,
        ObjectType::AddressScope => actor.see::<AddressScope>(connection, id)?.0.project,
        ObjectType::SubnetPool => actor.see::<SubnetPool>(connection, id)?.0.project,
        ObjectType::SecurityGroup => actor.see::<SecurityGroup>(connection, id)?.0.project,
        ObjectType::AddressGroup => actor.see::<AddressGroup>(connection, id)?.0.project,
    })
}

fn check_owner(actor: &Actor, owner: &ProjectId, kind: ObjectType) -> Result<()> {
    if actor.is_admin() || actor.caller.project() == Some(owner) {
        return Ok(());
    }
    let what = match kind {
        ObjectType::Network => "networks",
        ObjectType::AddressScope
        | ObjectType::SubnetPool
        | ObjectType::SecurityGroup
        | ObjectType::AddressGroup => "objects",
    };
    let sentence = format!("Only admins can manipulate policies on {what} they do not own");
    Err(general::invalid_input(sentence))
}

/// Whoever may use a pool may use its scope.
fn check_scope(actor: &Actor, connection: &Connection, pool: &str, target: &str) -> Result<()> {
    let pool: SubnetPool = actor.see(connection, pool)?.0;
    let Some(scope) = &pool.address_scope else {
        return Ok(());
    };
    let open = store::targets(connection, scope.as_str(), Action::Shared)?;
    if open.iter().any(|other| other == EVERYBODY || other == target) {
        return Ok(());
    }
    Err(general::invalid_input(format!(
        "Failed to create RBAC policy on object {} because target project doesn't have access to \
         associated address scope.",
        pool.id
    )))
}

/// Refuses to end what a project depends on that has no other policy.
fn check_unused(connection: &Connection, policy: &RbacPolicy, owner: &ProjectId) -> Result<()> {
    let (mut users, details) = match policy.action {
        Action::Shared => {
            let users = store::users(connection, policy.object_type, &policy.object)?;
            let others = users.into_iter().filter(|user| user != owner).collect::<Vec<_>>();
            (others, format!("project_id={}", policy.target))
        }
        // Neutron: the routers of the network's own project depend on a policy, too.
        Action::External => {
            let users = store::ways_out(connection, &policy.object)?;
            (users, errors::ROUTERS_DEPEND.to_owned())
        }
    };
    users.retain(|user| covers(&policy.target, user));
    let mut left = store::targets(connection, &policy.object, policy.action)?;
    left.retain(|target| *target != policy.target);
    let kept = |user: &ProjectId| left.iter().any(|target| covers(target, user));
    if users.iter().all(kept) { Ok(()) } else { Err(errors::in_use(&policy.object, &details)) }
}

/// Whether a policy for `target` is one for a project.
fn covers(target: &str, project: &ProjectId) -> bool {
    target == EVERYBODY || target == project.as_str()
}

/// Whether another project has made something of a thing that only everybody's policy lets it.
pub(crate) fn is_needed(
    connection: &Connection,
    (kind, object): (ObjectType, &str),
    owner: &ProjectId,
) -> Result<bool> {
    let named = store::targets(connection, object, Action::Shared)?;
    let users = store::users(connection, kind, object)?;
    Ok(users.iter().any(|user| user != owner && !named.iter().any(|name| name == user.as_str())))
}
