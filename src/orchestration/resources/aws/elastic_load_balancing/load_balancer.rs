//! `AWS::ElasticLoadBalancing::LoadBalancer`: one guest that runs `HAProxy`, in a nested stack.
//!
//! Its servers are those of the property `Instances`, and the members of all groups of the stack
//! that name it. The configuration is a software deployment in the nested stack: other servers are
//! another configuration, run in the guest as durably as every deployment.

use kit::error::{Error, Kind, Result};
use kit::ids::ServerId;
use serde_json::{Map, Value};

use super::haproxy;
use crate::engine::Hand;
use crate::resources::heat::launched::BALANCERS;
use crate::resources::heat::members;
use crate::resources::nested::{self, Child, Composite, Form, Inside, Nested, Round};
use crate::resources::nova::{delegated, server};
use crate::resources::{Act, Attribute, Look, SHOW_ROW, find_image, object};
use crate::stack_events::{self, model::Event};
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_resources::store;
use crate::stacks::model::{Action, Stack, Status};
use crate::stacks::store as stack_store;
use crate::template::{self, Property, Schema};

pub(in crate::resources) struct LoadBalancer;

/// The type.
pub(in crate::resources) static BALANCER: Nested<LoadBalancer> = Nested(LoadBalancer);

const NAME: &str = "AWS::ElasticLoadBalancing::LoadBalancer";
/// The image of the guest, unless the stack has a parameter for it.
const IMAGE: &str = "novadock/haproxy";
/// The flavor of the guest, unless the stack has a parameter for it.
const FLAVOR: &str = "m1.small";
const INSTANCES: &str = "Instances";
/// Where it keeps the addresses of its servers.
const ADDRESSES: &str = "addresses";

impl Composite for LoadBalancer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        let second = |key: &str| form.get("HealthCheck")?.get(key)?.as_f64();
        match (second("Interval"), second("Timeout")) {
            (Some(interval), Some(timeout)) if interval < timeout => {
                Err(template::Error::validation("Interval must be larger than Timeout"))
            }
            _ => Ok(()),
        }
    }

    fn note(&self, act: &mut Act<'_>, properties: &Map<String, Value>) -> Result<()> {
        if act.resource.physical.is_none() {
            check_image(act)?;
        }
        let found = addresses(act, properties)?;
        act.resource.data.insert(ADDRESSES.to_owned(), Value::from(found));
        Ok(())
    }

    fn child(&self, form: &Form<'_>, _: Option<Round>) -> template::Result<Option<Child>> {
        let kept = form.data.get(ADDRESSES).and_then(Value::as_array).into_iter().flatten();
        let servers: Vec<String> = kept.filter_map(Value::as_str).map(str::to_owned).collect();
        let script = haproxy::script(form.properties, &servers);
        let reference = |name: &str| object([("get_resource", Value::from(name))]);
        let resource = |kind: &str, properties: Map<String, Value>| {
            object([("type", Value::from(kind)), ("properties", Value::Object(properties))])
        };
        let config = [("group", Value::from("script")), ("config", Value::from(script))];
        let deployment = [("server", reference("LB_instance")), ("config", reference("LB_config"))];
        let resources = [
            ("LB_instance", resource("AWS::EC2::Instance", guest(form))),
            ("LB_config", resource("OS::Heat::SoftwareConfig", named(config))),
            ("LB_deployment", resource("OS::Heat::SoftwareDeployment", named(deployment))),
        ];
        let mut template = members::template(named(resources));
        let address = ["LB_instance", "PublicIp"].map(Value::from).to_vec();
        let output = object([("value", object([("get_attr", Value::from(address))]))]);
        if let Value::Object(sections) = &mut template {
            sections.insert("outputs".to_owned(), object([("PublicIp", output)]));
        }
        Ok(Some(Child { template, ..Child::default() }))
    }

    fn reference(&self, look: &Look<'_>) -> String {
        look.resource.name.clone()
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
        match name {
            "DNSName" => inside.output("PublicIp", path)?.ok_or_else(|| inside.no_attribute(name)),
            // Heat: the others mean nothing here.
            _ if ATTRIBUTES.iter().any(|row| row.name == name) => Ok(Value::from("")),
            _ => Err(inside.no_attribute(name)),
        }
    }
}

