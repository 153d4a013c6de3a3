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
        let Ok(target) = Target::of(call, context) else { return Ok(()) };
        let resource = context.resource(&target.resource, "unknown")?;
        match target.attribute {
            Some(attribute) if !resource.info.has_attribute(&attribute) => {
                Err(Error::attribute(&target.resource, attribute))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn refers(&self, call: &Call, context: &Context<'_>) -> Outcome<Option<Reference>> {
        let target = Target::of(call, context)?;
        let what = target.attribute.map_or(Needed::Attributes, Needed::Attribute);
        Ok(Some(Reference { resource: target.resource, what }))
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let Target { resource, attribute, path } = Target::of(call, context)?;
        context.resource(&resource, "unknown")?;
        let Some(attribute) = attribute else {
            return known(context.scope.attributes(&resource)?);
        };
        if self.0 == Form::ThenSelect {
            let whole = known(context.scope.attribute(&resource, &attribute, &[])?)?;
            return Ok(select(&whole, &path));
        }
        known(context.scope.attribute(&resource, &attribute, &path)?)
    }
}

/// The arguments, evaluated.
struct Target {
    resource: String,
    attribute: Option<String>,
    path: Vec<Value>,
}

impl Target {
    fn of(call: &Call, context: &Context<'_>) -> Outcome<Self> {
        let items = call.args.as_list().unwrap_or_default();
        let mut items = items.iter().map(|item| item.value(context));
        let resource = items.next().transpose()?.unwrap_or(Value::Null);
        let attribute = items.next().transpose()?.filter(|attribute| !attribute.is_null());
        Ok(Self {
            resource: python::text(&resource),
            attribute: attribute.as_ref().map(python::text),
            path: items.collect::<Outcome<_>>()?,
        })
    }
}
