//! `OS::Heat::ResourceChain`: one resource of each of several types, all with the same properties,
//! one after the other.

use kit::error::Result;
use serde_json::{Map, Value};

use super::members;
use crate::resources::nested::{Child, Composite, Form, Inside, Round};
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{self, Property, Schema, python, select};

pub(crate) struct ResourceChain;

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "refs",
        kind: "list",
        description: "A list of resource IDs for the resources in the chain.",
    },
    Attribute {
        name: "attributes",
        kind: "map",
        description: "A map of resource names to the specified attribute of each individual resource.",
    },
    SHOW_ROW,
];

impl Composite for ResourceChain {
    fn name(&self) -> &'static str {
        "OS::Heat::ResourceChain"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::list("resources")
                .required()
                .updatable()
                .described("The list of resource types to create. This list may contain type names or aliases defined in the resource registry. Specific template names are not supported."),
            Property::boolean("concurrent")
                .default(false)
                .described("If true, the resources in the chain will be created concurrently. If false or omitted, each resource will be treated as having a dependency on the previous resource in the list."),
            Property::map("resource_properties")
                .described("Properties to pass to each resource being created in the chain."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn child(&self, form: &Form<'_>, _: Option<Round>) -> template::Result<Option<Child>> {
        let Some(Value::Array(types)) = form.get("resources") else { return Ok(None) };
        let properties = form.get("resource_properties").filter(|value| value.is_object());
        let concurrent = form.get("concurrent").is_some_and(|flag| flag == &Value::Bool(true));
        let mut chain = Map::new();
        for (index, kind) in types.iter().enumerate() {
            let mut definition = Map::new();
            definition.insert("type".to_owned(), Value::from(python::text(kind)));
            if let Some(properties) = properties {
                definition.insert("properties".to_owned(), properties.clone());
            }
            if let (false, Some(before)) = (concurrent, index.checked_sub(1)) {
                definition.insert("depends_on".to_owned(), Value::from(before.to_string()));
            }
            chain.insert(index.to_string(), Value::Object(members::cleaned(&definition)));
        }
        Ok(Some(Child { template: members::template(chain), ..Child::default() }))
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
        if let Some(value) = inside.by_name(name, path)? {
            return Ok(value);
        }
        let members = inside.declared();
        match name {
            "refs" => Ok(select(&inside.references(&members)?, path)),
            "attributes" if path.is_empty() => Err(inside.no_attribute(name)),
            "attributes" => inside.attributes_by_name(&members, path),
            _ => members.iter().map(|member| inside.at(member, name, path)).collect(),
        }
    }
}
