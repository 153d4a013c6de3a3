//! `str_split: [delimiter, text, index]`: the pieces of a text, or one of them.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct StrSplit;

fn usage(call: &Call, what: &str) -> String {
    let name = &call.name;
    format!(
        "Incorrect {what} to \"{name}\" should be: \"{name}\" : [ \",\", \"apples,pears\", \
         <index>]"
    )
}

impl Intrinsic for StrSplit {
    fn description(&self) -> &'static str {
        "A function for splitting delimited strings into a list."
    }

    fn check(&self, call: &Call) -> Result<()> {
        if call.args.is_text() || call.args.as_map().is_some() {
            return Err(Error::kind(usage(call, "arguments")));
        }
        Ok(())
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let args = call.arguments(context)?;
        let wrong = || Error::value(usage(call, "arguments"));
        let (delimiter, text, index) = match args.as_array().map(Vec::as_slice) {
            Some([delimiter, text]) => (delimiter, text, None),
            Some([delimiter, text, index, ..]) => (delimiter, text, Some(index)),
            Some(_) | None => return Err(wrong().into()),
        };
        if text.is_null() {
            return Ok(Value::Null);
        }
        let Some(text) = text.as_str() else {
            let kind = python::type_name(text);
            let sentence = format!("'{kind}' object has no attribute 'split'");
            return Err(Error::value(sentence).into());
        };
        let delimiter = delimiter.as_str().ok_or_else(wrong)?;
        let pieces = split(delimiter, text)?;
        let Some(index) = index else { return Ok(Value::Array(pieces)) };
        let index = python::int(index).ok_or_else(|| Error::value(usage(call, "index")))?;
        let found = python::position(index, pieces.len()).and_then(|at| pieces.get(at));
        Ok(found.cloned().ok_or_else(|| {
            Error::value(format!(
                "Incorrect index to \"{}\" should be between 0 and {}",
                call.name,
                pieces.len().saturating_sub(1)
            ))
        })?)
    }
}

/// `text.split(delimiter)`.
pub(super) fn split(delimiter: &str, text: &str) -> Result<Vec<Value>> {
    if delimiter.is_empty() {
        return Err(Error::value("empty separator"));
    }
    Ok(text.split(delimiter).map(Value::from).collect())
}
