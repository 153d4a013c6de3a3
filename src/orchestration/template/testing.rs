//! What the tests of the language share: a few types, and one line from text to definition.

use std::sync::Arc;

use serde_json::Value;

use super::{
    Definition, Environment, Error, Files, Identity, Mode, Property, Result, Schema, Template,
    TypeInfo, Types,
};

/// The types that need no other service.
pub(crate) struct HeatTypes;

impl Types for HeatTypes {
    fn info(&self, resource_type: &str, _name: &str) -> Result<Arc<TypeInfo>> {
        let (class, properties, attributes) = match resource_type {
            "OS::Heat::RandomString" => (
                "RandomString",
                Schema::of([
                    Property::integer("length").default(32).range(1, 512),
                    Property::list("character_classes").of(Property::map("").with([
                        Property::string("class").default("lettersdigits").allowed(["digits"]),
                        Property::integer("min").default(1).range(1, 512),
                    ])),
                    Property::string("salt"),
                ]),
                &["value", "show"][..],
            ),
            "OS::Heat::Value" => (
                "Value",
                Schema::of([
                    Property::any("value").required().updatable(),
                    Property::string("type").updatable(),
                ]),
                &["value", "show"][..],
            ),
            "OS::Heat::TestResource" => (
                "TestResource",
                Schema::of([
                    Property::string("value").default("test_string").updatable(),
                    Property::boolean("fail").default(false).updatable(),
                    Property::map("action_wait_secs")
                        .updatable()
                        .with([Property::number("create"), Property::number("update")]),
                ]),
                &["output", "show"][..],
            ),
            "OS::Heat::None" => ("NoneResource", Schema::open(), &[][..]),
            _ => return Err(Error::unknown_type(resource_type)),
        };
        Ok(Arc::new(TypeInfo {
            class: class.to_owned(),
            any_attribute: class == "NoneResource",
            properties,
            attributes: attributes.iter().map(|name| (*name).to_owned()).collect(),
            ..TypeInfo::default()
        }))
    }
}

/// Reads, defines and validates.
pub(crate) fn define(template: &Value, environment: &Value, mode: Mode) -> Result<Definition> {
    let files = Files::from([("greet.sh".to_owned(), "echo hello".to_owned())]);
    let template = Template::parse(template, &Arc::new(files))?;
    let environment = Environment::parse(environment)?;
    let identity = Identity {
        stack_id: "id-1".to_owned(),
        stack_name: "stack".to_owned(),
        project_id: "project".to_owned(),
    };
    let parameters = template.parameters(&environment, &identity);
    parameters.validate(mode == Mode::Values)?;
    let definition = template.define(parameters, &HeatTypes)?;
    definition.validate(mode)?;
    Ok(definition)
}
