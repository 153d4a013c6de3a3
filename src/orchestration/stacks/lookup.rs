//! From a name or an id to the stack: the redirects with which clients begin, and how handlers
//! find the stack of their path.

use kit::error::{Error, Result};
use kit::http::{Call, Reply, query_string};
use kit::ids::{ProjectId, StackId, is_uuid_like};
use kit::policy::Guarded;
use rusqlite::Connection;

use super::blueprint::Blueprint;
use super::model::Stack;
use super::reach::Reach;
use super::store;
use crate::resources::permits;
use crate::{stack_resources, view};

/// Heat's sentence for a stack that is not there, or not the caller's.
pub(crate) fn not_found(name: &str) -> Error {
    Error::not_found(format!("The Stack ({name}) could not be found.")).tag("EntityNotFound")
}

/// A stack as a path names it, opened with the operation's rule inside a closure.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) name: String,
    id: StackId,
    /// That of the URL; an administrator may name any.
    project: ProjectId,
}

impl Asked {
    /// Of `/stacks/{stack_name}/{stack_id}`.
    pub(crate) fn of(call: &Call) -> Result<Self> {
        call.authorize()?;
        Ok(Self::by_anybody(call))
    }

    /// The same of a call without a caller. What it names is opened to a proof of another kind.
    pub(crate) fn by_anybody(call: &Call) -> Self {
        let project = call.links.project.trim_start_matches('/');
        Self {
            name: call.param("stack_name").to_owned(),
            id: StackId::from(call.param("stack_id")),
            project: ProjectId::from(project),
        }
    }

    /// The stack, living, for whoever proves by other means that he may.
    pub(crate) fn open_for_bearer(&self, connection: &Connection) -> Result<Stack> {
        let found = store::get_for_system(connection, &self.id)?;
        let own = |stack: &Stack| stack.name == self.name && stack.project == self.project;
        let found = found.filter(|stack| own(stack) && stack.deleted_at.is_none());
        found.ok_or_else(|| not_found(&self.name))
    }

    /// The stack, a deleted one too.
    pub(crate) fn open(&self, connection: &Connection, rights: &Rights) -> Result<Stack> {
        let found = store::get(connection, rights.reach(), &self.id)?;
        let stack = rights.open(found.ok_or_else(|| not_found(&self.name))?)?;
        if stack.name == self.name { Ok(stack) } else { Err(not_found(&self.name)) }
    }

    /// The stack, living.
    pub(crate) fn open_living(&self, connection: &Connection, rights: &Rights) -> Result<Stack> {
        let stack = self.open(connection, rights)?;
        if stack.deleted_at.is_none() { Ok(stack) } else { Err(not_found(&self.name)) }
    }
}

/// By which rule a closure opens things, and whose.
#[derive(Clone)]
pub(crate) struct Rights {
    platform: std::sync::Arc<kit::Platform>,
    caller: kit::policy::Caller,
    rule: &'static kit::policy::Rule,
    reach: Reach,
}

impl Rights {
    /// Those of a call whose row has a rule.
    pub(crate) fn of(call: &Call) -> Result<Self> {
        let name = call.operation.name;
        let rule = call.operation.rule;
        Ok(Self {
            platform: std::sync::Arc::clone(&call.platform),
            caller: call.caller()?.clone(),
            rule: rule.ok_or_else(|| Error::internal(format!("{name} has no rule")))?,
            reach: Reach::of(call)?,
        })
    }

    /// Whose things may be opened.
    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Refuses a stack with a type that the caller may not use.
    pub(crate) fn check_types(&self, stack: &Stack) -> Result<()> {
        let blueprint = Blueprint::of(stack)?;
        permits::check_all(&self.platform.policy, &self.caller, &blueprint.definition)
    }

    /// Opens a row by it.
    pub(crate) fn open<T>(&self, guarded: Guarded<T>) -> Result<T> {
        guarded.open(&self.platform.policy, &self.caller, self.rule)
    }
}

/// Any method on a path that names a stack by name or id alone: where it is.
pub(crate) async fn redirect(call: Call) -> Result<Reply> {
    let stack = identify(&call, call.param("stack_name")).await?;
    let place = format!("{}{}{}", view::url(&call, &stack.path()), rest(&call), query(&call));
    let text = format!(
        "The resource was found at <a href=\"{place}\">{place}</a>;\nyou should be redirected \
         automatically.\n\n"
    );
    Ok(Reply::json(view::webob("302", "Found", &text)).header("Location", place))
}

/// The stack of that name or id, opened with the operation's rule.
pub(crate) async fn identify(call: &Call, named: &str) -> Result<Stack> {
    call.authorize()?;
    let (rights, named) = (Rights::of(call)?, named.to_owned());
    let find = move |connection: &Connection| find(connection, &rights, &named);
    call.platform.store.read(find).await
}

/// By name among the living, then by id.
fn find(connection: &Connection, rights: &Rights, named: &str) -> Result<Stack> {
    let by_name = store::get_by_name(connection, rights.reach(), named)?;
    let found = match by_name {
        None if is_uuid_like(named) => {
            store::get(connection, rights.reach(), &StackId::from(named))?
        }
        found => found,
    };
    rights.open(found.ok_or_else(|| not_found(named))?)
}

/// The stack with a resource that has made a thing.
pub(crate) async fn maker(call: &Call, physical: &str) -> Result<Stack> {
    call.authorize()?;
    let (rights, physical) = (Rights::of(call)?, physical.to_owned());
    let find = move |connection: &Connection| {
        for id in stack_resources::store::makers(connection, &physical)? {
            if let Some(found) = store::get(connection, rights.reach(), &id)? {
                return rights.open(found);
            }
        }
        let sentence = format!("The Resource ({physical}) could not be found.");
        Err(Error::not_found(sentence).tag("EntityNotFound"))
    };
    call.platform.store.read(find).await
}

/// What stands behind the stack in the path of the row: `/resources`.
fn rest(call: &Call) -> &'static str {
    call.operation.path.trim_start_matches("/stacks/{stack_name}")
}

fn query(call: &Call) -> String {
    if call.query.is_empty() {
        return String::new();
    }
    let pairs = call.query.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    format!("?{}", query_string(pairs))
}
