//! `yaql: {expression: …, data: …}`: known by name, refused when its value is asked for.

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct Yaql;

impl Intrinsic for Yaql {
    fn description(&self) -> &'static str {
        "A function for executing a yaql expression."
    }

    fn check(&self, call: &Call) -> Result<()> {
        if call.args.as_map().is_some() {
            return Ok(());
        }
        Err(Error::kind(format!("Arguments to \"{}\" must be a map.", call.name)))
    }

    fn evaluate(&self, _call: &Call, _context: &Context<'_>) -> Outcome {
        Err(Error::value("yaql expressions cannot be evaluated by this deployment").into())
    }
}
