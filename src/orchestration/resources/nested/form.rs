//! What a nested stack is made of, and from which form of its resource.

use std::sync::Arc;

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::thing;
use crate::engine::scope::Rows;
use crate::resources::Look;
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_resources::store;
use crate::stacks::blueprint::Blueprint;
use crate::stacks::model::{Source, Stack, Status};
use crate::template::{self, Environment, Files, Snippet, Template};

/// What a nested stack is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Child {
    pub(crate) template: Value,
    pub(crate) parameters: Map<String, Value>,
    /// The name of its template, which must not stand for itself again inside.
    pub(crate) name: Option<String>,
    /// Types that stand for others inside.
    pub(crate) types: &'static [(&'static str, &'static str)],
    pub(crate) timeout_mins: Option<i64>,
}

impl Child {
    /// The source of the nested stack of a resource in a stack with these files and environment.
    pub(crate) fn source(
        &self,
        files: &Arc<Files>,
        environment: &Environment,
        resource: Option<&str>,
    ) -> template::Result<Source> {
        let inner = environment.child(self.parameters.clone(), resource, self.name.as_deref());
        let mut environment = inner.to_value();
        if let Some(Value::Object(registry)) = environment.get_mut("resource_registry") {
            let rows =
                self.types.iter().map(|(name, stands)| ((*name).to_owned(), (*stands).into()));
            registry.extend(rows);
        }
        Ok(Source {
            template: Template::parse(&self.template, files)?.to_value(),
            files: files.as_ref().clone(),
            environment,
            ..Source::default()
        })
    }
}

/// A member of a nested stack that is there.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// What the template of the nested stack says of it.
    pub(crate) definition: Value,
    pub(crate) failed: bool,
}

/// A resource as what its nested stack is made of.
pub(crate) struct Form<'a> {
    pub(crate) blueprint: &'a Blueprint,
    pub(crate) name: &'a str,
    pub(crate) resource_type: &'a str,
    pub(crate) properties: &'a Map<String, Value>,
    /// It is only looked at, before anything exists.
    pub(crate) is_unborn: bool,
    /// One member of a group may stand for all.
    pub(crate) is_sample: bool,
    /// The nested stack is there.
    pub(crate) is_there: bool,
    /// What the type has kept with the resource.
    pub(crate) data: Map<String, Value>,
    pub(crate) update_policy: Value,
    /// The members that are there: failed ones first, then in the order in which they came.
    pub(crate) members: Vec<Member>,
}

impl<'a> Form<'a> {
    /// Of a resource that is not there yet.
    pub(crate) fn unborn(
        blueprint: &'a Blueprint,
        resource: &'a template::Resource,
        properties: &'a Map<String, Value>,
    ) -> Self {
        Self {
            blueprint,
            name: &resource.name,
            resource_type: &resource.resource_type,
            properties,
            is_unborn: true,
            is_sample: true,
            is_there: false,
            data: Map::new(),
            update_policy: Value::Null,
            members: Vec::new(),
        }
    }

    /// A property that is there.
    pub(crate) fn get(&self, property: &str) -> Option<&'a Value> {
        self.properties.get(property).filter(|value| !value.is_null())
    }

    /// Whether the template gives the property, though maybe it is not known yet.
    pub(crate) fn is_given(&self, property: &str) -> bool {
        if self.properties.get(property).is_some_and(Value::is_null) {
            return false;
        }
        let resource = self.blueprint.definition.resource(self.name);
        let Some(Snippet::Map(members)) = resource.map(|row| &row.properties) else { return false };
        members.iter().any(|(name, value)| name == property && *value != Snippet::Omitted)
    }

    /// A property that is text and there.
    pub(crate) fn text(&self, property: &str) -> Option<&'a str> {
        self.get(property).and_then(Value::as_str)
    }

    /// A property that is a whole number and there.
    pub(crate) fn number(&self, property: &str) -> Option<i64> {
        let value = self.get(property)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }
}

/// The form of a resource that is made or changed, or that would be.
pub(super) fn of<'a>(
    look: &Look<'_>,
    blueprint: &'a Blueprint,
    properties: &'a Map<String, Value>,
) -> Result<Form<'a>> {
    let definition = blueprint.definition.resource(&look.resource.name);
    let definition = definition.ok_or_else(|| Error::internal("a resource without definition"))?;
    let there = thing(look)?;
    Ok(Form {
        is_unborn: false,
        is_sample: false,
        is_there: there.is_some(),
        data: look.resource.data.clone(),
        update_policy: policy(look, blueprint)?,
        members: match &there {
            Some(stack) => members(look, stack)?,
            None => Vec::new(),
        },
        ..Form::unborn(blueprint, definition, properties)
    })
}

/// The update policy of the resource, with its defaults.
fn policy(look: &Look<'_>, blueprint: &Blueprint) -> Result<Value> {
    let scope = Rows::new(look.hand, look.stack, blueprint);
    Ok(match blueprint.definition.resource(&look.resource.name) {
        Some(resource) => blueprint.definition.update_policy(resource, &scope)?,
        None => Value::Null,
    })
}

fn members(look: &Look<'_>, stack: &Stack) -> Result<Vec<Member>> {
    let mut rows = store::of_stack(look.hand.connection, &stack.id)?;
    rows.retain(|row| row.wanted != Wanted::Removed);
    rows.sort_by_key(|row| (row.status != Status::Failed, row.created_at, row.name.clone()));
    let written =
        ["resources", "Resources"].iter().find_map(|name| stack.source.template.get(name));
    let member = |row: &Resource| {
        let definition = written?.get(&row.name)?.clone();
        let failed = row.status == Status::Failed;
        Some(Member { name: row.name.clone(), definition, failed })
    };
    Ok(rows.iter().filter_map(member).collect())
}
