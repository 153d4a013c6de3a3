//! Things of others: a resource whose `external_id` names a thing that is there already. It is
//! looked at and never changed, and outlives the stack.

use kit::error::{Error, Kind, Result};
use serde_json::Value;

use super::Hand;
use super::act::{CHANGED, Visit};
use crate::resources::{Look, SHOW};
use crate::stack_resources::model::Resource;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Action, Stack, Status};
use crate::template::{self, DeletionPolicy};

/// Where a row has the id that it was made with.
const ID: &str = "external_id";

/// Refuses a stack with a thing that its user does not find.
///
/// # Errors
///
/// 400 `StackValidationFailed` naming the id and the type.
pub(crate) fn check(
    hand: Hand<'_>,
    stack: &Stack,
    definition: &template::Resource,
    id: &str,
) -> Result<()> {
    let blueprint = Blueprint::of(stack)?;
    let registry = &blueprint.environment.registry;
    let (name, kind) = (&definition.name, &definition.resource_type);
    let plugin = blueprint::implementation(registry, kind, name)?;
    let physical = Some(id.to_owned());
    let row = Resource { physical, ..Resource::new(&stack.id, name, kind, hand.now) };
    match plugin.attribute(&Look { hand, stack, resource: &row }, SHOW) {
        Err(error) if error.kind == Kind::NotFound => {
            let sentence =
                format!("Invalid external resource: Resource {id} ({kind}) can not be found.");
            Err(Error::bad_request(sentence).tag("StackValidationFailed"))
        }
        Err(error) => Err(error),
        Ok(_) => Ok(()),
    }
}

/// Whether the template, or the row, says that the thing is another's: then the visit is seen to.
/// One that is new is taken over and checked; one that is there stays what it is.
///
/// # Errors
///
/// 400 `NotSupported` when an update makes of a thing of others one of the stack's, or the other
/// way round: the resource stays.
pub(super) fn begin(visit: &mut Visit<'_>, blueprint: &Blueprint) -> Result<bool> {
    let definition = blueprint.definition.resource(&visit.resource.name);
    let wanted = match definition {
        Some(definition) => blueprint.definition.external_id(definition)?,
        None => None,
    };
    let known = visit.resource.data.get(ID).and_then(Value::as_str);
    match wanted {
        None if known.is_none() => Ok(false),
        Some(id) if visit.resource.action == Action::Init => take(visit, id).map(|()| true),
        wanted if wanted.as_deref() == known => Ok(true),
        _ => {
            let (name, kind) = (&visit.resource.name, &visit.resource.resource_type);
            let sentence = format!("Update to property {ID} of {name} ({kind}) is not supported.");
            Err(Error::bad_request(sentence).tag("NotSupported"))
        }
    }
}

/// Heat: it is adopted, and then looked at.
fn take(visit: &mut Visit<'_>, id: String) -> Result<()> {
    visit.resource.data.insert(ID.to_owned(), Value::String(id.clone()));
    visit.resource.physical = Some(id);
    visit.resource.deletion_policy = DeletionPolicy::Retain;
    visit.reach(Action::Adopt, Status::InProgress, CHANGED)?;
    visit.reach(Action::Adopt, Status::Complete, CHANGED)?;
    visit.reach(Action::Check, Status::InProgress, CHANGED)
}
