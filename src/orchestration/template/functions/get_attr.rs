//! `get_attr: [resource, attribute, key, …]` in its three forms, and `Fn::GetAtt`.

use serde_json::Value;

use super::Intrinsic;
use super::get_resource::known;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::{Context, select};
use crate::template::snippet::{Call, Needed, Outcome, Reference, Snippet};

/// What a version makes of the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Exactly a resource and an attribute.
    Pair,
    /// The keys are followed in the value of the attribute.
    ThenSelect,
    /// The keys are handed to the resource, which may know better.
    WithPath,
    /// As before; without an attribute it is all of them.
    OrAll,
}

#[derive(Debug)]
pub(super) struct GetAttr(Form);

pub(super) static FN_GET_ATT: GetAttr = GetAttr(Form::Pair);
pub(super) static THEN_SELECT: GetAttr = GetAttr(Form::ThenSelect);
pub(super) static WITH_PATH: GetAttr = GetAttr(Form::WithPath);
pub(super) static OR_ALL: GetAttr = GetAttr(Form::OrAll);

impl Intrinsic for GetAttr {
    fn description(&self) -> &'static str {
        "A function for resolving resource attributes."
    }

    fn check(&self, call: &Call) -> Result<()> {
        let name = &call.name;
        let items = call.args.as_list();
        let length = items.map_or(0, <[Snippet]>::len);
        match self.0 {
            Form::OrAll if call.args.is_empty() => Err(Error::value(format!(
                "Arguments to \"{name}\" can be of the next forms: [resource_name] or \
                 [resource_name, attribute, (path), ...]"
            ))),
            Form::Pair if length != 2 => Err(Error::value(format!(
                "Arguments to \"{name}\" must be of the form [resource_name, attribute]"
            ))),
            _ if items.is_none() => {
                Err(Error::kind(format!("Argument to \"{name}\" must be a list")))
            }
            Form::ThenSelect | Form::WithPath if length < 2 => Err(Error::value(format!(
                "Arguments to \"{name}\" must be of the form [resource_name, attribute, (path), \
                 ...]"
            ))),
            Form::Pair | Form::ThenSelect | Form::WithPath | Form::OrAll => Ok(()),
        }
    }

    fn validate(&self, call: &Call, context: &Context<'_>) -> Result<()> {
        call.validate_arguments(context)?;
        let Ok((name, attribute)) = target(call, context) else { return Ok(()) };
        let resource = context.resource(&name, "unknown")?;
        match attribute {
            Some(attribute) if !resource.info.has_attribute(&attribute) => {
                Err(Error::attribute(&name, attribute))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn refers(&self, call: &Call, context: &Context<'_>) -> Outcome<Option<Reference>> {
        let (resource, attribute) = target(call, context)?;
        let what = attribute.map_or(Needed::Attributes, Needed::Attribute);
        Ok(Some(Reference { resource, what }))
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let (resource, attribute) = target(call, context)?;
        context.resource(&resource, "unknown")?;
        let Some(attribute) = attribute else {
            return known(context.scope.attributes(&resource)?);
        };
        let path = path(call, context)?;
        if self.0 == Form::ThenSelect {
            let whole = known(context.scope.attribute(&resource, &attribute, &[])?)?;
            return Ok(select(&whole, &path));
        }
        known(context.scope.attribute(&resource, &attribute, &path)?)
    }
}

/// The resource and its attribute. Keys may be known later only: what is needed shows without them.
fn target(call: &Call, context: &Context<'_>) -> Outcome<(String, Option<String>)> {
    let mut items = arguments(call).iter().map(|item| item.value(context));
    let resource = items.next().transpose()?.unwrap_or(Value::Null);
    let attribute = items.next().transpose()?.filter(|attribute| !attribute.is_null());
    Ok((python::text(&resource), attribute.as_ref().map(python::text)))
}

/// The keys.
fn path(call: &Call, context: &Context<'_>) -> Outcome<Vec<Value>> {
    arguments(call).iter().skip(2).map(|item| item.value(context)).collect()
}

fn arguments(call: &Call) -> &[Snippet] {
    call.args.as_list().unwrap_or_default()
}
