//! Groups of servers that a launch configuration describes: what Amazon's group and
//! `OS::Heat::InstanceGroup` share.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::duration;
use super::members::Batches;
use crate::engine::scope::Rows;
use crate::resources::aws::autoscaling::launch_configuration;
use crate::resources::nested::{Child, Form, Inside};
use crate::resources::{Act, Attribute, SHOW_ROW, object};
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_resources::store;
use crate::stacks::blueprint::Blueprint;
use crate::template::{self, NothingYet, Property, Resolved, Schema, Scope};

/// The property that names the launch configuration by its reference.
pub(crate) const CONFIGURATION: &str = "LaunchConfigurationName";
/// The property that names the load balancers before the group.
pub(crate) const BALANCERS: &str = "LoadBalancerNames";
/// Where a group keeps what its next member is made of.
const MEMBER: &str = "member";
/// What members are called in the nested stack, and what they are.
static TYPES: &[(&str, &str)] = &[("OS::Heat::ScaledResource", "AWS::EC2::Instance")];
/// The longest pause between two batches (Heat: an hour).
const MAX_PAUSE_SECONDS: i64 = 3600;

pub(crate) static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "InstanceList",
        kind: "string",
        description: "A comma-delimited list of server ip addresses. (Heat extension).",
    },
    SHOW_ROW,
];

/// The properties that all such groups have.
#[rustfmt::skip] // a row is a line
pub(crate) fn common() -> [Property; 3] {
    [
        Property::list("AvailabilityZones").required().described("Not Implemented."),
        Property::list(BALANCERS).described("List of LoadBalancer resources. Currently only the AWS::ElasticLoadBalancing::LoadBalancer resource type is supported."),
        Property::list("Tags").of(Property::map("*").with([
            Property::string("Key").required().described("Tag key."),
            Property::string("Value").required().described("Tag value."),
        ])).described("Tags to attach to this group."),
    ]
}

/// What an update policy says under that key.
pub(crate) fn update_policy(key: &'static str) -> Schema {
    Schema::of([Property::map(key).with([
        Property::integer("MinInstancesInService").default(0),
        Property::integer("MaxBatchSize").default(1),
        Property::string("PauseTime").default("PT0S"),
    ])])
}

/// Says what is wrong with the configuration that a group names, and with its update policy.
pub(crate) fn validate(form: &Form<'_>, policy: &str) -> template::Result<()> {
    if let Some(name) = form.text(CONFIGURATION) {
        let known = form.blueprint.definition.resource(name);
        let refusal = match known {
            None => "reference can not be found.",
            Some(_) if !requires(form, name)? => {
                "requires a reference to the configuration not just the name of the resource."
            }
            Some(_) => "",
        };
        if !refusal.is_empty() {
            let sentence = format!("{CONFIGURATION} ({name}) {refusal}");
            return Err(template::Error::validation(sentence));
        }
    }
    let definition = &form.blueprint.definition;
    let Some(resource) = definition.resource(form.name) else { return Ok(()) };
    let said = definition.update_policy(resource, &NothingYet).unwrap_or_default();
    batches(&said, policy).map(drop)
}

fn requires(form: &Form<'_>, name: &str) -> template::Result<bool> {
    let graph = form.blueprint.definition.graph()?;
    Ok(graph.requires(form.name).any(|required| required == name))
}

/// The batches that an update policy wants.
pub(crate) fn batches(update_policy: &Value, key: &str) -> template::Result<Option<Batches>> {
    let Some(Value::Object(policy)) = update_policy.get(key) else { return Ok(None) };
    let number =
        |name: &str| policy.get(name).and_then(|value| usize::try_from(value.as_i64()?).ok());
    let pause = policy.get("PauseTime").and_then(Value::as_str).unwrap_or("PT0S");
    let seconds = duration::seconds(pause)?;
    if seconds > MAX_PAUSE_SECONDS {
        return Err(template::Error::validation("Maximum PauseTime is 1 hour."));
    }
    Ok(Some(Batches {
        min_in_service: number("MinInstancesInService").unwrap_or_default(),
        max_batch_size: number("MaxBatchSize").unwrap_or(1),
        pause_ms: seconds * 1000,
        extra_goes: false,
    }))
}

/// Keeps what the next members are made of: the configuration and the group's tags. `more` are
/// properties that the group itself gives its members, `own_tags` the keys of tags that name it.
pub(crate) fn note(
    act: &mut Act<'_>,
    properties: &Map<String, Value>,
    more: Map<String, Value>,
    own_tags: &[&str],
) -> Result<()> {
    let (mut member, metadata) = described(act, properties)?;
    member.extend(more);
    member.insert("Tags".to_owned(), tags(act, properties, own_tags));
    let mut definition = Map::from_iter([
        ("Type".to_owned(), Value::from("OS::Heat::ScaledResource")),
        ("Properties".to_owned(), Value::Object(member)),
    ]);
    if metadata.as_object().is_some_and(|metadata| !metadata.is_empty()) {
        definition.insert("Metadata".to_owned(), metadata);
    }
    act.resource.data.insert(MEMBER.to_owned(), Value::Object(definition));
    Ok(())
}

