//! Named conditions: what each comes to.
//!
//! A condition may name others, so they are evaluated on demand, and one that comes back to
//! itself is refused. A wrong condition that nobody asks for harms nobody, as in Heat.

use std::cell::RefCell;

use indexmap::IndexMap;
use kit::http::pyrepr::Repr;
use serde_json::Value;

use super::error::{Error, Result};
use super::python;
use super::scope::{Context, Resolved};
use super::snippet::Snippet;

/// Where the value of a condition comes from.
pub(crate) trait Conditions {
    /// Whether the condition of that name holds.
    fn named(&self, name: &str) -> Result<bool>;
}

/// The condition of a resource, an output or an `if`: a name or a plain boolean.
pub(crate) fn holds(conditions: &dyn Conditions, condition: &Value) -> Result<bool> {
    match condition {
        Value::Bool(flag) => Ok(*flag),
        Value::String(name) => conditions.named(name),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(unknown(&python::text(condition)))
        }
    }
}

fn unknown(name: &str) -> Error {
    Error::value(format!("Invalid condition \"{name}\""))
}

/// What every condition of a template came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evaluated(IndexMap<String, Result<bool>>);

impl Conditions for Evaluated {
    fn named(&self, name: &str) -> Result<bool> {
        self.0.get(name).cloned().unwrap_or_else(|| Err(unknown(name)))
    }
}

/// Evaluates conditions that name each other. `context` gives everything but the conditions.
pub(crate) fn evaluate(
    definitions: &IndexMap<String, Snippet>,
    context: &Context<'_>,
) -> Evaluated {
    let run = Evaluation { definitions, context, values: RefCell::default() };
    let values = definitions.keys().map(|name| (name.clone(), run.named(name))).collect();
    Evaluated(values)
}

/// Says what is wrong with the definitions themselves.
pub(crate) fn validate(
    definitions: &IndexMap<String, Snippet>,
    context: &Context<'_>,
) -> Result<()> {
    for (name, definition) in definitions {
        if !definition.is_call() {
            expect_boolean(name, &definition.to_value())?;
        }
        definition.validate(&[], context)?;
    }
    Ok(())
}

struct Evaluation<'a> {
    definitions: &'a IndexMap<String, Snippet>,
    context: &'a Context<'a>,
    /// `None` while it is being found out.
    values: RefCell<IndexMap<String, Option<Result<bool>>>>,
}

impl Conditions for Evaluation<'_> {
    fn named(&self, name: &str) -> Result<bool> {
        if let Some(known) = self.values.borrow().get(name) {
            return known.clone().unwrap_or_else(|| {
                let sentence = format!("Circular definition for condition \"{name}\"");
                Err(Error::validation(sentence).titled(TITLE))
            });
        }
        let definition = self.definitions.get(name).ok_or_else(|| unknown(name))?;
        self.values.borrow_mut().insert(name.to_owned(), None);
        let value = self.find(name, definition);
        self.values.borrow_mut().insert(name.to_owned(), Some(value.clone()));
        value
    }
}

impl Evaluation<'_> {
    fn find(&self, name: &str, definition: &Snippet) -> Result<bool> {
        let context = Context { conditions: self, ..*self.context };
        match definition.resolve(&context)? {
            Resolved::Known(value) => expect_boolean(name, &value),
            Resolved::NotYet => expect_boolean(name, &definition.to_value()),
        }
    }
}

const TITLE: &str = "Condition validation error";

fn expect_boolean(name: &str, value: &Value) -> Result<bool> {
    value.as_bool().ok_or_else(|| {
        let shown = value.as_str().map_or_else(|| Repr(value).to_string(), str::to_owned);
        let sentence = format!("The definition of condition \"{name}\" is invalid: {shown}");
        Error::validation(sentence).titled(TITLE)
    })
}
