//! `/projects`: calls become logic, rows become answers. Tags are in `tags.rs`.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::{ProjectId, UserId};
use kit::policy::Target;
use serde_json::{Value, json};

use super::model::Project;
use super::{logic, store, view};
use crate::record::{Attributes, attributes};
use crate::view::{collection, set};
use crate::{access, assignments, changes};

const FILTERS: &[&str] = &["domain_id", "enabled", "name", "parent_id", "is_domain"];

/// `GET /projects`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    access::authorize_list(&call, "target.domain_id")?;
    let is_domain = call.query("is_domain").is_some_and(access::is_true);
    let found = call.platform.store.read(move |db| store::list(db, is_domain)).await?;
    let domain = access::own_domain(&call);
    let visible = found
        .iter()
        .filter(|project| domain.is_none() || project.domain_id == domain)
        .filter(|project| has_tags(&call, project));
    let rows = visible.map(|project| view::project(&call, project)).collect();
    collection(&call, "projects", rows, FILTERS)
}

/// `GET /projects/{project_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let project = find(&call).await?;
    let mut shown = view::project(&call, &project);
    add_hierarchy(&call, &project, &mut shown).await?;
    Ok(Reply::json(json!({"project": shown})))
}

/// `POST /projects`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let given = attributes(&call.body, "project");
    call.authorize_on(&target_of_new(&given))?;
    let project = logic::new(given, access::domain_for_new(&call))?;
    let written = project.clone();
    changes::commit(&call.platform, "projects:create", move |tx| logic::create(tx, &written))
        .await?;
    Ok(Reply::json(json!({"project": view::project(&call, &project)})))
}

/// `PATCH /projects/{project_id}`.
pub(crate) async fn update(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let given = attributes(&call.body, "project");
    let (now, settings) = (call.platform.clock.now(), call.platform.settings.clone());
    let project = changes::commit(&call.platform, "projects:update", move |tx| {
        logic::update(tx, &id, given, &settings, now)
    })
    .await?;
    Ok(Reply::json(json!({"project": view::updated(&call, &project)})))
}

/// `DELETE /projects/{project_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let id = find(&call).await?.id;
    let (now, settings) = (call.platform.clock.now(), call.platform.settings.clone());
    changes::commit(&call.platform, "projects:delete", move |tx| {
        logic::delete(tx, &id, &settings, now)
    })
    .await?;
    Ok(Reply::empty())
}

/// The project of the path, opened with the operation's rule.
pub(crate) async fn find(call: &Call) -> Result<Project> {
    let id = ProjectId::from(call.param("project_id"));
    let wanted = id.clone();
    let found = call.platform.store.read(move |db| store::get(db, &wanted)).await?;
    access::open(call, found, || logic::not_found(&id))
}

fn target_of_new(given: &Attributes) -> Target {
    match given.get("domain_id").and_then(Value::as_str) {
        Some(domain) => Target::none().with("target.project.domain_id", domain),
        None => Target::none(),
    }
}

/// `tags`, `tags-any` and their opposites, each a list separated by commas.
fn has_tags(call: &Call, project: &Project) -> bool {
    let has = |tag: &str| project.tags.iter().any(|own| own == tag);
    let holds = |name: &str, test: &dyn Fn(&str) -> bool| call.query(name).is_none_or(test);
    holds("tags", &|tags| tags.split(',').all(has))
        && holds("tags-any", &|tags| tags.split(',').any(has))
        && holds("not-tags", &|tags| !tags.split(',').all(has))
        && holds("not-tags-any", &|tags| !tags.split(',').any(has))
}

async fn add_hierarchy(call: &Call, project: &Project, shown: &mut Value) -> Result<()> {
    let asked = |name: &str| access::flag(call, name);
    for direction in ["parents", "subtree"] {
        if asked(&format!("{direction}_as_list")) && asked(&format!("{direction}_as_ids")) {
            return Err(Error::bad_request(format!(
                "Cannot use {direction}_as_list and {direction}_as_ids query params at the same time."
            )));
        }
    }
    let id = project.id.clone();
    let user = call.caller()?.user_id.clone();
    let (parents, below, own) =
        call.platform.store.read(move |db| hierarchy(db, &id, &user)).await?;
    // A list shows only what the caller has a role in; the ids show all.
    let list = |all: &[Project]| -> Value {
        let visible = all.iter().filter(|project| own.contains(&project.id));
        visible.map(|project| json!({"project": view::project(call, project)})).collect()
    };
    if asked("parents_as_list") {
        set(shown, "parents", list(&parents));
    } else if asked("parents_as_ids") {
        set(shown, "parents", view::parents_as_ids(&parents));
    }
    if asked("subtree_as_list") {
        set(shown, "subtree", list(&below));
    } else if asked("subtree_as_ids") {
        set(shown, "subtree", view::subtree_as_ids(project.id.as_str(), &below));
    }
    Ok(())
}

type Hierarchy = (Vec<Project>, Vec<Project>, Vec<ProjectId>);

/// What is above, what is below, and which projects the user has a role in.
fn hierarchy(db: &rusqlite::Connection, id: &ProjectId, user: &UserId) -> Result<Hierarchy> {
    let own = assignments::logic::projects_of(db, user)?;
    let own = own.into_iter().map(|project| project.id).collect();
    Ok((logic::ancestors(db, id)?, logic::subtree(db, id)?, own))
}
