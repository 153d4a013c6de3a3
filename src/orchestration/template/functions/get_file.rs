//! `get_file: name`: the content of a file that came with the request.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::Error;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct GetFile;

impl Intrinsic for GetFile {
    fn description(&self) -> &'static str {
        "A function for including a file inline."
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = &call.name;
        let args = call.arguments(context)?;
        let Value::String(key) = args else {
            return Err(Error::kind(format!("Argument to \"{name}\" must be a string")).into());
        };
        match context.bindings.files.get(&key) {
            Some(text) => Ok(Value::String(text.clone())),
            None => Err(Error::value(format!(
                "No content found in the \"files\" section for {name} path: {key}"
            ))
            .into()),
        }
    }
}
