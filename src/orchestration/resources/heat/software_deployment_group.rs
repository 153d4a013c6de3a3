//! `OS::Heat::SoftwareDeploymentGroup` and its relatives: one config on several servers, each by
//! the name that the template gives it. A deployment per server in a nested stack, so each is
//! signalled by itself.

use kit::error::Result;
use serde_json::{Map, Value};

use super::resource_group::{batch, rounds};
use super::{deploying, members};
use crate::resources::nested::{Child, Composite, Form, Inside, Member, Nested, Round};
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{self, Property, Schema, select};

/// A type of groups of deployments.
pub(crate) struct Group {
    name: &'static str,
    /// The type of its members.
    member: &'static str,
    is_structured: bool,
}

/// Every such type; the plural names are the older ones.
pub(crate) static SOFTWARE: Nested<Group> = software("OS::Heat::SoftwareDeploymentGroup");
/// See [`SOFTWARE`].
pub(crate) static SOFTWARE_PLURAL: Nested<Group> = software("OS::Heat::SoftwareDeployments");
/// See [`SOFTWARE`].
pub(crate) static STRUCTURED: Nested<Group> = structured("OS::Heat::StructuredDeploymentGroup");
/// See [`SOFTWARE`].
pub(crate) static STRUCTURED_PLURAL: Nested<Group> = structured("OS::Heat::StructuredDeployments");

const fn software(name: &'static str) -> Nested<Group> {
    Nested(Group { name, member: "OS::Heat::SoftwareDeployment", is_structured: false })
}

const fn structured(name: &'static str) -> Nested<Group> {
    Nested(Group { name, member: "OS::Heat::StructuredDeployment", is_structured: true })
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "deploy_stdouts",
        kind: "map",
        description: "A map of Nova names and captured stdouts from the configuration execution to each server.",
    },
    Attribute {
        name: "deploy_stderrs",
        kind: "map",
        description: "A map of Nova names and captured stderrs from the configuration execution to each server.",
    },
    Attribute {
        name: "deploy_status_codes",
        kind: "map",
        description: "A map of Nova names and returned status code from the configuration execution.",
    },
    SHOW_ROW,
];

/// What it is of each server, and the property of a member that it becomes.
const SERVERS: &str = "servers";
const SERVER: &str = "server";

/// What an attribute of the group is called that has another name in its members.
static PLURALS: &[(&str, &str)] = &[
    ("deploy_stdouts", "deploy_stdout"),
    ("deploy_stderrs", "deploy_stderr"),
    ("deploy_status_codes", "deploy_status_code"),
];

impl Composite for Group {
    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        deploying::schema(true, self.is_structured)
    }

    fn update_policy(&self) -> Schema {
        Schema::of([
            Property::map("rolling_update").with(batch()),
            Property::map("batch_create").with(batch()),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn child(&self, form: &Form<'_>, round: Option<Round>) -> template::Result<Option<Child>> {
        let Some(Value::Object(servers)) = form.get(SERVERS) else { return Ok(None) };
        let define = |name: &str| self.member(form.properties, servers.get(name));
        let all = servers.keys();
        let members = match round {
            None => all.map(|name| (name.clone(), define(name))).collect(),
            Some(round) => {
                let names: Vec<&String> = all.take(round.size).collect();
                let old = first_to_go(form, servers);
                let is_old = |name: &&&String| old.iter().any(|member| member.name == ***name);
                let missing: Vec<&String> =
                    names.iter().filter(|name| !is_old(name)).copied().collect();
                let mut missing = missing.into_iter().cloned();
                members::after(round, old, define, || missing.next().unwrap_or_default())
            }
        };
        Ok(Some(Child { template: members::template(members), ..Child::default() }))
    }

    fn rounds(&self, form: &Form<'_>, _: &[String]) -> Result<Vec<Round>> {
        let wanted = form.get(SERVERS).and_then(Value::as_object).map_or(0, Map::len);
        Ok(rounds(form, true, wanted, form.members.len()))
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
        if let Some(value) = inside.by_name(name, path)? {
            return Ok(value);
        }
        let plural = PLURALS.iter().find(|(plural, _)| *plural == name);
        let name = plural.map_or(name, |(_, single)| single);
        let all = inside.attributes_by_name(&inside.declared(), &[Value::from(name)])?;
        Ok(select(&all, path))
    }
}

impl Group {
    /// The deployment to one server.
    fn member(&self, properties: &Map<String, Value>, server: Option<&Value>) -> Value {
        let mut properties = properties.clone();
        properties.remove(SERVERS);
        properties.insert(SERVER.to_owned(), server.cloned().unwrap_or_default());
        let definition = Map::from_iter([
            ("type".to_owned(), Value::from(self.member)),
            ("properties".to_owned(), Value::Object(properties)),
        ]);
        Value::Object(members::cleaned(&definition))
    }
}

/// The members that are there, those first whose servers are not wanted any more.
fn first_to_go(form: &Form<'_>, servers: &Map<String, Value>) -> Vec<Member> {
    let mut members = form.members.clone();
    members.sort_by_key(|member| servers.contains_key(&member.name));
    members
}
