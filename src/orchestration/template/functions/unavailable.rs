//! Names that mean a function elsewhere, but not here.

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

/// A function that earlier versions of HOT had.
#[derive(Debug)]
pub(super) struct Removed;

fn refusal(call: &Call) -> Error {
    let name = &call.name;
    Error::version(format!("The function {name} is not supported in this version of HOT."))
}

impl Intrinsic for Removed {
    fn description(&self) -> &'static str {
        "This function existed in previous versions of HOT, but has been removed."
    }

    fn validate(&self, call: &Call, _context: &Context<'_>) -> Result<()> {
        Err(refusal(call))
    }

    fn evaluate(&self, call: &Call, _context: &Context<'_>) -> Outcome {
        Err(refusal(call).into())
    }
}

/// A function of values where a condition is expected.
#[derive(Debug)]
pub(super) struct OutOfPlace;

impl Intrinsic for OutOfPlace {
    fn description(&self) -> &'static str {
        "A function for checking condition functions and to force failures."
    }

    fn check(&self, call: &Call) -> Result<()> {
        let name = &call.name;
        Err(Error::value(format!("The function \"{name}\" is invalid in this context")))
    }

    fn evaluate(&self, call: &Call, _context: &Context<'_>) -> Outcome {
        Ok(call.args.to_value())
    }
}
