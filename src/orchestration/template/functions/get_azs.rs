//! `Fn::GetAZs: region`: the availability zones; there is one region.

use serde_json::Value;

use super::Intrinsic;
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct GetAzs;

impl Intrinsic for GetAzs {
    fn description(&self) -> &'static str {
        "A function for retrieving the availability zones."
    }

    fn evaluate(&self, _call: &Call, context: &Context<'_>) -> Outcome {
        let zones = context.scope.availability_zones()?;
        Ok(Value::Array(zones.into_iter().map(Value::String).collect()))
    }
}
