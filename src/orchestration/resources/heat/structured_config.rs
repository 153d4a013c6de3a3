//! `OS::Heat::StructuredConfig`: a config that is no text but what a tool reads.

use super::software_config::{Config, given, group, interface};
use crate::software_configs::model::UNGROUPED;
use crate::template::{Property, Schema};

/// The type.
pub(crate) static CONFIG: Config =
    Config { name: "OS::Heat::StructuredConfig", schema, text: given, group: UNGROUPED };

fn schema() -> Schema {
    let config = Property::map("config").described("Map representing the configuration data structure which will be serialized to JSON format.");
    Schema::of([group(), config].into_iter().chain(interface()))
}
