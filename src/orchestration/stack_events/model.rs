//! An event as it is kept.

use kit::clock::Time;
use kit::ids::{StackEventId, StackId};
use serde_json::{Map, Value};

use crate::stack_resources::model::Resource;
use crate::stacks::model::{Stack, Status};

/// The longest name of a thing that an event shows.
const NAME_LIMIT: usize = 255;

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) id: StackEventId,
    pub(crate) stack: StackId,
    /// The resource; the stack's own name if it happened to the stack.
    pub(crate) resource_name: String,
    pub(crate) resource_type: String,
    pub(crate) physical_id: String,
    /// An action of the engine, or `SIGNAL`.
    pub(crate) action: String,
    pub(crate) status: Status,
    pub(crate) reason: String,
    pub(crate) properties: Map<String, Value>,
    pub(crate) created_at: Time,
}

impl Event {
    /// The stack is where it is.
    pub(crate) fn of_stack(stack: &Stack, now: Time) -> Self {
        Self {
            id: StackEventId::random(),
            stack: stack.id.clone(),
            resource_name: stack.name.clone(),
            resource_type: "OS::Heat::Stack".to_owned(),
            physical_id: stack.id.to_string(),
            action: stack.action.to_string(),
            status: stack.status,
            reason: stack.reason.clone(),
            properties: Map::new(),
            created_at: now,
        }
    }

    /// The resource is where it is.
    pub(crate) fn of_resource(stack: &Stack, resource: &Resource, now: Time) -> Self {
        let named = || resource.physical_name(stack, NAME_LIMIT);
        Self {
            id: StackEventId::random(),
            stack: stack.id.clone(),
            resource_name: resource.name.clone(),
            resource_type: resource.resource_type.clone(),
            physical_id: resource.physical.clone().unwrap_or_else(named),
            action: resource.action.to_string(),
            status: resource.status,
            reason: resource.reason.clone(),
            properties: resource.properties.clone(),
            created_at: now,
        }
    }

    /// The resource was signalled.
    pub(crate) fn of_signal(stack: &Stack, resource: &Resource, reason: String, now: Time) -> Self {
        let action = "SIGNAL".to_owned();
        Self { action, reason, ..Self::of_resource(stack, resource, now) }
    }
}

/// Which events a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pub(crate) resource: Option<String>,
    /// Column and accepted values.
    pub(crate) filters: Vec<(&'static str, Vec<String>)>,
    pub(crate) descending: bool,
    pub(crate) limit: Option<i64>,
    pub(crate) marker: Option<String>,
}
