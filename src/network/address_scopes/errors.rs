//! Neutron's errors about address scopes (`neutron_lib/exceptions/address_scope.py`). A list.

use kit::error::Error;
use kit::ids::AddressScopeId;

/// No such scope, or none that the caller may see.
pub(crate) fn not_found(id: &str) -> Error {
    Error::not_found(format!("Address scope {id} could not be found.")).tag("AddressScopeNotFound")
}

/// A scope with pools.
pub(crate) fn in_use(id: &AddressScopeId) -> Error {
    Error::conflict(format!(
        "Unable to complete operation on address scope {id}. There are one or more subnet pools \
         in use on the address scope."
    ))
    .tag("AddressScopeInUse")
}

/// What everybody may use stays so.
pub(crate) fn stays_shared(id: &AddressScopeId) -> Error {
    Error::bad_request(format!(
        "Unable to update address scope {id} : Shared address scope can't be unshared."
    ))
    .tag("AddressScopeUpdateError")
}
