//! `get_resource: name`: what a resource is known by, for most types its physical id.

use super::Intrinsic;
use crate::template::python;
use crate::template::scope::{Context, Resolved};
use crate::template::snippet::{Call, Needed, Outcome, Reference, Stop};

#[derive(Debug)]
pub(super) struct GetResource;

impl Intrinsic for GetResource {
    fn description(&self) -> &'static str {
        "A function for resolving resource references."
    }

    fn refers(&self, call: &Call, context: &Context<'_>) -> Outcome<Option<Reference>> {
        let resource = python::text(&call.arguments(context)?);
        Ok(Some(Reference { resource, what: Needed::Identity }))
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = python::text(&call.arguments(context)?);
        context.resource(&name, "unknown")?;
        known(context.scope.reference(&name)?)
    }
}

/// The value, if it is known.
pub(super) fn known(resolved: Resolved) -> Outcome {
    match resolved {
        Resolved::Known(value) => Ok(value),
        Resolved::NotYet => Err(Stop::NotYet),
    }
}
