//! `Fn::Base64: text`: the text as it is; user data is not encoded.

use serde_json::Value;

use super::Intrinsic;
use crate::template::error::Error;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct Base64;

impl Intrinsic for Base64 {
    fn description(&self) -> &'static str {
        "A placeholder function for converting to base64."
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let text = call.arguments(context)?;
        if matches!(text, Value::String(_)) {
            return Ok(text);
        }
        Err(Error::kind(format!("\"{}\" argument must be a string", call.name)).into())
    }
}
