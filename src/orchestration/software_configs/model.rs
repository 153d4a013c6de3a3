//! A software config as it is kept.

use kit::clock::Time;
use kit::ids::{ProjectId, SoftwareConfigId};
use serde_json::Value;

/// The group of configs that are for no tool.
pub(crate) const UNGROUPED: &str = "Heat::Ungrouped";

/// A config.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SoftwareConfig {
    pub(crate) id: SoftwareConfigId,
    pub(crate) project: ProjectId,
    pub(crate) name: String,
    /// Which tool it is for.
    pub(crate) group: String,
    /// A text, or what a tool reads.
    pub(crate) config: Value,
    /// Name, type, default, and in a derived config the value of each.
    pub(crate) inputs: Vec<Value>,
    pub(crate) outputs: Vec<Value>,
    pub(crate) options: Value,
    pub(crate) created_at: Time,
}
