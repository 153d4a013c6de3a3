//! What a preview consists of.

use kit::text_enum;
use serde_json::{Map, Value};

use crate::stack_resources::model::Resource;
use crate::stacks::model::Stack;

text_enum! {
    /// What would happen to a resource.
    pub enum Deed {
        /// It comes.
        Create = "create",
        /// Nothing.
        Keep = "keep",
        /// It changes in place.
        Update = "update",
        /// Another one takes its place.
        Replace = "replace",
        /// It goes.
        Delete = "delete",
    }
}

/// A property that would change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    pub(crate) name: String,
    pub(crate) old: Value,
    /// Null while it hangs on what does not exist yet.
    pub(crate) new: Value,
    /// Whether it is what calls for another resource.
    pub(crate) replaces: bool,
}

/// A line of the plan.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) resource: String,
    pub(crate) resource_type: String,
    pub(crate) deed: Deed,
    /// A sentence.
    pub(crate) reason: String,
    pub(crate) differences: Vec<Difference>,
    /// The plan of the stack that is its thing.
    pub(crate) nested: Vec<Step>,
    /// Steps of the same number go on at the same time, after all those of lower numbers.
    pub(crate) order: usize,
}

/// A resource as it is, or as it would begin.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) stack: Stack,
    pub(crate) resource: Resource,
    /// Whether there is a row of it: one that would begin has no times.
    pub(crate) is_kept: bool,
    pub(crate) required_by: Vec<String>,
    pub(crate) description: String,
    pub(crate) attributes: Map<String, Value>,
}

/// A resource that would begin: itself, or what its nested stack would consist of.
#[derive(Debug)]
pub(crate) enum Beginning {
    /// A resource whose thing is no stack.
    One(Box<Seen>),
    /// Those of its stack.
    Nested(Vec<Beginning>),
}

/// What a request for a stack would make.
#[derive(Debug)]
pub(crate) struct Creation {
    pub(crate) stack: Stack,
    pub(crate) description: Value,
    pub(crate) parameters: Map<String, Value>,
    pub(crate) outputs: Vec<Value>,
    pub(crate) resources: Vec<Beginning>,
    pub(crate) plan: Vec<Step>,
}

/// What an update would do, by Heat's five words.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) unchanged: Vec<Seen>,
    pub(crate) updated: Vec<Seen>,
    pub(crate) replaced: Vec<Seen>,
    pub(crate) added: Vec<Seen>,
    pub(crate) deleted: Vec<Seen>,
    pub(crate) plan: Vec<Step>,
}
