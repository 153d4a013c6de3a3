//! `repeat`: a list with one copy of a template for each item, or each combination of items.

use serde_json::{Map, Value};

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome, Snippet};

/// How many copies one call may make; the limit on resources of a stack is a thousand.
const MAX_COPIES: usize = 10_000;

/// What a version makes of it.
#[derive(Debug)]
pub(super) struct Repeat {
    /// It goes over the keys of maps too.
    maps: bool,
    /// `permutations: false` goes over several lists side by side.
    side_by_side: bool,
}

pub(super) static LISTS: Repeat = Repeat { maps: false, side_by_side: false };
pub(super) static LISTS_AND_MAPS: Repeat = Repeat { maps: true, side_by_side: false };
pub(super) static PERMUTATIONS: Repeat = Repeat { maps: true, side_by_side: true };

impl Intrinsic for Repeat {
    fn description(&self) -> &'static str {
        if self.maps {
            "A function for iterating over a list of items or a dict of keys."
        } else {
            "A function for iterating over a list of items."
        }
    }

    fn check(&self, call: &Call) -> Result<()> {
        if call.args.as_map().is_none() {
            return Err(Error::kind(format!("Arguments to \"{}\" must be a map", call.name)));
        }
        if call.args.get("for_each").is_none() || call.args.get("template").is_none() {
            return Err(Error::key(
                "\"repeat\" syntax should be repeat:\n              template: This is %var%\n              \
                 for_each:\n                %var%: ['a', 'b', 'c']",
            ));
        }
        self.nests(call).map(|_| ())
    }

    fn validate(&self, call: &Call, context: &Context<'_>) -> Result<()> {
        call.validate_arguments(context)?;
        match call.args.get("for_each") {
            Some(Snippet::Map(_) | Snippet::Call(_)) => Ok(()),
            _ => Err(Error::kind(format!(
                "The \"for_each\" argument to \"{}\" must contain a map",
                call.name
            ))),
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let nested = self.nests(call)?;
        let argument = |key| call.args.get(key).map_or(Ok(Value::Null), |arg| arg.value(context));
        let Value::Object(for_each) = argument("for_each")? else {
            let sentence = "The \"for_each\" argument to \"repeat\" must contain a map";
            return Err(Error::kind(sentence).into());
        };
        let names: Vec<&str> = for_each.keys().map(String::as_str).collect();
        let lists = for_each.values().map(|list| self.items(&call.name, list, nested));
        let lists = lists.collect::<Result<Vec<_>>>()?;
        let rows = if nested { product(&lists)? } else { zip(&call.name, &lists)? };
        let template = argument("template")?;
        let copy = |row: Vec<Value>| {
            let pairs: Vec<_> = names.iter().copied().zip(&row).collect();
            fill(&template, &pairs)
        };
        Ok(Value::Array(rows.into_iter().map(copy).collect::<Result<_>>()?))
    }
}

impl Repeat {
    fn nests(&self, call: &Call) -> Result<bool> {
        match call.args.get("permutations").filter(|_| self.side_by_side) {
            None => Ok(true),
            Some(Snippet::Scalar(Value::Bool(flag))) => Ok(*flag),
            Some(_) => Err(Error::kind(format!(
                "\"permutations\" should be boolean type for {} function.",
                call.name
            ))),
        }
    }

    fn items(&self, name: &str, list: &Value, nested: bool) -> Result<Vec<Value>> {
        let maps = self.maps && nested;
        match list {
            Value::Null => Ok(Vec::new()),
            Value::Array(items) => Ok(items.clone()),
            Value::Object(members) if maps => {
                Ok(members.keys().map(|key| Value::from(key.as_str())).collect())
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                let wanted = if maps { "lists or maps" } else { "lists" };
                Err(Error::kind(format!(
                    "The values of the \"for_each\" argument to \"{name}\" must be {wanted}"
                )))
            }
        }
    }
}

/// Every combination; the last list turns fastest.
fn product(lists: &[Vec<Value>]) -> Result<Vec<Vec<Value>>> {
    let count = lists.iter().try_fold(1_usize, |count, list| count.checked_mul(list.len()));
    if count.is_none_or(|count| count > MAX_COPIES) {
        return Err(Error::value(format!("repeat makes more than {MAX_COPIES} items")));
    }
    Ok(lists.iter().fold(vec![Vec::new()], |rows, list| {
        let longer = |row: &[Value], item: &Value| [row, std::slice::from_ref(item)].concat();
        rows.iter().flat_map(|row| list.iter().map(move |item| longer(row, item))).collect()
    }))
}

/// The first items, the second ones, and so on.
fn zip(name: &str, lists: &[Vec<Value>]) -> Result<Vec<Vec<Value>>> {
    let length = lists.first().map_or(0, Vec::len);
    if lists.iter().any(|list| list.len() != length) {
        return Err(Error::value(format!(
            "For {name}, the length of for_each values should be equal if no nested loop."
        )));
    }
    let row = |index| lists.iter().filter_map(|list| list.get(index).cloned()).collect();
    Ok((0..length).map(row).collect())
}

/// A copy of the template with each name replaced, in keys and values.
fn fill(template: &Value, pairs: &[(&str, &Value)]) -> Result<Value> {
    match template {
        Value::String(text) => replace(text, pairs).map(Value::String),
        Value::Array(items) => {
            Ok(Value::Array(items.iter().map(|item| fill(item, pairs)).collect::<Result<_>>()?))
        }
        Value::Object(members) => {
            let pair =
                |(key, member): (&String, &Value)| Ok((replace(key, pairs)?, fill(member, pairs)?));
            Ok(Value::Object(members.iter().map(pair).collect::<Result<Map<_, _>>>()?))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(template.clone()),
    }
}

/// Heat: only texts can be put in, and it says so wherever there is a text to put them in.
fn replace(text: &str, pairs: &[(&str, &Value)]) -> Result<String> {
    pairs.iter().try_fold(text.to_owned(), |text, (name, value)| {
        let replaced = value.as_str().map(|value| text.replace(name, value));
        replaced.ok_or_else(|| {
            let kind = if value.is_null() { "None" } else { python::type_name(value) };
            Error::kind(format!("replace() argument 2 must be str, not {kind}"))
        })
    })
}
