//! The rules of address groups (`neutron/db/address_group_db.py`).

use std::collections::BTreeSet;

use ipnet::IpNet;
use kit::Result;
use kit::clock::Time;
use kit::ids::{AddressGroupId, ProjectId};
use rusqlite::Connection;

use super::model::{AddressGroup, AddressGroupChange, NewAddressGroup};
use super::{errors, store};
use crate::rbac_policies;
use crate::rbac_policies::model::Shares;

/// Makes a group.
pub(crate) fn create(
    connection: &Connection,
    now: Time,
    project: &ProjectId,
    new: NewAddressGroup,
) -> Result<AddressGroup> {
    let group = AddressGroup {
        id: AddressGroupId::random(),
        project: project.clone(),
        name: new.name,
        description: new.description,
        addresses: new.addresses,
        shares: Shares::default(),
        revision: 0,
        created_at: now,
        updated_at: now,
    };
    store::insert(connection, &group)?;
    Ok(group)
}

/// Names or describes a group anew.
pub(super) fn update(
    connection: &Connection,
    now: Time,
    group: AddressGroup,
    change: AddressGroupChange,
) -> Result<()> {
    let changed = AddressGroup {
        name: change.name.unwrap_or(group.name),
        description: change.description.unwrap_or(group.description),
        ..group
    };
    store::update(connection, &changed, now)
}

/// Adds ranges to a group that has none of them.
pub(crate) fn add(
    connection: &Connection,
    now: Time,
    group: AddressGroup,
    more: &BTreeSet<IpNet>,
) -> Result<()> {
    let there: Vec<&IpNet> = group.addresses.intersection(more).collect();
    if !there.is_empty() {
        return Err(errors::there_already(&there, &group.id));
    }
    let addresses = group.addresses.union(more).copied().collect();
    store::update(connection, &AddressGroup { addresses, ..group }, now)
}

/// Takes ranges from a group that has all of them.
pub(super) fn remove(
    connection: &Connection,
    now: Time,
    group: AddressGroup,
    unwanted: &BTreeSet<IpNet>,
) -> Result<()> {
    let absent: Vec<&IpNet> = unwanted.difference(&group.addresses).collect();
    if !absent.is_empty() {
        return Err(errors::absent(&absent, &group.id));
    }
    let addresses = group.addresses.difference(unwanted).copied().collect();
    store::update(connection, &AddressGroup { addresses, ..group }, now)
}

/// Deletes a group that no rule names.
pub(super) fn delete(connection: &Connection, id: &AddressGroupId) -> Result<()> {
    if store::in_use(connection, id)? {
        return Err(errors::in_use(id));
    }
    rbac_policies::store::forget(connection, id.as_str())?;
    store::delete(connection, id)
}
