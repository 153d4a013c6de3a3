//! `Ref`: a resource if there is one of that name, else a parameter.

use serde_json::Value;

use super::Intrinsic;
use super::get_resource::GetResource;
use crate::template::error::{Error, Result};
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome, Reference};

#[derive(Debug)]
pub(super) struct Ref;

impl Ref {
    fn is_resource(call: &Call, context: &Context<'_>) -> bool {
        call.args.as_str().is_some_and(|name| context.bindings.names.contains(name))
    }
}

impl Intrinsic for Ref {
    fn description(&self) -> &'static str {
        "A function for resolving parameters or resource references."
    }

    fn refers(&self, call: &Call, context: &Context<'_>) -> Outcome<Option<Reference>> {
        if Self::is_resource(call, context) { GetResource.refers(call, context) } else { Ok(None) }
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        if Self::is_resource(call, context) {
            return GetResource.evaluate(call, context);
        }
        ParameterRef.evaluate(call, context)
    }
}

/// `Ref` in a condition, where resources cannot be meant.
#[derive(Debug)]
pub(super) struct ParameterRef;

impl Intrinsic for ParameterRef {
    fn description(&self) -> &'static str {
        "A function for resolving parameter references."
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = call.arguments(context)?;
        Ok(parameter(&name, context)?)
    }
}

fn parameter(name: &Value, context: &Context<'_>) -> Result<Value> {
    let unknown = || Error::reference(crate::template::python::text(name), "unknown");
    let name = name.as_str().filter(|name| context.bindings.parameters.has(name));
    context.bindings.parameters.value(name.ok_or_else(unknown)?)
}