/// Properties and metadata of a member as the group's server or configuration describes it.
fn described(
    act: &Act<'_>,
    properties: &Map<String, Value>,
) -> Result<(Map<String, Value>, Value)> {
    if let Some(server) = properties.get("InstanceId").and_then(Value::as_str) {
        return Ok((launch_configuration::of_server(act, server)?, Value::Null));
    }
    let configuration = configuration(act, properties)?;
    Ok((launch_configuration::complete(&configuration), configuration.metadata))
}

/// The launch configuration that a group names by its reference.
fn configuration(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Resource> {
    let wanted = properties.get(CONFIGURATION).cloned().unwrap_or_default();
    let blueprint = Blueprint::of(act.stack)?;
    let scope = Rows::new(act.hand, act.stack, &blueprint);
    let rows = store::of_stack(act.hand.connection, &act.stack.id)?;
    let is_it = |row: &Resource| {
        let is_type = row.resource_type == launch_configuration::NAME;
        let known = || scope.reference(&row.name) == Ok(Resolved::Known(wanted.clone()));
        row.wanted == Wanted::Made && is_type && known()
    };
    rows.into_iter().find(is_it).ok_or_else(|| {
        let wanted = wanted.as_str().unwrap_or_default();
        let sentence = format!("{CONFIGURATION} ({wanted}) reference can not be found.");
        Error::bad_request(sentence).tag("ValueError")
    })
}

/// The group's tags and, unless one of them is measured by already, its own.
fn tags(act: &Act<'_>, properties: &Map<String, Value>, own: &[&str]) -> Value {
    let tags = properties.get("Tags").and_then(Value::as_array).cloned().unwrap_or_default();
    let is_metered = |tag: &Value| {
        tag.get("Key").and_then(Value::as_str).is_some_and(|key| key.starts_with("metering."))
    };
    let skipped = usize::from(tags.iter().any(is_metered));
    let reference = act.resource.physical.clone().unwrap_or_else(|| act.resource.name.clone());
    let tag = |key: &&str| {
        object([("Key", Value::from(*key)), ("Value", Value::from(reference.as_str()))])
    };
    let own: Vec<Value> = own.iter().skip(skipped).map(tag).collect();
    tags.into_iter().chain(own).collect()
}

/// What a member is made of. Before anything exists, the template tells of the configuration.
pub(crate) fn define(form: &Form<'_>) -> Option<Value> {
    if !form.is_unborn {
        return form.data.get(MEMBER).cloned();
    }
    let definition = &form.blueprint.definition;
    let configuration = definition.resource(form.text(CONFIGURATION)?)?;
    let properties = launch_configuration::plain(&definition.foreseen(configuration));
    let kind = Value::from("OS::Heat::ScaledResource");
    Some(object([("Type", kind), ("Properties", Value::Object(properties))]))
}

/// The nested stack of these members.
pub(crate) fn child(members: Map<String, Value>) -> Child {
    let version = Value::from("2012-12-12");
    let resources = Value::Object(members);
    let template = object([("HeatTemplateFormatVersion", version), ("Resources", resources)]);
    Child { template, types: TYPES, ..Child::default() }
}

pub(crate) fn attribute(inside: &Inside<'_>, name: &str, _: &[Value]) -> Result<Value> {
    if name != "InstanceList" {
        return Err(inside.no_attribute(name));
    }
    let address = |member: &String| inside.at(member, "PublicIp", &[]);
    let addresses: Vec<Value> = inside.serving().iter().map(address).collect::<Result<_>>()?;
    let texts: Vec<&str> = addresses.iter().filter_map(Value::as_str).collect();
    Ok(if texts.is_empty() { Value::Null } else { Value::String(texts.join(",")) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_policy_says_batches_and_pauses_no_longer_than_an_hour() {
        let said = |pause: &str| {
            let policy = json!({"RollingUpdate": {"MaxBatchSize": 2, "PauseTime": pause}});
            batches(&policy, "RollingUpdate")
        };
        let found = said("PT1M5S").unwrap().unwrap();
        assert_eq!((found.max_batch_size, found.pause_ms), (2, 65_000));
        assert!(said("PT1H1S").is_err());
        assert!(batches(&json!({}), "RollingUpdate").unwrap().is_none());
    }
}
