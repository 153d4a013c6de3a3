//! `OS::Heat::ScalingPolicy`: changes the size of a group whenever it is signalled.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::autoscaling_group::{self, Scaling};
use super::members::Adjustment;
use crate::engine::scope::Rows;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Signalled, Updated};
use crate::signals::urls::{self, Kind};
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_resources::store;
use crate::stacks::blueprint::Blueprint;
use crate::template::{Property, Resolved, Schema, Scope};

pub(crate) struct ScalingPolicy;

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "alarm_url",
        kind: "string",
        description: "A signed url to handle the alarm.",
    },
    Attribute {
        name: "signal_url",
        kind: "string",
        description: "A url to handle the alarm using native API.",
    },
    SHOW_ROW,
];

const GROUP: &str = "auto_scaling_group_id";

impl Plugin for ScalingPolicy {
    fn name(&self) -> &'static str {
        "OS::Heat::ScalingPolicy"
    }

    fn class(&self) -> &'static str {
        "AutoScalingPolicy"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::string(GROUP).required().described("AutoScaling group ID to apply policy to."),
            Property::number("scaling_adjustment").required().updatable().described("Size of adjustment."),
            Property::string("adjustment_type")
                .required()
                .updatable()
                .allowed(["change_in_capacity", "exact_capacity", "percent_change_in_capacity"])
                .described("Type of adjustment (absolute or percentage)."),
            Property::number("cooldown").updatable().described("Cooldown period, in seconds."),
            Property::integer("min_adjustment_step").updatable().at_least(0).described("Minimum number of resources that are added or removed when the AutoScaling group scales up or down. This can be used only when specifying percent_change_in_capacity for the adjustment_type property."),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        check(&act.resource.properties)?;
        act.take_own_name();
        Ok(())
    }

    fn update(
        &self,
        _: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        check(properties).map(|()| Updated::InPlace)
    }

    fn signal(&self, act: &mut Act<'_>, _: &Value) -> Result<Signalled> {
        let mut group = group(act)?;
        autoscaling_group::check(&group)?;
        let number = |name: &str| act.resource.properties.get(name).and_then(Value::as_f64);
        let kind = act.text("adjustment_type").unwrap_or_default().to_owned();
        let scaling = Scaling {
            adjustment: Adjustment {
                by: number("scaling_adjustment").unwrap_or_default(),
                min_step: number("min_adjustment_step"),
            },
            kind: &kind,
            cooldown: number("cooldown"),
        };
        let caller = act.caller.clone();
        let mut scaled = Act { hand: act.hand, caller, stack: act.stack, resource: &mut group };
        if !autoscaling_group::scale(&mut scaled, &scaling)? {
            return Ok(Signalled::Nothing);
        }
        store::save(act.hand.connection, &group)?;
        Ok(Signalled::Heard)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        Ok(match name {
            "alarm_url" => Value::String(urls::signed(look, Kind::Signal)?),
            "signal_url" => Value::String(urls::endpoint(look)),
            _ => Value::Null,
        })
    }
}

fn check(properties: &Map<String, Value>) -> Result<()> {
    let is_there = |name| properties.get(name).is_some_and(|value: &Value| !value.is_null());
    let percent =
        properties.get("adjustment_type").is_some_and(|kind| kind == "percent_change_in_capacity");
    if percent || !is_there("min_adjustment_step") {
        return Ok(());
    }
    let sentence = "min_adjustment_step property should only be specified for adjustment_type \
                    with value percent_change_in_capacity.";
    Err(Error::bad_request(sentence).tag("ResourcePropertyValueDependency"))
}

/// The group that the policy names by its reference.
fn group(act: &Act<'_>) -> Result<Resource> {
    let wanted = act.text(GROUP).unwrap_or_default();
    let blueprint = Blueprint::of(act.stack)?;
    let scope = Rows::new(act.hand, act.stack, &blueprint);
    let rows = store::of_stack(act.hand.connection, &act.stack.id)?;
    let is_it = |row: &Resource| {
        let known = scope.reference(&row.name);
        row.wanted == Wanted::Made && known == Ok(Resolved::Known(Value::from(wanted)))
    };
    rows.into_iter().find(is_it).ok_or_else(|| {
        let alarm = &act.resource.name;
        let sentence = format!("Alarm {alarm} could not find scaling group named \"{wanted}\"");
        Error::not_found(sentence).tag("NotFound")
    })
}
