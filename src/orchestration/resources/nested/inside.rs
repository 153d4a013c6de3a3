//! What is inside a nested stack, for the attributes of its resource.

use std::sync::Arc;

use kit::error::{Error, Result};
use serde_json::Value;

use super::thing;
use crate::engine::scope::Rows;
use crate::resources::Look;
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_resources::store;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Stack, Status};
use crate::template::{self, Output, Resolved, Scope, select};

/// What is inside a nested stack, for the attributes of its resource.
pub(crate) struct Inside<'a> {
    pub(crate) look: Look<'a>,
    pub(crate) stack: Stack,
    blueprint: Arc<Blueprint>,
    rows: Vec<Resource>,
}

impl<'a> Inside<'a> {
    /// Of a resource; `None` while it has no nested stack.
    pub(crate) fn of(look: &Look<'a>) -> Result<Option<Self>> {
        let Some(stack) = thing(look)? else { return Ok(None) };
        let blueprint = Blueprint::of(&stack)?;
        let rows = store::of_stack(look.hand.connection, &stack.id)?;
        Ok(Some(Self { look: *look, blueprint, rows, stack }))
    }

    fn scope(&self) -> Rows<'_> {
        Rows::new(self.look.hand, &self.stack, &self.blueprint)
    }

    /// The members that have not failed, in the order in which they came.
    pub(crate) fn serving(&self) -> Vec<String> {
        let serves =
            |row: &&Resource| row.wanted != Wanted::Removed && row.status != Status::Failed;
        let mut rows: Vec<&Resource> = self.rows.iter().filter(serves).collect();
        rows.sort_by_key(|row| (row.created_at, &row.name));
        rows.into_iter().map(|row| row.name.clone()).collect()
    }

    /// The members that the template of the nested stack names, in its order.
    pub(crate) fn declared(&self) -> Vec<String> {
        self.blueprint.definition.resources().map(|row| row.name.clone()).collect()
    }

    /// The references of these members.
    pub(crate) fn references(&self, members: &[String]) -> Result<Value> {
        members.iter().map(|member| self.reference(member)).collect()
    }

    /// The references of these members by name.
    pub(crate) fn references_by_name(&self, members: &[String]) -> Result<Value> {
        let pairs = members.iter().map(|member| Ok((member.clone(), self.reference(member)?)));
        Ok(Value::Object(pairs.collect::<Result<_>>()?))
    }

    /// An attribute of these members by name.
    pub(crate) fn attributes_by_name(&self, members: &[String], path: &[Value]) -> Result<Value> {
        let pairs =
            members.iter().map(|member| Ok((member.clone(), self.attribute(member, path)?)));
        Ok(Value::Object(pairs.collect::<Result<_>>()?))
    }

    /// What a member is known by.
    pub(crate) fn reference(&self, member: &str) -> Result<Value> {
        self.check(member)?;
        Ok(or_null(self.scope().reference(member)?))
    }

    /// An attribute of a member; `path` begins with its name.
    pub(crate) fn attribute(&self, member: &str, path: &[Value]) -> Result<Value> {
        self.check(member)?;
        let Some((name, path)) = path.split_first() else { return Ok(Value::Null) };
        let name = name.as_str().unwrap_or_default();
        Ok(or_null(self.scope().attribute(member, name, path)?))
    }

    /// `resource.<member>` and `resource.<member>.<attribute>`; `None` if it is neither.
    pub(crate) fn by_name(&self, key: &str, path: &[Value]) -> Result<Option<Value>> {
        let Some(rest) = key.strip_prefix("resource.") else { return Ok(None) };
        let (member, attribute) = rest.split_once('.').unwrap_or((rest, ""));
        self.at(member, attribute, path).map(Some)
    }

    /// The attribute of a member, or what it is known by if none is named.
    pub(crate) fn at(&self, member: &str, attribute: &str, path: &[Value]) -> Result<Value> {
        let first = (!attribute.is_empty()).then(|| Value::from(attribute));
        let way: Vec<Value> = first.into_iter().chain(path.iter().cloned()).collect();
        if way.is_empty() { self.reference(member) } else { self.attribute(member, &way) }
    }

    fn check(&self, member: &str) -> Result<()> {
        if self.blueprint.definition.resource(member).is_some() {
            return Ok(());
        }
        let group = &self.look.resource.name;
        let sentence = format!("Member '{member}' not found in group resource '{group}'.");
        Err(Error::not_found(sentence).tag("NotFound"))
    }

    /// The outputs of the nested stack.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.blueprint.definition.outputs()
    }

    /// The value of an output; `None` if there is none of that name.
    pub(crate) fn output(&self, name: &str, path: &[Value]) -> Result<Option<Value>> {
        let definition = &self.blueprint.definition;
        let Some(output) = definition.output(name) else { return Ok(None) };
        let resource = &self.look.resource.name;
        let value = definition.output_value(output, &self.scope()).map_err(|error| {
            let sentence = format!("Error in {resource} output {name}: {}", error.message());
            Error::bad_request(sentence).tag("TemplateOutputError")
        })?;
        let value = or_null(value);
        Ok(Some(select(&value, path)))
    }

    /// What the nested stack is called in the cloud.
    pub(crate) fn arn(&self) -> String {
        blueprint::identity(&self.stack).arn()
    }

    /// Heat's refusal of an attribute that is not there.
    pub(crate) fn no_attribute(&self, key: &str) -> Error {
        template::Error::attribute(&self.look.resource.name, key).into()
    }
}

fn or_null(resolved: Resolved) -> Value {
    match resolved {
        Resolved::Known(value) => value,
        Resolved::NotYet => Value::Null,
    }
}
