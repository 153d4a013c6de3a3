//! `/projects|domains|system/…/users/{user_id}/roles/{role_id}`, the same of groups, and both below
//! `/OS-INHERIT`: calls become logic, rows become answers.

use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{DomainId, GroupId, ProjectId, RoleId, UserId};
use kit::policy::Target;
use rusqlite::Connection;

use super::model::{Actor, Assignment, Place};
use super::{logic, store};
use crate::roles::model::Role;
use crate::view::collection;
use crate::{changes, groups, projects, roles, users};

/// What a path names, looked up.
pub(crate) struct Grant {
    /// Whether there is such a user or group.
    known: bool,
    role: Option<Role>,
    pub(crate) place: Place,
    /// What a rule may ask.
    pub(crate) target: Target,
}

/// `GET …/roles`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let grant = find(&call, false).await?;
    call.authorize_on(&grant.target)?;
    let (actor, inherited) = (actor(&call), is_inherited(&call));
    let place = grant.place;
    let found = call
        .platform
        .store
        .read(move |db| {
            let all = store::list_of(db, &actor)?;
            let here = all.iter().filter(|one| one.place == place && one.inherited == inherited);
            here.map(|one| roles::logic::get(db, &one.role_id)).collect::<Result<Vec<_>>>()
        })
        .await?;
    let rows = found.iter().map(|role| roles::view::role(&call, role)).collect();
    collection(&call, "roles", rows, &[])
}

/// `GET …/roles/{role_id}`.
pub(crate) async fn check(call: Call) -> Result<Reply> {
    let grant = find(&call, false).await?;
    call.authorize_on(&grant.target)?;
    let one = assignment(&call, grant.place);
    call.platform.store.read(move |db| logic::check(db, &one)).await?;
    Ok(Reply::empty())
}

/// `PUT …/roles/{role_id}`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let grant = find(&call, false).await?;
    call.authorize_on(&grant.target)?;
    let one = assignment(&call, grant.place);
    changes::commit(&call.platform, "grants:create", move |tx| logic::create(tx, &one)).await?;
    Ok(Reply::empty())
}

/// `DELETE …/roles/{role_id}`. Works for a user or group that is gone, so that rows can be cleaned up.
pub(crate) async fn revoke(call: Call) -> Result<Reply> {
    let grant = find(&call, true).await?;
    call.authorize_on(&grant.target)?;
    let one = assignment(&call, grant.place);
    changes::commit(&call.platform, "grants:revoke", move |tx| logic::revoke(tx, &one)).await?;
    Ok(Reply::empty())
}

/// Keystone looks for everything the path names before it asks policy.
async fn find(call: &Call, may_be_gone: bool) -> Result<Grant> {
    call.caller()?;
    let (who, role, place) = (actor(call), role_id(call), place(call));
    let grant = call.platform.store.read(move |db| lookup(db, &who, role.as_ref(), place)).await?;
    if !grant.known && !may_be_gone {
        return Err(match actor(call) {
            Actor::User(id) => users::logic::not_found(&id),
            Actor::Group(id) => groups::logic::not_found(&id),
        });
    }
    match role_id(call) {
        Some(id) if grant.role.is_none() => Err(roles::logic::not_found(&id)),
        _ => Ok(grant),
    }
}

/// Looks up what a path, or a caller inside, names.
pub(crate) fn lookup(
    db: &Connection,
    actor: &Actor,
    role: Option<&RoleId>,
    place: Place,
) -> Result<Grant> {
    let role = match role {
        Some(id) => roles::store::get(db, id)?,
        None => None,
    };
    let target = match &place {
        Place::System => Target::none(),
        Place::Project(id) => projects::store::get_for_system(db, id)?
            .ok_or_else(|| projects::logic::not_found(id))?
            .target(),
        Place::Domain(id) => {
            let absent = || crate::sentences::not_found("domain", id);
            let domain = projects::store::get_domain_for_system(db, id)?.ok_or_else(absent)?;
            Target::none().with("target.domain.id", &domain.id)
        }
    };
    let (name, domain) = match actor {
        Actor::User(id) => {
            let user = users::store::get_for_system(db, id)?;
            ("target.user.domain_id", user.map(|user| user.domain_id))
        }
        Actor::Group(id) => {
            let group = groups::store::get_for_system(db, id)?;
            ("target.group.domain_id", group.map(|group| group.domain_id))
        }
    };
    let known = domain.is_some();
    let target = match domain {
        Some(domain) => target.with(name, domain),
        None => target,
    };
    Ok(Grant { known, target: with_role(target, role.as_ref()), role, place })
}

fn with_role(target: Target, role: Option<&Role>) -> Target {
    let Some(role) = role else {
        return target;
    };
    let domain = role.domain_id.as_ref().map_or("None", DomainId::as_str);
    target.with("target.role.name", &role.name).with("target.role.domain_id", domain)
}

fn role_id(call: &Call) -> Option<RoleId> {
    Some(call.param("role_id")).filter(|id| !id.is_empty()).map(RoleId::from)
}

fn actor(call: &Call) -> Actor {
    match call.param("group_id") {
        "" => Actor::User(UserId::from(call.param("user_id"))),
        group => Actor::Group(GroupId::from(group)),
    }
}

fn place(call: &Call) -> Place {
    match (call.param("project_id"), call.param("domain_id")) {
        ("", "") => Place::System,
        ("", domain) => Place::Domain(DomainId::from(domain)),
        (project, _) => Place::Project(ProjectId::from(project)),
    }
}

fn is_inherited(call: &Call) -> bool {
    call.operation.path.ends_with("/inherited_to_projects")
}

fn assignment(call: &Call, place: Place) -> Assignment {
    Assignment {
        actor: actor(call),
        place,
        role_id: RoleId::from(call.param("role_id")),
        inherited: is_inherited(call),
    }
}
