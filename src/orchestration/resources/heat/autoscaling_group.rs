//! `OS::Heat::AutoScalingGroup`: a number of resources of one definition that policies change.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::members::{self, Adjustment, Batches};
use crate::resources::nested::{self, Child, Composite, Form, Inside, Round, Rounds};
use crate::resources::{Act, Attribute, SHOW_ROW};
use crate::stack_resources::model::{Resource, short_id};
use crate::stacks::model::Status;
use crate::template::{self, Property, Schema, select};

pub(crate) struct AutoScalingGroup;

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

impl Composite for AutoScalingGroup {
    fn name(&self) -> &'static str {
        "OS::Heat::AutoScalingGroup"
    }

    fn class(&self) -> &'static str {
        "AutoScalingResourceGroup"
    }

    fn schema(&self) -> Schema {
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

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn child(&self, form: &Form<'_>, round: Option<Round>) -> template::Result<Option<Child>> {
        let Some(Value::Object(definition)) = form.get("resource") else { return Ok(None) };
        let definition = Value::Object(members::cleaned(definition));
        check_sizes(form)?;
        let size = if form.is_unborn { 1 } else { first_size(form) };
        let round = round.unwrap_or(Round { size, fresh: size });
        let old = form.members.clone();
        let members = members::after(round, old, |_| definition.clone(), short_id);
        Ok(Some(Child { template: members::template(members), ..Child::default() }))
    }

    fn rounds(&self, form: &Form<'_>, changed: &[String]) -> Result<Rounds> {
        if !form.is_there {
            return Ok(Rounds::default());
        }
        let current = form.members.len();
        let serving = form.members.iter().filter(|member| !member.failed).count();
        let desired = count(form.number("desired_capacity")).filter(|size| *size > 0);
        let limits = Limits::of(form.properties);
        let policy = form.get("rolling_updates").cloned().unwrap_or_default();
        let number = |name: &str| count(policy.get(name).and_then(Value::as_i64));
        let batches = Batches {
            min_in_service: number("min_in_service").unwrap_or_default(),
            max_batch_size: number("max_batch_size").unwrap_or(1),
            extra_goes: false,
        };
        let mut list = Vec::new();
        if changed.iter().any(|name| name == "resource") {
            list = batches.rounds(desired.unwrap_or(current).min(current), current);
        }
        let size = desired.unwrap_or(serving).min(limits.max).max(limits.min);
        list.push(Round { size, fresh: 0 });
        let pause_seconds = policy.get("pause_time").and_then(Value::as_f64).unwrap_or_default();
        Ok(Rounds { list, pause_seconds })
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
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
}

/// The sizes that a group may have.
#[derive(Clone, Copy, Debug)]
struct Limits {
    min: usize,
    max: usize,
}

impl Limits {
    fn of(properties: &Map<String, Value>) -> Self {
        let number = |name| count(properties.get(name).and_then(Value::as_i64));
        Self { min: number("min_size").unwrap_or_default(), max: number("max_size").unwrap_or(0) }
    }
}

fn count(number: Option<i64>) -> Option<usize> {
    number.and_then(|number| usize::try_from(number).ok())
}

/// How many members a new group has.
fn first_size(form: &Form<'_>) -> usize {
    let desired = count(form.number("desired_capacity")).filter(|size| *size > 0);
    desired.or(count(form.number("min_size"))).unwrap_or_default()
}

fn check_sizes(form: &Form<'_>) -> template::Result<()> {
    let (Some(min), Some(max)) = (form.number("min_size"), form.number("max_size")) else {
        return Ok(());
    };
    if max < min {
        return Err(template::Error::validation("MinSize can not be greater than MaxSize"));
    }
    match form.number("desired_capacity") {
        Some(desired) if desired < min || desired > max => {
            let sentence = "DesiredCapacity must be between MinSize and MaxSize";
            Err(template::Error::validation(sentence))
        }
        Some(_) | None => Ok(()),
    }
}

/// How a policy changes the size of its group.
pub(crate) struct Scaling<'a> {
    pub(crate) adjustment: Adjustment,
    pub(crate) kind: &'a str,
    /// How many seconds the group is left alone; the group's own if the policy has none.
    pub(crate) cooldown: Option<f64>,
}

/// When the group may be scaled again; kept with it.
const COOL_AT: &str = "cooldown_end";

/// Scales a group as a policy says; `false` if it is left as it is: it is at work, has just been
/// scaled, or is as large as that already.
pub(crate) fn scale(act: &mut Act<'_>, scaling: &Scaling<'_>) -> Result<bool> {
    let Some(inside) = Inside::of(&act.look())? else { return Ok(false) };
    let at_work = [act.resource.status, inside.stack.status].contains(&Status::InProgress);
    let current = inside.serving().len();
    let limits = Limits::of(&act.resource.properties);
    let Limits { min, max } = limits;
    let size = members::adjusted(current, scaling.adjustment, scaling.kind, min, max)?;
    let own = act.resource.properties.get("cooldown").and_then(Value::as_f64);
    let cooldown = scaling.cooldown.or(own).unwrap_or_default().max(0.0);
    let is_failed = act.resource.status != Status::Complete;
    if at_work || is_failed || size == current || is_warm(act, cooldown) {
        return Ok(false);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a float is cut to what fits")]
    let cool_at = act.hand.now.plus_ms((cooldown * 1000.0) as i64);
    act.resource.data.insert(COOL_AT.to_owned(), Value::from(cool_at.0));
    nested::resize(&AutoScalingGroup, act, size)?;
    Ok(true)
}

/// Whether the group was scaled, made or changed less than its cooldown ago.
fn is_warm(act: &Act<'_>, cooldown: f64) -> bool {
    let now = act.hand.now;
    let scaled = act.resource.data.get(COOL_AT).and_then(Value::as_i64);
    #[expect(clippy::cast_possible_truncation, reason = "a float is cut to what fits")]
    let settled = act.resource.updated_at.plus_ms((cooldown * 1000.0) as i64);
    scaled.is_some_and(|until| now.0 < until) || now < settled
}

/// Whether policies may scale the resource.
pub(crate) fn check(resource: &Resource) -> Result<()> {
    if resource.resource_type == AutoScalingGroup.name() {
        return Ok(());
    }
    Err(Error::bad_request(format!("{} is no group that can be scaled.", resource.name)))
}
