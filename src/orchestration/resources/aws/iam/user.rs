//! `AWS::IAM::User`: a user of the stack, who reads of the resources that his policies leave him.

use futures_util::future::BoxFuture;
use kit::error::{Error, Result};
use kit::secret::Secret;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW};
use crate::stack_resources::model::Resource;
use crate::stack_resources::store;
use crate::stack_users;
use crate::template::{Property, Schema};

pub(crate) struct User;

/// The types of resources that a policy can be.
const POLICY: &str = "OS::Heat::AccessPolicy";
const POLICIES: &str = "Policies";

impl Plugin for User {
    fn name(&self) -> &'static str {
        "AWS::IAM::User"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let policies = policies(act)?;
        let profile = act.resource.properties.get("LoginProfile");
        let password = profile.and_then(|profile| profile.get("Password")).and_then(Value::as_str);
        match password.map(Secret::new) {
            Some(password) => stack_users::make_with(act, &password)?,
            None => stack_users::make(act)?,
        }
        stack_users::leave(act.resource, policies);
        act.resource.physical = stack_users::id_of(act.resource).map(|id| id.to_string());
        Ok(())
    }

    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        stack_users::follow(context, resource)
    }

    fn reference(&self, look: &Look<'_>) -> String {
        stack_users::name_of(look)
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

/// The names of the policies. Heat: what is no name of a resource, a policy in Amazon's words, does
/// not count.
fn policies(act: &Act<'_>) -> Result<Vec<Value>> {
    let rows = store::of_stack(act.hand.connection, &act.stack.id)?;
    let given = act.resource.properties.get(POLICIES).and_then(Value::as_array);
    let names: Vec<Value> =
        given.into_iter().flatten().filter(|policy| policy.is_string()).cloned().collect();
    let is_there = |name: &Value| {
        let is_policy = |row: &Resource| *name == row.name && row.resource_type == POLICY;
        rows.iter().any(is_policy)
    };
    if names.iter().all(is_there) {
        return Ok(names);
    }
    let name = &act.resource.name;
    let sentence = format!("The Referenced Attribute ({name} {POLICIES}) is incorrect.");
    Err(Error::bad_request(sentence).tag("InvalidTemplateAttribute"))
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("Path").described("Not Implemented."),
        Property::list("Groups").described("Not Implemented."),
        Property::map("LoginProfile").with([Property::string("Password")]).described("A login profile for the user."),
        Property::list(POLICIES).described("Access policies to apply to the user."),
    ])
}
