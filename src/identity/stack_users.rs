//! Users of stacks: who guests are when they signal a resource of theirs (Heat:
//! `stack_user_domain_name`). They live in a domain of their own, in a project per stack that is
//! named by the stack's id, and have a role that no rule takes for a reader. Only
//! [`crate::facade`] names it; domain and role come with the first of them.

use kit::clock::Time;
use kit::config::Settings;
use kit::error::Result;
use kit::ids::{DomainId, ProjectId, RoleId, UserId};
use kit::policy::{Caller, Scope};
use kit::secret::Secret;
use rusqlite::Connection;

use crate::assignments::model::{Actor, Assignment, Place};
use crate::projects::model::Project;
use crate::record::Attributes;
use crate::roles::model::Role;
use crate::users::model::User;
use crate::{assignments, passwords, projects, roles, users};

/// Id and name of the domain.
const DOMAIN: &str = "heat";
/// The role (Heat: `heat_stack_user_role`).
const ROLE: &str = "heat_stack_user";

/// A user, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackUser {
    /// The user.
    pub user: UserId,
    /// The project of the stack's users.
    pub project: ProjectId,
    /// Their domain.
    pub domain: DomainId,
}

/// Makes a user of a stack. The password is as random as a key.
pub fn create_stack_user(
    db: &Connection,
    stack: &str,
    name: &str,
    password: &Secret,
) -> Result<StackUser> {
    let project = project(db, stack)?;
    let user = User {
        id: UserId::random(),
        name: name.to_owned(),
        domain_id: DomainId::from(DOMAIN),
        enabled: true,
        default_project_id: Some(project.clone()),
        options: Attributes::new(),
        extra: Attributes::new(),
    };
    users::logic::create(db, &user, Some(&passwords::hash_of_key(password)?))?;
    let place = Place::Project(project.clone());
    let role_id = role(db)?;
    let one = Assignment { actor: Actor::User(user.id.clone()), place, role_id, inherited: false };
    assignments::store::insert(db, &one)?;
    Ok(StackUser { user: user.id, project, domain: user.domain_id })
}

/// Removes a user of a stack, and with the last one their project; gone already is success.
pub fn delete_stack_user(
    db: &Connection,
    settings: &Settings,
    id: &UserId,
    now: Time,
) -> Result<()> {
    let found = users::store::get_for_system(db, id)?;
    let Some(user) = found.filter(|user| user.domain_id.as_str() == DOMAIN) else {
        return Ok(());
    };
    users::logic::delete(db, id, settings, now)?;
    let Some(project) = user.default_project_id else { return Ok(()) };
    let others = users::store::list(db)?;
    if others.iter().any(|other| other.default_project_id.as_ref() == Some(&project)) {
        return Ok(());
    }
    projects::store::delete(db, &project)
}

/// Lets a user of a stack log in, or no longer: his tokens end then. Gone already is success.
pub fn enable_stack_user(
    db: &Connection,
    settings: &Settings,
    id: &UserId,
    enabled: bool,
    now: Time,
) -> Result<()> {
    let found = users::store::get_for_system(db, id)?;
    if found.is_none_or(|user| user.domain_id.as_str() != DOMAIN) {
        return Ok(());
    }
    let given = Attributes::from_iter([("enabled".to_owned(), enabled.into())]);
    users::logic::update(db, id, given, settings, now).map(drop)
}

/// The id of the stack whose user this is.
pub fn stack_of(caller: &Caller) -> Option<&str> {
    match &caller.scope {
        Scope::Project(_, domain) if domain.as_str() == DOMAIN => Some(&caller.project_name),
        Scope::Project(..) | Scope::Domain(_) | Scope::System | Scope::Unscoped => None,
    }
}

fn project(db: &Connection, stack: &str) -> Result<ProjectId> {
    let domain = DomainId::from(DOMAIN);
    let blank = Project::domain(DOMAIN, DOMAIN, "Users of stacks");
    if projects::store::get_domain_for_system(db, &domain)?.is_none() {
        projects::store::insert(db, &blank)?;
    }
    if let Some(there) = projects::store::get_by_name(db, stack, Some(&domain))? {
        return Ok(there.id);
    }
    let project = Project {
        id: ProjectId::random(),
        name: stack.to_owned(),
        domain_id: Some(domain),
        parent_id: Some(ProjectId::from(DOMAIN)),
        is_domain: false,
        ..blank
    };
    projects::store::insert(db, &project)?;
    Ok(project.id)
}

fn role(db: &Connection) -> Result<RoleId> {
    if let Some(role) = roles::store::get_by_name(db, ROLE, None)? {
        return Ok(role.id);
    }
    let role = Role {
        id: RoleId::random(),
        name: ROLE.to_owned(),
        domain_id: None,
        description: None,
        options: Attributes::new(),
        extra: Attributes::new(),
    };
    roles::store::insert(db, &role)?;
    Ok(role.id)
}
