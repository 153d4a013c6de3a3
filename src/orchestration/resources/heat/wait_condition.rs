//! `OS::Heat::WaitCondition`: waits until its handle was signalled often enough.
//!
//! It waits without a task: signals wake the visit ([`super::wait_condition_handle`]). Also the
//! core of its relative of `CloudFormation`.

use kit::clock::Time;
use kit::error::{Error, Result};
use serde_json::{Map, Value};

use super::wait_condition_handle as handles;
use crate::engine::Hand;
use crate::resources::{Act, Attribute, Look, Pending, Plugin, SHOW_ROW, Updated};
use crate::signals::received;
use crate::stack_resources::model::Resource;
use crate::stack_resources::store;
use crate::stacks::model::{Action, Stack};
use crate::template::{Property, Schema, python};

/// A type of conditions.
pub(crate) struct Condition {
    pub(crate) name: &'static str,
    /// What its properties are called.
    pub(crate) handle: &'static str,
    pub(crate) timeout: &'static str,
    pub(crate) count: &'static str,
    pub(crate) schema: fn(&Self) -> Schema,
    /// The first brings the data.
    pub(crate) attributes: &'static [Attribute],
    pub(crate) classes: &'static Classes,
    /// The signals are forgotten with it.
    pub(crate) forgets: bool,
    /// What is said of a reference that is none to a handle.
    pub(crate) refusal: fn(&str) -> String,
}

/// What its errors are called.
#[derive(Debug)]
pub(crate) struct Classes {
    pub(crate) failure: &'static str,
    pub(crate) timeout: &'static str,
}

/// Those of wait conditions.
pub(crate) static CLASSES: Classes =
    Classes { failure: "WaitConditionFailure", timeout: "WaitConditionTimeout" };

/// `OS::Heat::WaitCondition`.
pub(crate) static CONDITION: Condition = Condition {
    name: "OS::Heat::WaitCondition",
    handle: "handle",
    timeout: "timeout",
    count: "count",
    schema: |own| own.schema_with(Property::number(own.timeout)),
    attributes: ATTRIBUTES,
    classes: &CLASSES,
    forgets: true,
    refusal,
};

static ATTRIBUTES: &[Attribute] = &[data_attribute("data"), SHOW_ROW];

/// The attribute with what signals have brought, by its name.
pub(crate) const fn data_attribute(name: &'static str) -> Attribute {
    Attribute {
        name,
        kind: "string",
        description: "JSON string containing data associated with wait condition signals sent to the handle.",
    }
}

/// What Heat says of a reference that is none to a handle.
pub(crate) fn refusal(reference: &str) -> String {
    format!("{reference} is not a valid wait condition handle.")
}

/// When it is given up; kept from its beginning on.
const UNTIL: &str = "until";

impl Plugin for Condition {
    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        (self.schema)(self)
    }

    fn attributes(&self) -> &'static [Attribute] {
        self.attributes
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        act.take_own_name();
        let properties = act.resource.properties.clone();
        self.begin(act, &properties)
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        _: &[String],
    ) -> Result<Updated> {
        self.begin(act, properties)?;
        Ok(Updated::InPlace)
    }

    /// Heat: the handle of a wait condition forgets its signals.
    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let handle = self.handle(act.hand, act.stack, act.resource)?;
        let Some(mut handle) = handle.filter(|_| self.forgets) else { return Ok(()) };
        received::clear(&mut handle);
        store::save(act.hand.connection, &handle)
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        if !matches!(look.resource.action, Action::Create | Action::Update) {
            return Ok(Pending::Over);
        }
        let Some(handle) = self.handle(look.hand, look.stack, look.resource)? else {
            return Ok(Pending::Over);
        };
        if let Some(status) = received::odd_status(&handle) {
            return Err(Error::conflict(format!("Unknown status: {status}")).tag("Error"));
        }
        let failures = received::reasons(&handle, false);
        if !failures.is_empty() {
            return Err(Error::conflict(failures.join(";")).tag(self.classes.failure));
        }
        let wanted = self.count(&look.resource.properties);
        if received::count(&handle) >= wanted {
            return Ok(Pending::Over);
        }
        let until = look.resource.data.get(UNTIL).and_then(Value::as_i64).map(Time);
        if until.is_some_and(|until| until <= look.hand.now) {
            let sentence = timeout(&received::reasons(&handle, true), wanted);
            return Err(Error::conflict(sentence).tag(self.classes.timeout));
        }
        Ok(Pending::For(handles::target(&handle), until))
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        if self.attributes.first().is_none_or(|row| row.name != name) {
            return Ok(Value::Null);
        }
        let handle = self.handle(look.hand, look.stack, look.resource)?;
        let data = handle.map(|handle| python::dumps(&received::data(&handle)));
        Ok(Value::String(data.unwrap_or_default()))
    }
}

impl Condition {
    /// The properties of wait conditions; the timeout is a number of one kind or another.
    pub(crate) fn schema_with(&self, timeout: Property) -> Schema {
        Schema::of([
            Property::string(self.handle)
                .required()
                .described("A reference to the wait condition handle used to signal this wait condition."),
            timeout
                .required()
                .range(1, 43_200)
                .described("The number of seconds to wait for the correct number of signals to arrive."),
            Property::integer(self.count)
                .default(1)
                .updatable()
                .range(1, i64::MAX)
                .described("The number of success signals that must be received before the stack creation process continues."),
        ])
    }

    /// Starts the time.
    fn begin(&self, act: &mut Act<'_>, properties: &Map<String, Value>) -> Result<()> {
        let Some(mut handle) = self.handle(act.hand, act.stack, act.resource)? else {
            let given = properties.get(self.handle).and_then(Value::as_str).unwrap_or_default();
            return Err(Error::bad_request((self.refusal)(given)).tag("ValueError"));
        };
        if handles::needs_no_signal(&handle) {
            for _ in received::count(&handle)..self.count(properties) {
                received::take(&mut handle, &received::HEAT, &Value::Null)?;
            }
            store::save(act.hand.connection, &handle)?;
        }
        let seconds = properties.get(self.timeout).and_then(Value::as_f64).unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "at most half a day")]
        let until = act.hand.now.plus_ms((seconds * 1000.0) as i64);
        act.resource.data.insert(UNTIL.to_owned(), Value::from(until.0));
        Ok(())
    }

    fn handle(
        &self,
        hand: Hand<'_>,
        stack: &Stack,
        resource: &Resource,
    ) -> Result<Option<Resource>> {
        let reference = resource.properties.get(self.handle).and_then(Value::as_str);
        reference.map_or(Ok(None), |reference| handles::find(hand, stack, reference))
    }

    fn count(&self, properties: &Map<String, Value>) -> usize {
        let count = properties.get(self.count).and_then(Value::as_u64).unwrap_or(1);
        usize::try_from(count).unwrap_or(usize::MAX)
    }
}

fn timeout(reasons: &[String], wanted: usize) -> String {
    let mut sentence = format!("{} of {wanted} received", reasons.len());
    if !reasons.is_empty() {
        sentence = format!("{sentence} - {}", reasons.join(";"));
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_says_how_many_were_missing() {
        let said = |reasons: &[&str]| {
            let reasons: Vec<String> = reasons.iter().map(|text| (*text).to_owned()).collect();
            timeout(&reasons, 3)
        };
        assert_eq!(said(&[]), "0 of 3 received");
        assert_eq!(said(&["a", "b"]), "2 of 3 received - a;b");
    }
}
