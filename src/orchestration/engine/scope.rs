//! What functions of a template learn of the resources of a stack: references and attributes, as
//! far as there are any.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Hand;
use crate::resources::{self, Look};
use crate::stack_resources::model::{Resource, Wanted};
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::Stack;
use crate::template::{Error, Facade, Resolved, Result, Scope, select};

/// The resources of a stack as its template sees them.
pub(crate) struct Rows<'a> {
    hand: Hand<'a>,
    stack: &'a Stack,
    blueprint: &'a Blueprint,
    by_name: HashMap<&'a str, &'a Resource>,
}

impl<'a> Rows<'a> {
    /// Of these rows. Where an update has two of a name, the one that is to stay counts.
    pub(crate) fn new(
        hand: Hand<'a>,
        stack: &'a Stack,
        blueprint: &'a Blueprint,
        rows: &'a [Resource],
    ) -> Self {
        let mut by_name = HashMap::new();
        for row in rows {
            if row.wanted != Wanted::Removed || !by_name.contains_key(row.name.as_str()) {
                by_name.insert(row.name.as_str(), row);
            }
        }
        Self { hand, stack, blueprint, by_name }
    }

    /// The row of that name whose thing is there, with what knows its type.
    fn there(&self, name: &str) -> Result<Option<(&'static dyn resources::Plugin, Look<'_>)>> {
        let Some(resource) = self.by_name.get(name).filter(|row| row.is_there()) else {
            return Ok(None);
        };
        let registry = &self.blueprint.environment.registry;
        let plugin = blueprint::implementation(registry, &resource.resource_type, name)?;
        Ok(Some((plugin, Look { hand: self.hand, stack: self.stack, resource })))
    }
}

impl Scope for Rows<'_> {
    fn reference(&self, resource: &str) -> Result<Resolved> {
        Ok(match self.there(resource)? {
            Some((plugin, look)) => Resolved::Known(Value::String(plugin.reference(&look))),
            None => Resolved::NotYet,
        })
    }

    fn attribute(&self, resource: &str, attribute: &str, path: &[Value]) -> Result<Resolved> {
        let Some((plugin, look)) = self.there(resource)? else { return Ok(Resolved::NotYet) };
        let value = plugin.attribute(&look, attribute).map_err(|error| told(&error))?;
        Ok(Resolved::Known(select(&value, path)))
    }

    fn attributes(&self, resource: &str) -> Result<Resolved> {
        let Some((plugin, look)) = self.there(resource)? else { return Ok(Resolved::NotYet) };
        Ok(Resolved::Known(Value::Object(all_attributes(plugin, &look))))
    }

    fn facade(&self, _: Facade) -> Result<Resolved> {
        let message = "The \"resource_facade\" function is for nested templates";
        Err(Error::validation(message))
    }

    fn availability_zones(&self) -> Result<Vec<String>> {
        Ok(vec![self.hand.platform.settings.compute.availability_zone.clone()])
    }
}

/// Every attribute of a resource; one that cannot be had is null.
pub(crate) fn all_attributes(
    plugin: &'static dyn resources::Plugin,
    look: &Look<'_>,
) -> Map<String, Value> {
    let shown = plugin.attributes().iter().filter(|attribute| attribute.name != resources::SHOW);
    shown
        .map(|attribute| {
            let value = plugin.attribute(look, attribute.name);
            (attribute.name.to_owned(), value.unwrap_or_default())
        })
        .collect()
}

fn told(error: &kit::Error) -> Error {
    Error::validation(error.public.clone())
}
