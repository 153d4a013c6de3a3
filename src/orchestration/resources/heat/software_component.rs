//! `OS::Heat::SoftwareComponent`: configs by the actions that they are for.

use kit::error::Result;
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::software_config::{Config, interface};
use crate::template::{Property, Schema};

/// The type.
pub(crate) static CONFIG: Config =
    Config { name: "OS::Heat::SoftwareComponent", schema, text, group: "component" };

fn schema() -> Schema {
    let configs = Property::list("configs").required().length(1, i64::MAX).of(Property::map("*").with([
        Property::list("actions")
            .default(vec![Value::from("CREATE"), Value::from("UPDATE")])
            .length(1, i64::MAX)
            .of(Property::string("*"))
            .described("Lifecycle actions to which the configuration applies. The string values provided for this property can include the standard resource actions CREATE, DELETE, UPDATE, SUSPEND and RESUME supported by Heat."),
        Property::string("config").described("Configuration script or manifest which specifies what actual configuration is performed."),
        Property::string("tool").required().described("The configuration tool used to actually apply the configuration on a server. This string property has to be understood by in-instance tools running inside deployed servers."),
    ])).described("The list of configurations for the different lifecycle actions of the represented software component.");
    Schema::of(std::iter::once(configs).chain(interface()))
}

#[expect(clippy::unnecessary_wraps, reason = "what the row of a type asks for")]
fn text(_: &Connection, properties: &Map<String, Value>) -> Result<Value> {
    let configs = properties.get("configs").cloned().unwrap_or_default();
    Ok(Value::Object(Map::from_iter([("configs".to_owned(), configs)])))
}
