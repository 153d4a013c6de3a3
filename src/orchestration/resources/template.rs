//! A resource whose type is a template: its parameters are properties, its outputs attributes.

use serde_json::{Map, Value};

use kit::error::Result;

use super::catalogue::Catalogue;
use super::nested::{Child, Composite, Form, Inside, Nested, Round};
use super::{Attribute, Look, Plugin, SHOW_ROW};
use crate::template::{self, Kind, Property, Schema, TypeInfo};

pub(crate) struct TemplateResource;

/// The plug-in of every type that is a template.
pub(super) static TEMPLATE: Nested<TemplateResource> = Nested(TemplateResource);

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];

/// The output that says what a resource is known by.
const REFERENCE: &str = "OS::stack_id";

impl Composite for TemplateResource {
    fn name(&self) -> &'static str {
        "TemplateResource"
    }

    /// Whatever comes: the template decides, and [`Catalogue`] knows it.
    fn schema(&self) -> Schema {
        Schema::open()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    /// A template that stands for a type must look like it.
    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        let resource = form.blueprint.definition.resource(form.name);
        match (super::find(form.resource_type), resource) {
            (Some(facade), Some(resource)) => check_facade(facade, &resource.info),
            (None, _) | (_, None) => Ok(()),
        }
    }

    fn child(&self, form: &Form<'_>, _: Option<Round>) -> template::Result<Option<Child>> {
        let blueprint = form.blueprint;
        let types = Catalogue::new(&blueprint.environment, &blueprint.template.files);
        let Some(name) = types.template_name(form.resource_type, form.name)? else {
            return Ok(None);
        };
        let info = blueprint.definition.resource(form.name).map(|row| &row.info.properties);
        let mut parameters = Map::new();
        for (property, value) in form.properties.iter().filter(|(_, value)| !value.is_null()) {
            let kind = info.and_then(|schema| schema.get(property)).map(|row| row.kind);
            let given = match (kind, value) {
                (Some(Kind::List), Value::Array(items)) => Value::String(joined(items)),
                _ => value.clone(),
            };
            parameters.insert(property.clone(), given);
        }
        let template = Value::from(types.text_of(&name)?);
        Ok(Some(Child { template, parameters, name: Some(name), ..Child::default() }))
    }

    fn label(&self, form: &Form<'_>) -> String {
        let blueprint = form.blueprint;
        let types = Catalogue::new(&blueprint.environment, &blueprint.template.files);
        let name = types.template_name(form.resource_type, form.name).ok().flatten();
        name.unwrap_or_else(|| form.resource_type.to_owned())
    }

    fn reference(&self, look: &Look<'_>) -> String {
        let Ok(Some(inside)) = Inside::of(look) else { return look.resource.name.clone() };
        match inside.output(REFERENCE, &[]) {
            Ok(Some(Value::String(reference))) => reference,
            Ok(Some(value)) if !value.is_null() => value.to_string(),
            Ok(_) | Err(_) => inside.arn(),
        }
    }

    fn shown(&self, inside: &Inside<'_>) -> Vec<String> {
        inside.outputs().map(|output| output.name.clone()).collect()
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
        if let Some(value) = inside.by_name(name, path)? {
            return Ok(value);
        }
        inside.output(name, path)?.ok_or_else(|| inside.no_attribute(name))
    }
}

/// Says what a template lacks of the type that it stands for, or asks beyond it.
fn check_facade(facade: &dyn Plugin, template: &TypeInfo) -> template::Result<()> {
    let (wanted, given, name) = (facade.schema(), &template.properties, facade.name());
    let refuse = |sentence: String| Err(template::Error::validation(sentence));
    for property in wanted.iter() {
        let (asked, kind) = (&property.name, property.kind);
        match given.get(asked) {
            None if property.required => {
                return refuse(format!(
                    "Required property {asked} for facade {name} missing in provider"
                ));
            }
            Some(other) if kind != Kind::Any && as_parameter(kind) != other.kind => {
                return refuse(format!(
                    "Property {asked} type mismatch between facade {name} ({kind:?}) and provider \
                     ({:?})",
                    other.kind
                ));
            }
            None | Some(_) => {}
        }
    }
    let is_beyond = |row: &&Property| row.required && wanted.get(&row.name).is_none();
    if let Some(row) = given.iter().find(is_beyond) {
        let asked = &row.name;
        return refuse(format!("Provider requires property {asked} unknown in facade {name}"));
    }
    let mut attributes = facade.attributes().iter().map(|row| row.name);
    match attributes.find(|attribute| !template.has_attribute(attribute)) {
        Some(lacking) => {
            refuse(format!("Attribute {lacking} for facade {name} missing in provider"))
        }
        None => Ok(()),
    }
}

/// What a property of that kind is as the parameter of a template, which knows no whole numbers.
fn as_parameter(kind: Kind) -> Kind {
    if kind == Kind::Integer { Kind::Number } else { kind }
}

/// A list as the text of a parameter; maps in it as `CloudFormation` writes their members.
fn joined(items: &[Value]) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let part = |(index, item): (usize, &Value)| match item {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| format!(".member.{index}.{key}={}", text(value)))
            .collect::<Vec<_>>()
            .join(","),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => text(item),
    };
    items.iter().enumerate().map(part).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_becomes_the_text_of_a_parameter() {
        let text = |list: Value| joined(list.as_array().unwrap());
        assert_eq!(text(json!([])), "");
        assert_eq!(text(json!(["a", null, "b"])), "a,,b");
        assert_eq!(text(json!([{"k": "v"}, {"k": 2}])), ".member.0.k=v,.member.1.k=2");
    }
}
