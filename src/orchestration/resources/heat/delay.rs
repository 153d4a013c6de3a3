//! `OS::Heat::Delay`: waits for a while, by a deadline that the visit keeps.

use kit::error::Result;
use rand::RngExt;
use serde_json::{Map, Value, json};

use super::deadline;
use crate::resources::{Act, Attribute, Look, Pending, Plugin, SHOW_ROW, Updated};
use crate::template::{Property, Schema};

pub(crate) struct Delay;

impl Plugin for Delay {
    fn name(&self) -> &'static str {
        "OS::Heat::Delay"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        act.take_own_name();
        begin(act, "CREATE");
        Ok(())
    }

    fn update(&self, _: &mut Act<'_>, _: &Map<String, Value>, _: &[String]) -> Result<Updated> {
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        begin(act, "DELETE");
        Ok(())
    }

    fn suspend(&self, act: &mut Act<'_>) -> Result<()> {
        begin(act, "SUSPEND");
        Ok(())
    }

    fn resume(&self, act: &mut Act<'_>) -> Result<()> {
        begin(act, "RESUME");
        Ok(())
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        Ok(deadline::pending(look))
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}

/// Draws how long the action takes, if it is one that takes time.
fn begin(act: &mut Act<'_>, action: &str) {
    let properties = &act.resource.properties;
    let number = |name: &str| properties.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    let actions = properties.get("actions").and_then(Value::as_array).into_iter().flatten();
    let counts = actions.into_iter().any(|known| known == action);
    let most = number("max_jitter") * number("jitter_multiplier");
    let jitter = if most > 0.0 { rand::rng().random_range(0.0..most) } else { 0.0 };
    let seconds = if counts { number("min_wait") + jitter } else { 0.0 };
    deadline::set(act, seconds);
}

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::number("min_wait").default(0).updatable().at_least(0).described("Minimum time in seconds to wait during the specified actions."),
        Property::number("max_jitter").default(0).updatable().at_least(0).described("Maximum jitter to add to the minimum wait time."),
        Property::number("jitter_multiplier").default(1.0).updatable().at_least(0).described("Number of seconds to multiply the maximum jitter value by."),
        Property::list("actions").default(json!(["CREATE"])).updatable().allowed(["CREATE", "DELETE", "SUSPEND", "RESUME"]).described("Actions during which the delay will occur."),
    ])
}
