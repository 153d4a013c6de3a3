//! What groups have in common whose size can be changed from outside: their rounds, their limits,
//! and what a policy does to one.
//!
//! A type is a [`ScaledGroup`]: its own words for the same things.

use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::members::{self, Adjustment, Batches};
use crate::resources::nested::{self, Child, Composite, Form, Inside, Nested, Round};
use crate::resources::{Act, Attribute};
use crate::stack_resources::model::{Resource, short_id};
use crate::stacks::model::Status;
use crate::template::{self, Schema};

/// The groups that policies scale.
static SCALABLE: &[&Nested<ScaledGroup>] = &[
    &super::autoscaling_group::GROUP,
    &crate::resources::aws::autoscaling::autoscaling_group::GROUP,
];

/// A type of groups.
pub(crate) struct ScaledGroup {
    pub(crate) name: &'static str,
    pub(crate) class: &'static str,
    pub(crate) schema: fn() -> Schema,
    pub(crate) update_policy: fn() -> Schema,
    pub(crate) attributes: &'static [Attribute],
    /// The property that says what a member is.
    pub(crate) member: &'static str,
    /// The property that says how many there are.
    pub(crate) size: &'static str,
    /// The properties that bound the size; a group without them is never scaled, and may be empty.
    pub(crate) limits: Option<(&'static str, &'static str)>,
    /// The property that says how long it is left alone after it was scaled.
    pub(crate) cooldown: &'static str,
    /// What is wrong with its properties, besides its sizes.
    pub(crate) validate: fn(&Form<'_>) -> template::Result<()>,
    /// Notes what the definition of its members needs to know of others.
    pub(crate) note: fn(&mut Act<'_>, &Map<String, Value>) -> Result<()>,
    /// What a member is made of, if that can be said.
    pub(crate) define: fn(&Form<'_>) -> Option<Value>,
    /// The nested stack of these members.
    pub(crate) child: fn(Map<String, Value>) -> Child,
    /// In which batches members come to a new definition; without any, only new ones have it.
    pub(crate) batches: fn(&Form<'_>) -> template::Result<Option<Batches>>,
    pub(crate) attribute: fn(&Inside<'_>, &str, &[Value]) -> Result<Value>,
}

impl Composite for ScaledGroup {
    fn name(&self) -> &'static str {
        self.name
    }

    fn class(&self) -> &'static str {
        self.class
    }

    fn schema(&self) -> Schema {
        (self.schema)()
    }

    fn update_policy(&self) -> Schema {
        (self.update_policy)()
    }

    fn attributes(&self) -> &'static [Attribute] {
        self.attributes
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        self.check_sizes(form)?;
        (self.validate)(form)
    }

    fn note(&self, act: &mut Act<'_>, properties: &Map<String, Value>) -> Result<()> {
        (self.note)(act, properties)
    }

    fn child(&self, form: &Form<'_>, round: Option<Round>) -> template::Result<Option<Child>> {
        let Some(definition) = (self.define)(form) else { return Ok(None) };
        let size = if form.is_sample { 1 } else { self.first_size(form) };
        let round = round.unwrap_or(Round { fresh: size, ..Round::of_size(size) });
        let old = form.members.clone();
        let members = members::after(round, old, |_| definition.clone(), short_id);
        Ok(Some((self.child)(members)))
    }

    fn rounds(&self, form: &Form<'_>, changed: &[String]) -> Result<Vec<Round>> {
        if !form.is_there {
            return Ok(Vec::new());
        }
        let current = form.members.len();
        let serving = form.members.iter().filter(|member| !member.failed).count();
        let asked = count(form.number(self.size));
        let mut rounds = Vec::new();
        let batches =
            (self.batches)(form)?.filter(|_| changed.iter().any(|name| *name == self.member));
        if let Some(batches) = batches {
            let target = asked.filter(|size| *size > 0).unwrap_or(current).min(current);
            rounds = batches.rounds(target, current);
        }
        let size = self.limits(form.properties).within(self.wanted(form).unwrap_or(serving));
        if rounds.last().is_none_or(|last| last.size != size) {
            rounds.push(Round::of_size(size));
        }
        Ok(rounds)
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
        (self.attribute)(inside, name, path)
    }
}

impl ScaledGroup {
    /// How many members are asked for. Heat: none at all is no wish where there are limits.
    fn wanted(&self, form: &Form<'_>) -> Option<usize> {
        count(form.number(self.size)).filter(|size| *size > 0 || self.limits.is_none())
    }

    /// How many members a new group has.
    fn first_size(&self, form: &Form<'_>) -> usize {
        self.wanted(form).unwrap_or_else(|| self.limits(form.properties).min)
    }

    fn limits(&self, properties: &Map<String, Value>) -> Limits {
        let Some((min, max)) = self.limits else { return Limits { min: 0, max: usize::MAX } };
        let number = |name| count(properties.get(name).and_then(Value::as_i64)).unwrap_or_default();
        Limits { min: number(min), max: number(max) }
    }

    fn check_sizes(&self, form: &Form<'_>) -> template::Result<()> {
        let bounds = self.limits.map(|(min, max)| (form.number(min), form.number(max)));
        let Some((Some(min), Some(max))) = bounds else { return Ok(()) };
        let refuse = |sentence: &str| Err(template::Error::validation(sentence));
        if max < min {
            return refuse("MinSize can not be greater than MaxSize");
        }
        if min < 0 {
            return refuse("The size of AutoScalingGroup can not be less than zero");
        }
        match form.number(self.size) {
            Some(asked) if asked < min || asked > max => {
                refuse("DesiredCapacity must be between MinSize and MaxSize")
            }
            Some(_) | None => Ok(()),
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
    fn within(self, size: usize) -> usize {
        size.min(self.max).max(self.min)
    }
}

fn count(number: Option<i64>) -> Option<usize> {
    number.and_then(|number| usize::try_from(number).ok())
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
    let group = scalable(act.resource)?;
    let Some(inside) = Inside::of(&act.look())? else { return Ok(false) };
    let at_work = [act.resource.status, inside.stack.status].contains(&Status::InProgress);
    let current = inside.serving().len();
    let Limits { min, max } = group.limits(&act.resource.properties);
    let size = members::adjusted(current, scaling.adjustment, scaling.kind, min, max)?;
    let own = act.resource.properties.get(group.cooldown).and_then(Value::as_f64);
    let cooldown_ms = members::pause_ms(scaling.cooldown.or(own).unwrap_or_default());
    let is_failed = act.resource.status != Status::Complete;
    if at_work || is_failed || size == current || is_warm(act, cooldown_ms) {
        return Ok(false);
    }
    let cool_at = act.hand.now.plus_ms(cooldown_ms);
    act.resource.data.insert(COOL_AT.to_owned(), Value::from(cool_at.0));
    nested::resize(group, act, size)?;
    Ok(true)
}

/// Whether the group was scaled, made or changed less than its cooldown ago.
fn is_warm(act: &Act<'_>, cooldown_ms: i64) -> bool {
    let now = act.hand.now;
    let scaled = act.resource.data.get(COOL_AT).and_then(Value::as_i64);
    let settled = act.resource.updated_at.plus_ms(cooldown_ms);
    scaled.is_some_and(|until| now.0 < until) || now < settled
}

/// What scales the resource.
fn scalable(resource: &Resource) -> Result<&'static ScaledGroup> {
    let found =
        SCALABLE.iter().map(|group| &group.0).find(|group| group.name == resource.resource_type);
    found.ok_or_else(|| {
        Error::bad_request(format!("{} is no group that can be scaled.", resource.name))
    })
}
