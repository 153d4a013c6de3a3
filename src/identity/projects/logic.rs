//! The rules of projects and of domains, which are projects too: check, decide, write
//! (Keystone: `resource/core.py`).

use kit::clock::Time;
use kit::config::Settings;
use kit::error::{Error, Result};
use kit::ids::{DomainId, ProjectId};
use rusqlite::Connection;
use serde_json::Value;

use super::model::Project;
use super::store;
use crate::record::{
    Attributes, check_deletable, check_mutable, check_same, merged, with_trimmed_name, with_truth,
};
use crate::sentences::{as_bad_request, conflict, not_found as sentence};
use crate::tokens::revocation::{self, Subject};

/// Projects below a domain, at most so deep (`[DEFAULT] max_project_tree_depth`).
const DEEPEST: usize = 5;

/// Keystone's sentence for a project that is not there.
pub(crate) fn not_found(id: &ProjectId) -> Error {
    sentence("project", id)
}

/// The projects above this one, nearest first, and last the domain.
pub(crate) fn ancestors(db: &Connection, id: &ProjectId) -> Result<Vec<Project>> {
    let parent = |project: &Project| match &project.parent_id {
        Some(id) => store::get_for_system(db, id),
        None => Ok(None),
    };
    let mut above = Vec::new();
    let mut next = match store::get_for_system(db, id)? {
        Some(project) => parent(&project)?,
        None => None,
    };
    while let Some(project) = next {
        next = parent(&project)?;
        above.push(project);
    }
    Ok(above)
}

/// The projects below this one, parents before children.
pub(crate) fn subtree(db: &Connection, id: &ProjectId) -> Result<Vec<Project>> {
    let mut below = store::list_children(db, id)?;
    let mut next = 0;
    while let Some(id) = below.get(next).map(|project| project.id.clone()) {
        below.extend(store::list_children(db, &id)?);
        next += 1;
    }
    Ok(below)
}

/// A new project of these attributes; `domain` is the one of a body that names none.
pub(crate) fn new(given: Attributes, domain: DomainId) -> Result<Project> {
    let given = with_trimmed_name(with_truth(given, &["enabled", "is_domain"]));
    let mut given: Attributes = given.into_iter().filter(|(name, _)| name != "id").collect();
    // Nothing said and null are the same, but for the description.
    given.retain(|name, value| name == "description" || !value.is_null());
    let is_domain = given.get("is_domain").and_then(Value::as_bool).unwrap_or(false);
    let blank = Project {
        id: ProjectId::random(),
        name: String::new(),
        domain_id: (!is_domain).then_some(domain),
        description: Some(String::new()),
        enabled: true,
        parent_id: None,
        is_domain,
        tags: Vec::new(),
        options: Attributes::new(),
        extra: Attributes::new(),
    };
    let project: Project = merged(&blank, &given)?;
    let top = project.domain_id.as_ref().map(|domain| ProjectId::from(domain.as_str()));
    let parent_id = project.parent_id.or(top);
    Ok(Project { parent_id, ..project })
}

/// Adds a project or a domain.
pub(crate) fn create(db: &Connection, project: &Project) -> Result<()> {
    if project.is_domain {
        if project.parent_id.is_some() {
            return Err(Error::bad_request("only root projects are allowed to act as domains."));
        }
    } else {
        check_place(db, project)?;
    }
    if store::get_for_system(db, &project.id)?.is_some() {
        return Err(name_taken(project));
    }
    check_name(db, project)?;
    store::insert(db, project)
}

/// Changes a project or a domain; one that is disabled loses its tokens.
pub(crate) fn update(
    db: &Connection,
    id: &ProjectId,
    given: Attributes,
    settings: &Settings,
    now: Time,
) -> Result<Project> {
    let old = store::get_for_system(db, id)?.ok_or_else(|| not_found(id))?;
    let given = with_trimmed_name(with_truth(given, &["enabled", "is_domain"]));
    let own = |id: &Option<DomainId>| id.as_ref().map(ToString::to_string);
    let kind = if old.is_domain { "domain" } else { "project" };
    check_same(&given, "domain_id", own(&old.domain_id).as_deref(), "Cannot change Domain ID")?;
    check_same(&given, "id", Some(id.as_str()), &format!("Cannot change {kind} ID"))?;
    check_mutable(kind, id, &old.options, &given)?;
    let project: Project = merged(&old, &given)?;
    if project.parent_id != old.parent_id {
        return Err(Error::forbidden("Update of `parent_id` is not allowed."));
    }
    if project.is_domain != old.is_domain {
        return Err(Error::bad_request("Update of `is_domain` is not allowed."));
    }
    check_enabled(db, &old, &project)?;
    if project.name != old.name {
        check_name(db, &project)?;
    }
    store::update(db, &project)?;
    if old.enabled && !project.enabled {
        revocation::revoke(db, settings, &subject(&project), now)?;
    }
    Ok(project)
}