fn named<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The properties of the guest. Parameters of the stack around it may say what it is made of.
fn guest(form: &Form<'_>) -> Map<String, Value> {
    let given = |name: &str| parameter(form.blueprint.definition.parameters(), name);
    let image = given("LbImageId").unwrap_or_else(|| IMAGE.to_owned());
    let flavor = given("LbFlavor").unwrap_or_else(|| FLAVOR.to_owned());
    let mut guest = named([("ImageId", Value::from(image)), ("InstanceType", Value::from(flavor))]);
    if let Some(key) = given("KeyName") {
        guest.insert("KeyName".to_owned(), Value::from(key));
    }
    if let Some(groups) = form.get("SecurityGroups") {
        guest.insert("SecurityGroups".to_owned(), groups.clone());
    }
    guest
}

fn parameter(parameters: &template::Parameters, name: &str) -> Option<String> {
    let found = parameters.iter().find(|parameter| parameter.declaration.name == name)?;
    found.text().ok().filter(|text| !text.is_empty())
}

/// Says what to do about an image that is not there.
fn check_image(act: &Act<'_>) -> Result<()> {
    let blueprint = crate::stacks::blueprint::Blueprint::of(act.stack)?;
    let named = parameter(blueprint.definition.parameters(), "LbImageId");
    let image = named.unwrap_or_else(|| IMAGE.to_owned());
    match find_image(act.hand, &act.caller, &image) {
        Err(error) if error.kind == Kind::NotFound => Err(Error::not_found(format!(
            "There is no image {image} to make a load balancer of: `make demo-images` makes \
             {IMAGE}, or name an image that runs HAProxy by the parameter LbImageId of the stack."
        ))
        .tag("EntityNotFound")),
        outcome => outcome.map(drop),
    }
}

/// The addresses of the servers: those of the property, then those of the groups that name it.
fn addresses(act: &Act<'_>, properties: &Map<String, Value>) -> Result<Vec<String>> {
    let listed = properties.get(INSTANCES).and_then(Value::as_array).into_iter().flatten();
    let mut ids: Vec<String> = listed.filter_map(Value::as_str).map(str::to_owned).collect();
    for row in store::of_stack(act.hand.connection, &act.stack.id)? {
        if row.wanted == Wanted::Made && balancers(&row).contains(&act.resource.name.as_str()) {
            let look = Look { hand: act.hand, stack: act.stack, resource: &row };
            let Some(inside) = Inside::of(&look)? else { continue };
            let members = inside.references(&inside.serving())?;
            let members = members.as_array().into_iter().flatten().filter_map(Value::as_str);
            ids.extend(members.map(str::to_owned));
        }
    }
    let mut found = Vec::new();
    for id in ids {
        found.extend(address(act, &ServerId::from(id.as_str()))?);
    }
    Ok(found)
}

