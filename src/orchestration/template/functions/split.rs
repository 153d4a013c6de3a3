//! `Fn::Split: [delimiter, text]`: the pieces of a text.

use serde_json::Value;

use super::Intrinsic;
use super::str_split::split;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome, Snippet};

#[derive(Debug)]
pub(super) struct Split;

impl Intrinsic for Split {
    fn description(&self) -> &'static str {
        "A function for splitting strings."
    }

    fn check(&self, call: &Call) -> Result<()> {
        let name = &call.name;
        let sentence = format!(
            "Incorrect arguments to \"{name}\" should be: \"{name}\" : [ \",\", \"str1,str2\"]]"
        );
        match (&call.args, call.exactly::<2>()) {
            (_, Some(_)) => Ok(()),
            (Snippet::List(_), None) => Err(Error::value(sentence)),
            (_, None) => Err(Error::kind(sentence)),
        }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let Some([delimiter, text]) = call.exactly() else { return Ok(Value::Null) };
        let text = text.value(context)?;
        let Some(delimiter) = delimiter.as_str() else {
            return Err(Error::kind(format!("Delimiter for {} must be string", call.name)).into());
        };
        let Value::String(text) = text else {
            let kind = python::type_name(&text);
            let sentence = format!("String to split must be string; got <class '{kind}'>");
            return Err(Error::kind(sentence).into());
        };
        Ok(Value::Array(split(delimiter, &text)?))
    }
}
