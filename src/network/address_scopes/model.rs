//! An address scope's row and what requests ask of it.

use kit::ids::{AddressScopeId, ProjectId};
use kit::policy::{Guarded, Target};
use serde::Deserialize;

use crate::rbac_policies::model::Shares;

/// An address scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressScope {
    /// Its id.
    pub id: AddressScopeId,
    /// Who owns it.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// The IP version of its pools.
    pub ip_version: i64,
    /// Who else may use it.
    pub shares: Shares,
}

impl AddressScope {
    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project);
        Guarded::new(self, target)
    }
}

/// A scope to be made.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NewAddressScope {
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) ip_version: i64,
    #[serde(default)]
    pub(crate) shared: bool,
}

/// What may change of a scope; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AddressScopeChange {
    pub(crate) name: Option<String>,
    pub(crate) shared: Option<bool>,
}
