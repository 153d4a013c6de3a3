//! An address group's row and what requests ask of it.

use std::collections::BTreeSet;

use ipnet::IpNet;
use kit::clock::Time;
use kit::ids::{AddressGroupId, ProjectId};
use kit::policy::{Guarded, Target};
use serde::Deserialize;

use crate::rbac_policies::model::Shares;

/// An address group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressGroup {
    /// Its id.
    pub id: AddressGroupId,
    /// Who owns it.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub description: String,
    /// Its ranges, each as its network is written.
    pub addresses: BTreeSet<IpNet>,
    /// Who else may name it in rules.
    pub shares: Shares,
    /// Counts the changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl AddressGroup {
    /// With what rules of policy may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project);
        Guarded::new(self, target)
    }
}

/// A group to be made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewAddressGroup {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) addresses: BTreeSet<IpNet>,
}

/// What may change of a group besides its ranges; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AddressGroupChange {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
}
