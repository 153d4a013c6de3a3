//! `OS::Heat::TestResource`: does what tests of stacks want to see done.

use kit::error::{Error, Kind, Result};
use serde_json::{Map, Value};

use super::deadline;
use crate::resources::{Act, Attribute, Look, Pending, Plugin, SHOW_ROW, Updated};
use crate::template::{Property, Schema};

pub(crate) struct TestResource;

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "output",
        kind: "string",
        description: "The string that was stored. This value is also available by referencing the resource.",
    },
    SHOW_ROW,
];

/// The text that it keeps.
const VALUE: &str = "value";

impl Plugin for TestResource {
    fn name(&self) -> &'static str {
        "OS::Heat::TestResource"
    }

    fn schema(&self) -> Schema {
        let seconds = |name: &str, what: &str| Property::number(name).updatable().described(what);
        Schema::of([
            Property::string(VALUE)
                .default("test_string")
                .updatable()
                .described("The input string to be stored."),
            Property::boolean("fail").default(false).updatable().described(
                "Value which can be set to fail the resource operation to test failure scenarios.",
            ),
            Property::boolean("update_replace").default(false).updatable().described(
                "Value which can be set to trigger update replace for the particular resource.",
            ),
            Property::string("update_replace_value")
                .described("Some value that can be stored but can not be updated."),
            seconds("wait_secs", "Seconds to wait after an action (-1 is infinite).").default(0),
            Property::map("action_wait_secs")
                .updatable()
                .with([
                    seconds(
                        "create",
                        "Seconds to wait after a create. Defaults to the global wait_secs.",
                    ),
                    seconds(
                        "update",
                        "Seconds to wait after an update. Defaults to the global wait_secs.",
                    ),
                    seconds(
                        "delete",
                        "Seconds to wait after a delete. Defaults to the global wait_secs.",
                    ),
                ])
                .described("Options for simulating waiting."),
            Property::string("client_name").default("").updatable().described("Client to poll."),
            Property::string("entity_name")
                .default("")
                .updatable()
                .described("Client entity to poll."),
            seconds("constraint_prop_secs", "Number value for delay during resolve constraint.")
                .default(0),
            seconds("attr_wait_secs", "Number value for timeout during resolving output value.")
                .default(0),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn adopted_data(&self) -> &'static [&'static str] {
        &[VALUE]
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        store(act, &properties)?;
        act.take_own_name();
        begin(act, "create", &properties);
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        if flag(properties, "update_replace") {
            return Ok(Updated::Replace);
        }
        store(act, properties)?;
        begin(act, "update", properties);
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        begin(act, "delete", &properties);
        Ok(())
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        Ok(deadline::pending(look))
    }

    fn reference(&self, look: &Look<'_>) -> String {
        look.physical().to_owned()
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        if name != "output" {
            return Ok(Value::Null);
        }
        Ok(look.resource.data.get(VALUE).cloned().unwrap_or_default())
    }
}

fn flag(properties: &Map<String, Value>, name: &str) -> bool {
    properties.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn store(act: &mut Act<'_>, properties: &Map<String, Value>) -> Result<()> {
    if flag(properties, "fail") {
        let sentence = format!("Test Resource failed {}", act.resource.name);
        return Err(Error::new(Kind::BadRequest, sentence).tag("ValueError"));
    }
    let value = properties.get(VALUE).cloned().unwrap_or_default();
    act.resource.data.insert(VALUE.to_owned(), value);
    Ok(())
}

/// Notes how long the action is to take; less than nothing is for ever.
fn begin(act: &mut Act<'_>, action: &str, properties: &Map<String, Value>) {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    let own = number(properties.get("action_wait_secs").and_then(|map| map.get(action)));
    let seconds = own.or_else(|| number(properties.get("wait_secs"))).unwrap_or(0.0);
    deadline::set(act, seconds);
}
