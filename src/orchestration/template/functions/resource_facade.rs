//! `resource_facade` and `Fn::ResourceFacade`: in the template of a resource, a part of how that
//! resource is defined above.

use super::Intrinsic;
use super::get_resource::known;
use crate::template::error::{Error, Result};
use crate::template::scope::{Context, Facade};
use crate::template::snippet::{Call, Outcome};

/// The names of the parts.
#[derive(Debug)]
pub(super) struct ResourceFacade([(&'static str, Facade); 3]);

pub(super) static HOT: ResourceFacade = ResourceFacade([
    ("metadata", Facade::Metadata),
    ("deletion_policy", Facade::DeletionPolicy),
    ("update_policy", Facade::UpdatePolicy),
]);
pub(super) static CFN: ResourceFacade = ResourceFacade([
    ("Metadata", Facade::Metadata),
    ("DeletionPolicy", Facade::DeletionPolicy),
    ("UpdatePolicy", Facade::UpdatePolicy),
]);

impl ResourceFacade {
    fn part(&self, call: &Call) -> Result<Facade> {
        let asked = call.args.as_str();
        let known = self.0.iter().find(|(name, _)| Some(*name) == asked);
        known.map(|(_, part)| *part).ok_or_else(|| {
            let (name, names) = (&call.name, self.0.map(|(name, _)| name).join(", "));
            Error::value(format!("Incorrect arguments to \"{name}\" should be one of: {names}"))
        })
    }
}

impl Intrinsic for ResourceFacade {
    fn description(&self) -> &'static str {
        "A function for retrieving data in a parent provider template."
    }

    fn check(&self, call: &Call) -> Result<()> {
        self.part(call).map(|_| ())
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        known(context.scope.facade(self.part(call)?)?)
    }
}
