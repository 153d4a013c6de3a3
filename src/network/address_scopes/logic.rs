//! The rules of address scopes (`neutron/db/address_scope_db.py`).

use kit::Result;
use kit::ids::{AddressScopeId, ProjectId};
use rusqlite::Connection;

use super::model::{AddressScope, AddressScopeChange, NewAddressScope};
use super::{errors, store};
use crate::rbac_policies::model::{Action, ObjectType, Shares};
use crate::{rbac_policies, subnetpools};

/// Makes a scope.
pub(crate) fn create(
    connection: &Connection,
    project: &ProjectId,
    new: NewAddressScope,
) -> Result<AddressScope> {
    let scope = AddressScope {
        id: AddressScopeId::random(),
        project: project.clone(),
        name: new.name,
        ip_version: new.ip_version,
        shares: Shares::everybody_if(new.shared),
    };
    store::insert(connection, &scope)?;
    if new.shared {
        share(connection, &scope)?;
    }
    Ok(scope)
}

/// Changes a scope; what everybody may use stays so.
pub(crate) fn update(
    connection: &Connection,
    scope: &AddressScope,
    change: AddressScopeChange,
) -> Result<()> {
    match change.shared {
        Some(false) if scope.shares.has_everybody() => {
            return Err(errors::stays_shared(&scope.id));
        }
        Some(true) => share(connection, scope)?,
        Some(false) | None => {}
    }
    match change.name {
        Some(name) => store::rename(connection, &scope.id, &name),
        None => Ok(()),
    }
}

/// Deletes a scope without pools.
pub(crate) fn delete(connection: &Connection, id: &AddressScopeId) -> Result<()> {
    if !subnetpools::store::of_scope(connection, id)?.is_empty() {
        return Err(errors::in_use(id));
    }
    rbac_policies::store::forget(connection, id.as_str())?;
    store::delete(connection, id)
}

fn share(connection: &Connection, scope: &AddressScope) -> Result<()> {
    let what = (ObjectType::AddressScope, scope.id.as_str());
    rbac_policies::store::share(connection, &scope.project, what, Action::Shared)
}
