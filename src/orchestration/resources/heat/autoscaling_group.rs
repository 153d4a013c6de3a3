//! `OS::Heat::AutoScalingGroup`: a number of resources of one definition that policies change.

use kit::error::Result;
use serde_json::{Map, Value};

use super::members::{self, Batches};
use super::scaled_group::ScaledGroup;
use crate::resources::nested::{Child, Form, Inside, Nested};
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema, select};

/// The type.
pub(crate) static GROUP: Nested<ScaledGroup> = Nested(ScaledGroup {
    name: "OS::Heat::AutoScalingGroup",
    class: "AutoScalingResourceGroup",
    schema,
    update_policy: Schema::default,
    attributes: ATTRIBUTES,
    member: "resource",
    size: "desired_capacity",
    limits: Some(("min_size", "max_size")),
    cooldown: "cooldown",
    validate: |_| Ok(()),
    note: |_, _| Ok(()),
    define,
    child: |members| Child { template: members::template(members), ..Child::default() },
    batches: |form| Ok(Some(batches(form))),
    attribute,
});

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "outputs",
        kind: "map",
        description: "A map of resource names to the specified attribute of each individual resource that is part of the AutoScalingGroup. This map specifies output parameters that are available once the AutoScalingGroup has been instantiated.",
    },
    Attribute {
        name: "outputs_list",
        kind: "list",
        description: "A list of the specified attribute of each individual resource that is part of the AutoScalingGroup. This list of attributes is available as an output once the AutoScalingGroup has been instantiated.",
    },
    Attribute {
        name: "current_size",
        kind: "integer",
        description: "The current size of AutoscalingResourceGroup.",
    },
    Attribute {
        name: "refs",
        kind: "list",
        description: "A list of resource IDs for the resources in the group.",
    },
    Attribute {
        name: "refs_map",
        kind: "map",
        description: "A map of resource names to IDs for the resources in the group.",
    },
    SHOW_ROW,
];

fn schema() -> Schema {
    let rolling = Value::Object(Map::from_iter([
        ("min_in_service".to_owned(), 0.into()),
        ("max_batch_size".to_owned(), 1.into()),
        ("pause_time".to_owned(), 0.into()),
    ]));
    Schema::of([
        Property::map("resource").required().updatable().described("Resource definition for the resources in the group, in HOT format. The value of this property is the definition of a resource just as if it had been declared in the template itself."),
        Property::integer("max_size").required().updatable().at_least(0).described("Maximum number of resources in the group."),
        Property::integer("min_size").required().updatable().at_least(0).described("Minimum number of resources in the group."),
        Property::integer("cooldown").updatable().described("Cooldown period, in seconds."),
        Property::integer("desired_capacity").updatable().described("Desired initial number of resources."),
        Property::map("rolling_updates").default(rolling).updatable().with([
            Property::integer("min_in_service").default(0).at_least(0).described("The minimum number of resources in service while rolling updates are being executed."),
            Property::integer("max_batch_size").default(1).at_least(1).described("The maximum number of resources to replace at once."),
            Property::number("pause_time").default(0).at_least(0).described("The number of seconds to wait between batches of updates."),
        ]).described("Policy for rolling updates for this scaling group."),
    ])
}

fn define(form: &Form<'_>) -> Option<Value> {
    let definition = form.get("resource")?.as_object()?;
    Some(Value::Object(members::cleaned(definition)))
}

fn batches(form: &Form<'_>) -> Batches {
    let policy = form.get("rolling_updates").cloned().unwrap_or_default();
    let number =
        |name: &str| policy.get(name).and_then(|value| usize::try_from(value.as_i64()?).ok());
    let pause = policy.get("pause_time").and_then(Value::as_f64);
    Batches {
        min_in_service: number("min_in_service").unwrap_or_default(),
        max_batch_size: number("max_batch_size").unwrap_or(1),
        pause_ms: members::pause_ms(pause.unwrap_or_default()),
        extra_goes: false,
    }
}

fn attribute(inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
    let members = inside.serving();
    if let Some(rest) = name.strip_prefix("resource.") {
        let (index, attribute) = rest.split_once('.').unwrap_or((rest, ""));
        let member = index.parse().ok().and_then(|index: usize| members.get(index));
        return inside.at(member.map_or(index, String::as_str), attribute, path);
    }
    match name {
        "current_size" => Ok(Value::from(members.len())),
        "refs" => Ok(select(&inside.references(&members)?, path)),
        "refs_map" => inside.references_by_name(&members),
        "outputs" if !path.is_empty() => inside.attributes_by_name(&members, path),
        "outputs_list" if !path.is_empty() => {
            members.iter().map(|member| inside.attribute(member, path)).collect()
        }
        _ => Err(inside.no_attribute(name)),
    }
}
