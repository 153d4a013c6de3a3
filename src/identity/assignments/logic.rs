//! The rules of role assignments: check, decide, write.

use std::collections::{HashMap, HashSet};

use kit::error::{Error, Result};
use kit::ids::{DomainId, GroupId, ProjectId, RoleId, UserId};
use rusqlite::Connection;

use super::effective::{self, Implications, Shown};
use super::model::{Actor, Assignment, Place};
use super::store;
use crate::projects::model::Project;
use crate::{application_credentials, groups, projects, roles};

/// The roles that a user has in `place`, inherited and implied ones included.
pub(crate) fn effective_roles(
    db: &Connection,
    user: &UserId,
    place: &Place,
) -> Result<Vec<RoleId>> {
    let assignments = store::list_reaching(db, user)?;
    let above = above(db, place)?;
    Ok(effective::roles(&assignments, place, &above, &implications(db)?))
}

/// What assignments amount to. A role of one domain is left out: it only stands for the global
/// ones that it implies.
pub(crate) fn expand(db: &Connection, assignments: Vec<Assignment>) -> Result<Vec<Shown>> {
    let mut all =
        effective::expand_all(assignments, members(db)?, places_below(db)?, &implications(db)?);
    let global = roles::store::list(db)?.into_iter().filter(|role| role.domain_id.is_none());
    let global: HashSet<RoleId> = global.map(|role| role.id).collect();
    all.retain(|shown| global.contains(&shown.assignment.role_id));
    Ok(all)
}

/// The places from which `place` inherits.
pub(crate) fn above(db: &Connection, place: &Place) -> Result<Vec<Place>> {
    match place {
        Place::Project(id) => {
            Ok(projects::logic::ancestors(db, id)?.iter().map(place_of).collect())
        }
        Place::Domain(_) | Place::System => Ok(Vec::new()),
    }
}

/// Which roles bring which others.
pub(crate) fn implications(db: &Connection) -> Result<Implications> {
    Ok(Implications::new(roles::store::list_implications(db)?))
}

fn place_of(project: &Project) -> Place {
    if project.is_domain {
        Place::Domain(project.as_domain_id())
    } else {
        Place::Project(project.id.clone())
    }
}

/// The projects in which a user has a role, directly or inherited.
pub(crate) fn projects_of(db: &Connection, user: &UserId) -> Result<Vec<Project>> {
    let assignments = store::list_reaching(db, user)?;
    let projects = projects::store::list(db, false)?;
    let parents: HashMap<&ProjectId, &Project> =
        projects.iter().map(|project| (&project.id, project)).collect();
    let reached = projects.iter().filter(|project| {
        let place = Place::Project(project.id.clone());
        let above = places_above(project, &parents);
        assignments.iter().any(|one| effective::counts_in(one, &place, &above))
    });
    Ok(reached.cloned().collect())
}

/// The domains in which a user has a role.
pub(crate) fn domains_of(db: &Connection, user: &UserId) -> Result<Vec<Project>> {
    let assignments = store::list_reaching(db, user)?;
    let mut domains = projects::store::list(db, true)?;
    domains.retain(|domain| {
        let place = Place::Domain(domain.as_domain_id());
        assignments.iter().any(|one| effective::counts_in(one, &place, &[]))
    });
    Ok(domains)
}

/// The same as [`above`], from rows that are at hand.
fn places_above(project: &Project, parents: &HashMap<&ProjectId, &Project>) -> Vec<Place> {
    let mut above = Vec::new();
    let mut next = project.parent_id.as_ref().and_then(|id| parents.get(id));
    while let Some(parent) = next {
        above.push(place_of(parent));
        next = parent.parent_id.as_ref().and_then(|id| parents.get(id));
    }
    above.extend(project.domain_id.clone().map(Place::Domain));
    above
}

/// Keystone's sentence for an assignment that is not there.
fn not_found(one: &Assignment) -> Error {
    Error::not_found(format!(
        "Could not find role assignment with role: {}, user or group: {}, project, domain, or system: {}.",
        one.role_id,
        one.actor.id(),
        one.place.id().unwrap_or("system")
    ))
}

/// The assignment, if it is there.
pub(crate) fn check(db: &Connection, one: &Assignment) -> Result<()> {
    if store::exists(db, one)? { Ok(()) } else { Err(not_found(one)) }
}

/// Gives a user or group a role. A role of one domain counts in that domain only.
pub(crate) fn create(db: &Connection, one: &Assignment) -> Result<()> {
    let role = roles::logic::get(db, &one.role_id)?;
    if let Some(domain) = &role.domain_id {
        check_domain_of_role(db, one, domain)?;
    }
    store::insert(db, one)
}

/// Takes a role of a user or group away, and the application credentials that may have stood on it.
pub(crate) fn revoke(db: &Connection, one: &Assignment) -> Result<()> {
    if !store::delete(db, one)? {
        return Err(not_found(one));
    }
    match &one.place {
        Place::Project(project) => {
            let users = match &one.actor {
                Actor::User(user) => vec![user.clone()],
                Actor::Group(group) => members(db)?(group),
            };
            users.iter().try_for_each(|user| {
                application_credentials::store::delete_of_user_in_project(db, user, project)
            })
        }
        Place::Domain(_) | Place::System => Ok(()),
    }
}

fn check_domain_of_role(db: &Connection, one: &Assignment, domain: &DomainId) -> Result<()> {
    let role = &one.role_id;
    match &one.place {
        Place::System => Err(Error::bad_request(format!(
            "Role {role} is a domain-specific role. Unable to use a domain-specific role in a system assignment."
        ))),
        Place::Domain(_) => Ok(()),
        Place::Project(id) => match projects::store::get_for_system(db, id)? {
            Some(project) if project.domain_id.as_ref() == Some(domain) => Ok(()),
            _ => Err(Error::forbidden(format!(
                "Project {id} must be in the same domain as the role {role} being assigned."
            ))),
        },
    }
}

/// A function from a group to its members, from rows read once.
fn members(db: &Connection) -> Result<impl Fn(&GroupId) -> Vec<UserId>> {
    let all = groups::store::list_members(db)?;
    Ok(move |group: &GroupId| {
        let members = all.iter().filter(|(of, _)| of == group);
        members.map(|(_, user)| user.clone()).collect()
    })
}

/// A function from a place to the projects below it, from rows read once.
pub(crate) fn places_below(db: &Connection) -> Result<impl Fn(&Place) -> Vec<Place>> {
    let projects = projects::store::list(db, false)?;
    let parents: HashMap<&ProjectId, &Project> =
        projects.iter().map(|project| (&project.id, project)).collect();
    let placed: Vec<(Place, Vec<Place>)> = projects
        .iter()
        .map(|project| (Place::Project(project.id.clone()), places_above(project, &parents)))
        .collect();
    Ok(move |place: &Place| {
        let below = placed.iter().filter(|(_, above)| above.contains(place));
        below.map(|(project, _)| project.clone()).collect()
    })
}

/// A domain and the projects in it.
pub(crate) fn places_in(db: &Connection, domain: &DomainId) -> Result<Vec<Place>> {
    let projects = projects::store::list(db, false)?.into_iter();
    let own = projects.filter(|project| project.domain_id.as_ref() == Some(domain));
    let own = own.map(|project| Place::Project(project.id));
    Ok(std::iter::once(Place::Domain(domain.clone())).chain(own).collect())
}
