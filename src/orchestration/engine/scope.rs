//! What functions of a template learn of the resources of a stack: references and attributes, as
//! far as there are any.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::Hand;
use crate::resources::{self, Look};
use crate::stack_resources::model::Resource;
use crate::stack_resources::{logic, store as resource_store};
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::Stack;
use crate::template::{Error, Facade, Resolved, Result, Scope};

/// The resources of a stack as its template sees them, read when they are asked for.
pub(crate) struct Rows<'a> {
    hand: Hand<'a>,
    stack: &'a Stack,
    blueprint: &'a Blueprint,
    seen: RefCell<HashMap<String, Option<Rc<Resource>>>>,
}

impl<'a> Rows<'a> {
    /// Those of a stack.
    pub(crate) fn new(hand: Hand<'a>, stack: &'a Stack, blueprint: &'a Blueprint) -> Self {
        Self { hand, stack, blueprint, seen: RefCell::default() }
    }

    fn row(&self, name: &str) -> Result<Option<Rc<Resource>>> {
        if let Some(seen) = self.seen.borrow().get(name) {
            return Ok(seen.clone());
        }
        let row = logic::named(self.hand, self.stack, name).map_err(|error| told(&error))?;
        let row = row.map(Rc::new);
        self.seen.borrow_mut().insert(name.to_owned(), row.clone());
        Ok(row)
    }

    /// The row of that name whose thing is there, with what knows its type.
    fn there(&self, name: &str) -> Result<Option<(&'static dyn resources::Plugin, Rc<Resource>)>> {
        let Some(row) = self.row(name)?.filter(|row| row.is_there()) else { return Ok(None) };
        let registry = &self.blueprint.environment.registry;
        let plugin = blueprint::maker_of(registry, &row)?;
        Ok(Some((plugin, row)))
    }

    fn look<'r>(&'r self, resource: &'r Resource) -> Look<'r> {
        Look { hand: self.hand, stack: self.stack, resource }
    }
}

impl Scope for Rows<'_> {
    fn reference(&self, resource: &str) -> Result<Resolved> {
        Ok(match self.there(resource)? {
            Some((plugin, row)) => {
                Resolved::Known(Value::String(plugin.reference(&self.look(&row))))
            }
            None => Resolved::NotYet,
        })
    }

    fn attribute(&self, resource: &str, attribute: &str, path: &[Value]) -> Result<Resolved> {
        let Some((plugin, row)) = self.there(resource)? else { return Ok(Resolved::NotYet) };
        let value = plugin.attribute_at(&self.look(&row), attribute, path);
        Ok(Resolved::Known(value.map_err(|error| told(&error))?))
    }

    fn attributes(&self, resource: &str) -> Result<Resolved> {
        let Some((plugin, row)) = self.there(resource)? else { return Ok(Resolved::NotYet) };
        Ok(Resolved::Known(Value::Object(all_attributes(plugin, &self.look(&row)))))
    }

    fn facade(&self, part: Facade) -> Result<Resolved> {
        let outer = facade(self.hand, self.stack).map_err(|error| told(&error))?;
        let Some(row) = outer else {
            let message = "The \"resource_facade\" function is for nested templates";
            return Err(Error::validation(message));
        };
        Ok(Resolved::Known(match part {
            Facade::Metadata => row.metadata,
            Facade::UpdatePolicy => row.update_policy,
            Facade::DeletionPolicy => row.deletion_policy.as_str().into(),
        }))
    }

    fn availability_zones(&self) -> Result<Vec<String>> {
        Ok(vec![self.hand.platform.settings.compute.availability_zone.clone()])
    }
}

/// The resource whose thing the stack is.
fn facade(hand: Hand<'_>, stack: &Stack) -> kit::Result<Option<Resource>> {
    let Some(parent) = &stack.parent else { return Ok(None) };
    let rows = resource_store::of_stack(hand.connection, &parent.stack)?;
    let own = Some(stack.id.as_str());
    // While it is made, it is not named yet.
    let by_thing = rows.iter().find(|row| row.physical.as_deref() == own);
    let found = by_thing.or_else(|| rows.iter().rfind(|row| row.name == parent.resource));
    Ok(found.cloned())
}

/// Every attribute of a resource; one that cannot be had is null.
pub(crate) fn all_attributes(
    plugin: &'static dyn resources::Plugin,
    look: &Look<'_>,
) -> Map<String, Value> {
    let shown = plugin.shown(look).unwrap_or_default().into_iter();
    shown
        .map(|name| {
            let value = plugin.attribute(look, &name).unwrap_or_default();
            (name, value)
        })
        .collect()
}

fn told(error: &kit::Error) -> Error {
    Error::validation(error.public.clone())
}
