//! A stack as it is kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kit::clock::Time;
use kit::ids::{ProjectId, StackId, TraversalId, UserId};
use kit::text_enum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::shelf::Shelved;

text_enum! {
    /// What is done, or was done last, to a stack or a resource.
    pub enum Action {
        /// Nothing yet; of resources only.
        Init = "INIT",
        /// It is made.
        Create = "CREATE",
        /// It goes.
        Delete = "DELETE",
        /// It becomes what another template says.
        Update = "UPDATE",
        /// It becomes what it was before.
        Rollback = "ROLLBACK",
        /// It sleeps.
        Suspend = "SUSPEND",
        /// It wakes.
        Resume = "RESUME",
        /// It is looked at.
        Check = "CHECK",
        /// What it is now is kept.
        Snapshot = "SNAPSHOT",
        /// It becomes what a snapshot has kept; of stacks only.
        Restore = "RESTORE",
        /// What another stack has left is taken over.
        Adopt = "ADOPT",
    }
}

text_enum! {
    /// How far an action is.
    pub enum Status {
        /// Under way.
        InProgress = "IN_PROGRESS",
        /// Done.
        Complete = "COMPLETE",
        /// Given up.
        Failed = "FAILED",
    }
}

/// Whose rights a stack has: Heat's trust. What the user may is looked up again whenever the
/// stack acts, so that it never may more than he then does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trust {
    pub(crate) user: UserId,
    pub(crate) user_name: String,
    pub(crate) project: ProjectId,
    /// The roles that the user had when the stack was made.
    pub(crate) roles: Vec<String>,
}

/// What a stack is made of, as the request brought it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Source {
    /// The template, read.
    pub(crate) template: Value,
    /// Files that the template names.
    pub(crate) files: HashMap<String, String>,
    /// The environments of the request, merged.
    pub(crate) environment: Value,
    /// What a restored snapshot has kept of nested stacks, by the resources that they are the
    /// things of. Their templates are made anew whenever they are needed, so it is put into them.
    #[serde(default, skip_serializing_if = "Kept::is_empty")]
    pub(crate) kept: Kept,
}

/// What snapshots have kept: properties of resources, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept(pub(crate) BTreeMap<String, Part>);

/// Of one resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// Properties that it has instead of the template's.
    pub(crate) properties: Map<String, Value>,
    /// Of the stack that is its thing.
    pub(crate) inside: Kept,
}

impl Kept {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Where a nested stack belongs: it is the thing of a resource of another stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parent {
    pub(crate) stack: StackId,
    pub(crate) resource: String,
}

/// A stack.
#[derive(Clone, Debug)]
pub(crate) struct Stack {
    /// Order of creation; 0 until it is kept.
    pub(crate) number: i64,
    pub(crate) id: StackId,
    pub(crate) project: ProjectId,
    pub(crate) name: String,
    /// `None` unless it is nested in another one.
    pub(crate) parent: Option<Parent>,
    pub(crate) trust: Trust,
    pub(crate) action: Action,
    pub(crate) status: Status,
    pub(crate) reason: String,
    pub(crate) source: Arc<Shelved>,
    /// What a rollback goes back to; `None` while there has been nothing else.
    pub(crate) previous: Option<Arc<Shelved>>,
    pub(crate) tags: Vec<String>,
    pub(crate) timeout_mins: Option<i64>,
    pub(crate) disable_rollback: bool,
    /// The run over the resources that counts; operations of an earlier one only clean up.
    pub(crate) traversal: TraversalId,
    /// When that run is given up.
    pub(crate) deadline: Time,
    pub(crate) request_id: String,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Option<Time>,
    pub(crate) deleted_at: Option<Time>,
}

impl Stack {
    /// What its operations and those who wait for it name: `stack:<id>`.
    pub(crate) fn target(&self) -> String {
        format!("stack:{}", self.id)
    }

    /// What it is made of.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// What it was made of before.
    pub(crate) fn previous(&self) -> Option<&Source> {
        self.previous.as_deref().map(|shelved| &**shelved)
    }

    /// `CREATE_COMPLETE`.
    pub(crate) fn state(&self) -> String {
        format!("{}_{}", self.action, self.status)
    }

    /// Its path below the version.
    pub(crate) fn path(&self) -> String {
        path(&self.project, &self.name, &self.id)
    }
}

/// The path of a stack below the version.
pub(crate) fn path(project: &ProjectId, name: &str, id: &StackId) -> String {
    format!("/{project}/stacks/{name}/{id}")
}

/// A stack as lists show it: without what it is made of.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) id: StackId,
    pub(crate) project: ProjectId,
    pub(crate) name: String,
    /// The name of the user who made it.
    pub(crate) owner: String,
    pub(crate) parent: Option<StackId>,
    pub(crate) action: Action,
    pub(crate) status: Status,
    pub(crate) reason: String,
    pub(crate) tags: Vec<String>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Option<Time>,
    pub(crate) deleted_at: Option<Time>,
}

/// Which stacks a list shows, and in which order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    /// `None` for those of all projects.
    pub(crate) project: Option<ProjectId>,
    /// Column and accepted values.
    pub(crate) filters: Vec<(&'static str, Vec<String>)>,
    pub(crate) tags: TagFilter,
    pub(crate) show_deleted: bool,
    pub(crate) show_nested: bool,
    pub(crate) sort: Vec<&'static str>,
    pub(crate) descending: bool,
    pub(crate) limit: i64,
    pub(crate) marker: Option<String>,
}

/// Conditions on tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct TagFilter {
    /// All of these.
    pub(crate) all: Vec<String>,
    /// One of these.
    pub(crate) any: Vec<String>,
    /// Not all of these.
    pub(crate) not_all: Vec<String>,
    /// None of these.
    pub(crate) not_any: Vec<String>,
}
