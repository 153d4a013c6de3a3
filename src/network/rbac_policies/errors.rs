//! Neutron's errors about policies (`neutron/extensions/rbac.py`). A list.

use kit::error::Error;

use super::model::{Action, ObjectType};

/// No such policy, or none that the caller may see.
pub(super) fn not_found(id: &str) -> Error {
    Error::not_found(format!("RBAC policy of type unknown with ID {id} not found"))
        .tag("RbacPolicyNotFound")
}

/// The same policy is there.
pub(super) fn duplicate() -> Error {
    Error::conflict("An RBAC policy already exists with those values.").tag("DuplicateRbacPolicy")
}

/// Somebody has made something of what the policy lets him use.
pub(super) fn in_use(object: &str, details: &str) -> Error {
    Error::conflict(format!(
        "RBAC policy on object {object} cannot be removed because other objects depend on \
         it.\nDetails: {details}"
    ))
    .tag("RbacPolicyInUse")
}

/// Why a way outside is in use.
pub(super) const ROUTERS_DEPEND: &str =
    "There are routers attached to this network that depend on this policy for access.";

/// What cannot be done with a thing of this kind.
pub(super) fn invalid_action(action: &str, kind: ObjectType) -> Error {
    let valid: Vec<String> =
        kind.actions().iter().map(|action: &Action| format!("'{action}'")).collect();
    // As Python prints a tuple.
    let tuple = if valid.len() == 1 {
        format!("({},)", valid.concat())
    } else {
        format!("({})", valid.join(", "))
    };
    Error::bad_request(format!(
        "Invalid action '{action}' for object type '{kind}'. Valid actions: {tuple}"
    ))
    .tag("InvalidActionForType")
}
