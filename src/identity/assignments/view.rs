//! What the API shows of a role assignment (Keystone: `api/role_assignments.py::_format_entity`).

use std::collections::HashMap;

use kit::error::Result;
use kit::http::Call;
use kit::ids::{DomainId, GroupId, ProjectId, RoleId, UserId};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::effective::Shown;
use super::model::{Actor, Place};
use crate::groups::model::Group;
use crate::projects::model::Project;
use crate::roles::model::Role;
use crate::users::model::User;
use crate::view::set;
use crate::{groups, projects, roles, users};

/// The names that `include_names` adds.
pub(crate) struct Names {
    users: HashMap<UserId, User>,
    groups: HashMap<GroupId, Group>,
    roles: HashMap<RoleId, Role>,
    projects: HashMap<ProjectId, Project>,
}

impl Names {
    /// Reads all of them.
    pub(crate) fn read(db: &Connection) -> Result<Self> {
        let users = users::store::list(db)?;
        let groups = groups::store::list(db)?;
        let roles = roles::store::list(db)?;
        let mut all = projects::store::list(db, false)?;
        all.extend(projects::store::list(db, true)?);
        Ok(Self {
            users: users.into_iter().map(|user| (user.id.clone(), user)).collect(),
            groups: groups.into_iter().map(|group| (group.id.clone(), group)).collect(),
            roles: roles.into_iter().map(|role| (role.id.clone(), role)).collect(),
            projects: all.into_iter().map(|project| (project.id.clone(), project)).collect(),
        })
    }

    fn domain(&self, id: &DomainId) -> Value {
        let domain = self.projects.get(&ProjectId::from(id.as_str()));
        json!({"id": id, "name": domain.map(|domain| &domain.name)})
    }

    fn project(&self, id: &ProjectId) -> Value {
        let project = self.projects.get(id);
        let domain = project.and_then(|project| project.domain_id.as_ref());
        json!({
            "id": id,
            "name": project.map(|project| &project.name),
            "domain": domain.map(|domain| self.domain(domain)),
        })
    }

    fn user(&self, id: &UserId) -> Value {
        let user = self.users.get(id);
        json!({
            "id": id,
            "name": user.map(|user| &user.name),
            "domain": user.map(|user| self.domain(&user.domain_id)),
        })
    }

    fn group(&self, id: &GroupId) -> Value {
        let group = self.groups.get(id);
        json!({
            "id": id,
            "name": group.map(|group| &group.name),
            "domain": group.map(|group| self.domain(&group.domain_id)),
        })
    }

    fn role(&self, id: &RoleId) -> Value {
        let role = self.roles.get(id);
        let mut shown = json!({"id": id, "name": role.map(|role| &role.name)});
        if let Some(domain) = role.and_then(|role| role.domain_id.as_ref()) {
            set(&mut shown, "domain", self.domain(domain));
        }
        shown
    }
}

/// An assignment, with names where they are asked for.
pub(crate) fn assignment(call: &Call, shown: &Shown, names: Option<&Names>) -> Value {
    let one = &shown.assignment;
    let id = |id: &str| json!({"id": id});
    let mut scope = match (&one.place, names) {
        (Place::Project(project), Some(names)) => json!({"project": names.project(project)}),
        (Place::Project(project), None) => json!({"project": id(project.as_str())}),
        (Place::Domain(domain), Some(names)) => json!({"domain": names.domain(domain)}),
        (Place::Domain(domain), None) => json!({"domain": id(domain.as_str())}),
        (Place::System, _) => json!({"system": {"all": true}}),
    };
    if one.inherited {
        set(&mut scope, "OS-INHERIT:inherited_to", "projects");
    }
    let (kind, actor) = match (&one.actor, names) {
        (Actor::User(user), Some(names)) => ("user", names.user(user)),
        (Actor::Group(group), Some(names)) => ("group", names.group(group)),
        (Actor::User(_), None) => ("user", id(one.actor.id())),
        (Actor::Group(_), None) => ("group", id(one.actor.id())),
    };
    json!({
        "links": links(call, shown),
        "scope": scope,
        kind: actor,
        "role": names.map_or_else(|| id(one.role_id.as_str()), |names| names.role(&one.role_id)),
    })
}

/// The URL of the assignment from which this one follows.
fn links(call: &Call, shown: &Shown) -> Value {
    let one = &shown.assignment;
    let place = match shown.inherited_from.as_ref().unwrap_or(&one.place) {
        Place::Project(id) => format!("/projects/{id}"),
        Place::Domain(id) => format!("/domains/{id}"),
        Place::System => "/system".to_owned(),
    };
    let role = shown.implied_by.as_ref().unwrap_or(&one.role_id);
    let actor = shown.member_of.clone().map_or_else(|| one.actor.clone(), Actor::Group);
    let direct = format!("{place}{}/roles/{role}", actor.path());
    let path =
        if one.inherited { format!("/OS-INHERIT{direct}/inherited_to_projects") } else { direct };
    let mut links = json!({"assignment": call.links.path(&path)});
    if shown.member_of.is_some() {
        let path = format!("{}{}", actor.path(), one.actor.path());
        set(&mut links, "membership", call.links.path(&path));
    }
    if let Some(prior) = &shown.implied_by {
        let path = format!("/prior_role/{}/implies/{prior}", one.role_id);
        set(&mut links, "prior_role", call.links.path(&path));
    }
    links
}
