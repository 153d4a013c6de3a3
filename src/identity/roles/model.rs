//! A role as it is kept.

use kit::ids::{DomainId, RoleId};
use kit::policy::Target;
use serde::{Deserialize, Serialize};

use crate::record::Attributes;

/// A role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) id: RoleId,
    /// Unique in its domain, or among the global ones.
    pub(crate) name: String,
    /// Set for a role that exists in one domain only; such a role is never in a token.
    pub(crate) domain_id: Option<DomainId>,
    pub(crate) description: Option<String>,
    /// Resource options (`immutable`).
    pub(crate) options: Attributes,
    /// What clients made up.
    #[serde(flatten)]
    pub(crate) extra: Attributes,
}

impl Role {
    /// What rules may ask of it.
    pub(crate) fn target(&self) -> Target {
        let target =
            Target::none().with("target.role.id", &self.id).with("target.role.name", &self.name);
        match &self.domain_id {
            Some(domain) => target.with("target.role.domain_id", domain),
            None => target,
        }
    }
}

/// That one role brings another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Implication {
    pub(crate) prior: RoleId,
    pub(crate) implied: RoleId,
}
