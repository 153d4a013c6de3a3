//! A stack as Heat exports it: what it is made of, and what became of each resource. Snapshots keep
//! it, and whoever adopts a stack brings it.

use std::collections::{BTreeMap, HashMap};

use kit::ids::{ProjectId, StackId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::stack_resources::model::Resource;
use crate::stacks::model::{Action, Source, Stack, Status};

/// A stack with its resources.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) id: StackId,
    pub(crate) action: Action,
    pub(crate) status: Status,
    pub(crate) template: Value,
    pub(crate) files: HashMap<String, String>,
    pub(crate) environment: Value,
    pub(crate) resources: Entries,
    pub(crate) project_id: ProjectId,
    pub(crate) stack_user_project_id: ProjectId,
    pub(crate) tags: Vec<String>,
}

/// Resources by name.
pub(crate) type Entries = BTreeMap<String, Entry>;

/// What became of a resource. What somebody else's export leaves out is not there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) resource_id: Option<String>,
    #[serde(rename = "type")]
    pub(crate) resource_type: String,
    pub(crate) action: String,
    pub(crate) status: String,
    pub(crate) metadata: Value,
    pub(crate) resource_data: Option<Map<String, Value>>,
    /// The resources of the stack that is its thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resources: Option<Entries>,
}

impl Export {
    /// Of a stack, with these resources.
    pub(crate) fn of(stack: &Stack, resources: Entries) -> Self {
        Self {
            name: stack.name.clone(),
            id: stack.id.clone(),
            action: stack.action,
            status: stack.status,
            template: stack.source.template.clone(),
            files: stack.source.files.clone(),
            environment: stack.source.environment.clone(),
            resources,
            project_id: stack.project.clone(),
            stack_user_project_id: stack.project.clone(),
            tags: stack.tags.clone(),
        }
    }

    /// What the stack was made of.
    pub(crate) fn source(&self) -> Source {
        Source {
            template: self.template.clone(),
            files: self.files.clone(),
            environment: self.environment.clone(),
            ..Source::default()
        }
    }
}

impl Entry {
    /// Of a resource, with those of the stack that is its thing.
    pub(crate) fn of(row: &Resource, resources: Option<Entries>) -> Self {
        Self {
            name: row.name.clone(),
            resource_id: row.physical.clone(),
            resource_type: row.resource_type.clone(),
            action: row.action.to_string(),
            status: row.status.to_string(),
            metadata: row.metadata.clone(),
            resource_data: Some(row.data.clone()),
            resources,
        }
    }
}
