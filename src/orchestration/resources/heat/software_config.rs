//! `OS::Heat::SoftwareConfig`: a text for a tool in guests, with what it takes and gives.
//!
//! Also the core of its relatives, which make that text in ways of their own.

use kit::error::{Kind, Result};
use kit::ids::SoftwareConfigId;
use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW};
use crate::software_configs::model::{SoftwareConfig, UNGROUPED};
use crate::software_configs::{logic, store};
use crate::template::{Property, Schema};

/// A type of configs. What its schema does not have, its configs have empty.
pub(crate) struct Config {
    pub(crate) name: &'static str,
    pub(crate) schema: fn() -> Schema,
    /// What the config is, of the properties.
    pub(crate) text: fn(&Connection, &Map<String, Value>) -> Result<Value>,
    /// Which tool it is for, where no property says so.
    pub(crate) group: &'static str,
}

/// `OS::Heat::SoftwareConfig`.
pub(crate) static CONFIG: Config =
    Config { name: "OS::Heat::SoftwareConfig", schema, text: given, group: UNGROUPED };

/// The attributes of every such type.
pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "config",
        kind: "string",
        description: "The config value of the software config.",
    },
    SHOW_ROW,
];

fn schema() -> Schema {
    let config = Property::string("config").described(
        "Configuration script or manifest which specifies what actual configuration is performed.",
    );
    Schema::of([group(), config].into_iter().chain(interface()))
}

/// The property that names the tool.
pub(super) fn group() -> Property {
    Property::string("group").default(UNGROUPED).described("Namespace to group this software config by when delivered to a server. This may imply what configuration tool is going to perform the configuration.")
}

/// The properties of what a config takes and gives.
pub(super) fn interface() -> [Property; 3] {
    let types = ["String", "Number", "CommaDelimitedList", "Json", "Boolean"];
    let common = |what: &str| {
        [
            Property::string("name").required().described(&format!("Name of the {what}.")),
            Property::string("description").described(&format!("Description of the {what}.")),
            Property::string("type")
                .default("String")
                .allowed(types)
                .described(&format!("Type of the value of the {what}.")),
        ]
    };
    let input = common("input").into_iter().chain([
        Property::any("default").described("Default value for the input if none is specified."),
        Property::boolean("replace_on_change").default(false).described(
            "Replace the deployment instead of updating it when the input value changes.",
        ),
    ]);
    let output = common("output").into_iter().chain([Property::boolean("error_output")
        .default(false)
        .described(
            "Denotes that the deployment is in an error state if this output has a value.",
        )]);
    [
        Property::map("options").described("Map containing options specific to the configuration management tool used by this resource."),
        Property::list("inputs").of(Property::map("*").with(input)).described("Schema representing the inputs that this software config is expecting."),
        Property::list("outputs").of(Property::map("*").with(output)).described("Schema representing the outputs that this software config will produce."),
    ]
}

/// The property `config` as it is.
#[expect(clippy::unnecessary_wraps, reason = "what the row of a type asks for")]
pub(super) fn given(_: &Connection, properties: &Map<String, Value>) -> Result<Value> {
    let config = properties.get("config").filter(|value| !value.is_null());
    Ok(config.cloned().unwrap_or_else(|| Value::from("")))
}

impl Plugin for Config {
    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        (self.schema)()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = &act.resource.properties;
        let member = |name: &str| properties.get(name).unwrap_or(&Value::Null);
        let options = member("options").as_object().cloned().unwrap_or_default();
        let config = SoftwareConfig {
            id: SoftwareConfigId::random(),
            project: act.stack.project.clone(),
            name: act.resource.physical_name(act.stack, 255),
            group: member("group").as_str().unwrap_or(self.group).to_owned(),
            config: (self.text)(act.hand.connection, properties)?,
            inputs: logic::inputs(member("inputs"))?,
            outputs: logic::outputs(member("outputs"))?,
            options: Value::Object(options),
            created_at: act.hand.now,
        };
        store::insert(act.hand.connection, &config)?;
        act.resource.physical = Some(config.id.to_string());
        Ok(())
    }

    fn check_adopted(&self, look: &Look<'_>, physical: &str) -> Result<()> {
        let id = SoftwareConfigId::from(physical);
        let found = store::get_for_system(look.hand.connection, &id)?;
        let is_own = found.is_some_and(|row| row.project == look.stack.project);
        if is_own { Ok(()) } else { Err(logic::not_found()) }
    }

    /// One that deployments of others still have stays with them.
    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let id = SoftwareConfigId::from(act.physical());
        match logic::delete(act.hand.connection, &id) {
            Err(error) if error.kind == Kind::Internal => Ok(()),
            outcome => outcome,
        }
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let id = SoftwareConfigId::from(look.physical());
        let found = store::get_for_system(look.hand.connection, &id)?;
        let config = found.filter(|_| name == "config").map(|row| row.config);
        Ok(config.unwrap_or_default())
    }
}
