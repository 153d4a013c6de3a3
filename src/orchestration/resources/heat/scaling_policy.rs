//! `OS::Heat::ScalingPolicy` and its twin of Amazon's: changes the size of a group whenever it is
//! signalled.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::members::Adjustment;
use super::scaled_group::{self, Scaling};
use crate::engine::scope::Rows;
use crate::resources::nested::Form;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Signalled, Updated};
use crate::signals::urls::{self, Kind};
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_resources::store;
use crate::stacks::blueprint::Blueprint;
use crate::template::{self, Property, Resolved, Schema, Scope};

/// A type of policies: its words for the same things.
pub(crate) struct ScalingPolicy {
    pub(crate) name: &'static str,
    pub(crate) class: &'static str,
    pub(crate) group: &'static str,
    pub(crate) adjustment: &'static str,
    pub(crate) kind: &'static str,
    /// Its kinds of adjustment; the last is the one by percent.
    pub(crate) kinds: [&'static str; 3],
    pub(crate) cooldown: &'static str,
    pub(crate) min_step: &'static str,
    /// What a number may be: any, or a whole one only.
    pub(crate) number: fn(&'static str) -> Property,
    pub(crate) attributes: &'static [Attribute],
    /// It is known by the URL that signals it.
    pub(crate) is_url: bool,
}

/// `OS::Heat::ScalingPolicy`.
pub(crate) static POLICY: ScalingPolicy = ScalingPolicy {
    name: "OS::Heat::ScalingPolicy",
    class: "AutoScalingPolicy",
    group: "auto_scaling_group_id",
    adjustment: "scaling_adjustment",
    kind: "adjustment_type",
    kinds: ["change_in_capacity", "exact_capacity", "percent_change_in_capacity"],
    cooldown: "cooldown",
    min_step: "min_adjustment_step",
    number: Property::number,
    attributes: ATTRIBUTES,
    is_url: false,
};

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

impl Plugin for ScalingPolicy {
    fn name(&self) -> &'static str {
        self.name
    }

    fn class(&self) -> &'static str {
        self.class
    }

    fn schema(&self) -> Schema {
        let [.., by_percent] = self.kinds;
        let step = format!(
            "Minimum number of resources that are added or removed when the AutoScaling group \
             scales up or down. This can be used only when specifying {by_percent} for the {} \
             property.",
            self.kind
        );
        Schema::of([
            Property::string(self.group)
                .required()
                .described("AutoScaling group ID to apply policy to."),
            (self.number)(self.adjustment).required().updatable().described("Size of adjustment."),
            Property::string(self.kind)
                .required()
                .updatable()
                .allowed(self.kinds)
                .described("Type of adjustment (absolute or percentage)."),
            (self.number)(self.cooldown).updatable().described("Cooldown period, in seconds."),
            Property::integer(self.min_step).updatable().at_least(0).described(&step),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        self.attributes
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        self.check(form.properties)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        self.check(&act.resource.properties)?;
        act.take_own_name();
        Ok(())
    }

    fn update(
        &self,
        _: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        self.check(properties)?;
        Ok(Updated::InPlace)
    }

    fn signal(&self, act: &mut Act<'_>, _: &Value) -> Result<Signalled> {
        let mut group = self.group(act)?;
        let number = |name: &str| act.resource.properties.get(name).and_then(Value::as_f64);
        let kind = act.text(self.kind).unwrap_or_default().to_owned();
        let scaling = Scaling {
            adjustment: Adjustment {
                by: number(self.adjustment).unwrap_or_default(),
                min_step: number(self.min_step),
            },
            kind: &kind,
            cooldown: number(self.cooldown),
        };
        let caller = act.caller.clone();
        let mut scaled = Act { hand: act.hand, caller, stack: act.stack, resource: &mut group };
        if !scaled_group::scale(&mut scaled, &scaling)? {
            return Ok(Signalled::Nothing);
        }
        store::save(act.hand.connection, &group)?;
        Ok(Signalled::Heard)
    }

    fn reference(&self, look: &Look<'_>) -> String {
        let url = self.is_url.then(|| urls::signed(look, Kind::Signal)).transpose();
        url.ok().flatten().unwrap_or_else(|| look.physical().to_owned())
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        Ok(match name {
            "alarm_url" | "AlarmUrl" => Value::String(urls::signed(look, Kind::Signal)?),
            "signal_url" => Value::String(urls::endpoint(look)),
            _ => Value::Null,
        })
    }
}

impl ScalingPolicy {
    fn check(&self, properties: &Map<String, Value>) -> template::Result<()> {
        let given = |name| properties.get(name).filter(|value: &&Value| !value.is_null());
        let (step, [.., by_percent]) = (self.min_step, self.kinds);
        if given(step).is_none() || given(self.kind).is_none_or(|kind| kind == by_percent) {
            return Ok(());
        }
        let sentence = format!(
            "{step} property should only be specified for {} with value {by_percent}.",
            self.kind
        );
        Err(template::Error::new("ResourcePropertyValueDependency", sentence))
    }

    /// The group that the policy names by its reference.
    fn group(&self, act: &Act<'_>) -> Result<Resource> {
        let wanted = act.text(self.group).unwrap_or_default();
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
}