/// Replaces the tags.
pub(crate) fn set_tags(db: &Connection, project: Project, tags: &[String]) -> Result<Vec<String>> {
    check_mutable("project", &project.id, &project.options, &Attributes::new())?;
    let tags: Vec<String> = tags.iter().map(|tag| tag.trim().to_owned()).collect();
    store::update(db, &Project { tags: tags.clone(), ..project })?;
    Ok(tags)
}

/// Removes a leaf, or a disabled domain with everything in it.
pub(crate) fn delete(
    db: &Connection,
    id: &ProjectId,
    settings: &Settings,
    now: Time,
) -> Result<()> {
    let project = store::get_for_system(db, id)?.ok_or_else(|| not_found(id))?;
    let kind = if project.is_domain { "domain" } else { "project" };
    check_deletable(kind, id, &project.options)?;
    if project.is_domain && project.enabled {
        return Err(Error::forbidden(
            "Cannot delete a domain that is enabled, please disable it first.",
        ));
    }
    if !project.is_domain && !store::list_children(db, id)?.is_empty() {
        return Err(Error::forbidden(format!(
            "Cannot delete the project {id} since it is not a leaf in the hierarchy. Use the cascade option if you want to delete a whole subtree."
        )));
    }
    store::delete(db, id)?;
    revocation::revoke(db, settings, &subject(&project), now)
}

fn subject(project: &Project) -> Subject {
    if project.is_domain {
        Subject::Domain(project.as_domain_id())
    } else {
        Subject::Project(project.id.clone())
    }
}

fn check_place(db: &Connection, project: &Project) -> Result<()> {
    let (Some(domain_id), Some(parent_id)) = (&project.domain_id, &project.parent_id) else {
        return Err(Error::internal("a project without domain or parent"));
    };
    if store::get_domain_for_system(db, domain_id)?.is_none() {
        return Err(as_bad_request(sentence("domain", domain_id)));
    }
    let parent = store::get_for_system(db, parent_id)?
        .ok_or_else(|| as_bad_request(not_found(parent_id)))?;
    check_domain_of_parent(domain_id, &parent)?;
    let mut branch = ancestors(db, parent_id)?;
    branch.insert(0, parent);
    if let Some(disabled) = branch.iter().find(|project| !project.enabled) {
        return Err(Error::bad_request(format!(
            "cannot create a project in a branch containing a disabled project: {}",
            disabled.id
        )));
    }
    if branch.len() > DEEPEST {
        return Err(Error::forbidden(format!(
            "Max hierarchy depth reached for {parent_id} branch."
        )));
    }
    Ok(())
}

fn check_domain_of_parent(domain_id: &DomainId, parent: &Project) -> Result<()> {
    let own = if parent.is_domain { Some(parent.as_domain_id()) } else { parent.domain_id.clone() };
    let parents = match own {
        Some(own) if own == *domain_id => return Ok(()),
        Some(own) => own.to_string(),
        None => "None".to_owned(),
    };
    Err(Error::bad_request(if parent.is_domain {
        format!(
            "Cannot create project, the parent ({}) is acting as a domain, but this project's domain id ({domain_id}) does not match the parent's id.",
            parent.id
        )
    } else {
        format!(
            "Cannot create project, since it specifies its domain_id {domain_id}, but specifies a parent in a different domain ({parents})."
        )
    }))
}

/// A branch is enabled from the top down and disabled from the bottom up.
fn check_enabled(db: &Connection, old: &Project, new: &Project) -> Result<()> {
    let id = &old.id;
    if !old.enabled && new.enabled && ancestors(db, id)?.iter().any(|above| !above.enabled) {
        return Err(Error::forbidden(format!(
            "Cannot enable project {id} since it has disabled parents"
        )));
    }
    let disabled = old.enabled && !new.enabled && !old.is_domain;
    if disabled && subtree(db, id)?.iter().any(|below| below.enabled) {
        return Err(Error::forbidden(format!(
            "Cannot disable project {id} since its subtree contains enabled projects."
        )));
    }
    Ok(())
}

fn check_name(db: &Connection, project: &Project) -> Result<()> {
    match store::get_by_name(db, &project.name, project.domain_id.as_ref())? {
        Some(_) => Err(name_taken(project)),
        None => Ok(()),
    }
}

fn name_taken(project: &Project) -> Error {
    let (name, id) = (&project.name, &project.id);
    conflict(
        "project",
        if project.is_domain {
            format!(
                "it is not permitted to have two projects acting as domains with the same name: {name}"
            )
        } else {
            format!(
                "it is not permitted to have two projects with either the same name or same id in the same domain: name is {name}, project id {id}"
            )
        },
    )
}
