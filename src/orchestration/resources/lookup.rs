//! Names of templates → ids of things, with Heat's words for none and for several.

use kit::error::{Error, Result};
use kit::policy::Caller;

use super::nova;
use crate::engine::Hand;
use crate::stacks::model::Stack;

/// The id of the image that a template names.
pub(crate) fn find_image(hand: Hand<'_>, caller: &Caller, name_or_id: &str) -> Result<String> {
    let policy = &hand.platform.policy;
    let found = image::facade::find(hand.connection, policy, caller, name_or_id)?;
    only("Image", name_or_id, &found)
}

/// The id of the flavor that a template names.
pub(crate) fn find_flavor(
    hand: Hand<'_>,
    stack: &Stack,
    caller: &Caller,
    name_or_id: &str,
) -> Result<String> {
    let found = nova::delegated(hand, stack, caller, |delegate| delegate.find_flavors(name_or_id))?;
    only("Flavor", name_or_id, &found)
}

/// The one that was found.
pub(super) fn only<Id: ToString>(what: &str, name_or_id: &str, found: &[Id]) -> Result<String> {
    match found {
        [id] => Ok(id.to_string()),
        [] => {
            let sentence = format!("The {what} ({name_or_id}) could not be found.");
            Err(Error::not_found(sentence).tag("EntityNotFound"))
        }
        _ => Err(ambiguous(name_or_id)),
    }
}

/// A name that several things have.
pub(super) fn ambiguous(name: &str) -> Error {
    let sentence = format!("Multiple physical resources were found with name ({name}).");
    Error::bad_request(sentence).tag("PhysicalResourceNameAmbiguity")
}