/// The first address of a server; one that is gone, or has none yet, serves nobody.
fn address(act: &Act<'_>, id: &ServerId) -> Result<Option<String>> {
    let shown = delegated(act.hand, act.stack, &act.caller, |delegate| delegate.show_server(id));
    match shown {
        Ok(shown) => {
            Ok(Some(server::addresses::first_address(&shown)).filter(|text| !text.is_empty()))
        }
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The load balancers that a group names.
fn balancers(group: &Resource) -> Vec<&str> {
    let names = group.properties.get(BALANCERS).and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The members of a nested stack may have changed: tells the load balancers that its group names.
pub(crate) fn follow(hand: Hand<'_>, stack: &Stack) -> Result<()> {
    let Some(parent) = &stack.parent else { return Ok(()) };
    let named = |name: &str| store::named(hand.connection, &parent.stack, name);
    let is_group = |row: &Resource| row.physical.as_deref() == Some(stack.id.as_str());
    let Some(group) = named(&parent.resource)?.into_iter().find(is_group) else { return Ok(()) };
    let is_balancer = |row: &Resource| row.resource_type == NAME && row.wanted == Wanted::Made;
    for name in balancers(&group) {
        for balancer in named(name)?.into_iter().filter(is_balancer) {
            let outer = stack_store::get_for_system(hand.connection, &parent.stack)?;
            outer.map_or(Ok(()), |outer| tell(hand, &outer, balancer))?;
        }
    }
    Ok(())
}

/// Gives a load balancer its servers anew, if they are others. What is wrong with that is its own
/// failure and not the group's.
fn tell(hand: Hand<'_>, outer: &Stack, mut balancer: Resource) -> Result<()> {
    let look = Look { hand, stack: outer, resource: &balancer };
    let asleep = [Action::Suspend, Action::Delete];
    if nested::thing(&look)?.is_none_or(|stack| asleep.contains(&stack.action)) {
        return Ok(());
    }
    let before = balancer.data.get(ADDRESSES).cloned();
    let mut act = Act { hand, caller: hand.caller(outer)?, stack: outer, resource: &mut balancer };
    let properties = act.resource.properties.clone();
    let mut outcome = LoadBalancer.note(&mut act, &properties);
    if outcome.is_ok() && act.resource.data.get(ADDRESSES) != before.as_ref() {
        outcome = nested::renew(&LoadBalancer, &mut act);
    }
    if let Err(error) = outcome {
        balancer.status = Status::Failed;
        balancer.reason = error.public;
        stack_events::store::insert(
            hand.connection,
            &Event::of_resource(outer, &balancer, hand.now),
        )?;
    }
    store::save(hand.connection, &balancer)
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "CanonicalHostedZoneName",
        kind: "string",
        description: "The name of the hosted zone that is associated with the LoadBalancer.",
    },
    Attribute {
        name: "CanonicalHostedZoneNameID",
        kind: "string",
        description: "The ID of the hosted zone name that is associated with the LoadBalancer.",
    },
    Attribute {
        name: "DNSName",
        kind: "string",
        description: "The DNS name for the LoadBalancer.",
    },
    Attribute {
        name: "SourceSecurityGroup.GroupName",
        kind: "string",
        description: "The security group that you can use as part of your inbound rules for your LoadBalancer's back-end instances.",
    },
    Attribute {
        name: "SourceSecurityGroup.OwnerAlias",
        kind: "string",
        description: "Owner of the source security group.",
    },
    SHOW_ROW,
];

#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::list("AvailabilityZones").required().described("The Availability Zones in which to create the load balancer."),
        Property::map("HealthCheck").with([
            Property::integer("HealthyThreshold").required().described("The number of consecutive health probe successes required before moving the instance to the healthy state."),
            Property::integer("Interval").required().described("The approximate interval, in seconds, between health checks of an individual instance."),
            Property::string("Target").required().described("The port being checked."),
            Property::integer("Timeout").required().described("Health probe timeout, in seconds."),
            Property::integer("UnhealthyThreshold").required().described("The number of consecutive health probe failures required before moving the instance to the unhealthy state"),
        ]).described("An application health check for the instances."),
        Property::list(INSTANCES).updatable().described("The list of instance IDs load balanced."),
        Property::list("Listeners").required().of(Property::map("*").with([
            Property::integer("InstancePort").required().described("TCP port on which the instance server is listening."),
            Property::integer("LoadBalancerPort").required().described("The external load balancer port number."),
            Property::string("Protocol").required().allowed(["TCP", "HTTP"]).described("The load balancer transport protocol to use."),
            Property::string("SSLCertificateId").refused(),
            Property::list("PolicyNames").refused(),
        ])).described("One or more listeners for this load balancer."),
        Property::string("AppCookieStickinessPolicy").refused(),
        Property::string("LBCookieStickinessPolicy").refused(),
        Property::list("SecurityGroups").updatable().described("List of Security Groups assigned on current LB."),
        Property::list("Subnets").refused(),
    ])
}
