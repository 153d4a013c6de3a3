//! A group of users as it is kept.

use kit::ids::{DomainId, GroupId};
use kit::policy::Target;
use serde::{Deserialize, Serialize};

use crate::record::Attributes;

/// A group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: GroupId,
    /// Unique in its domain.
    pub(crate) name: String,
    pub(crate) domain_id: DomainId,
    pub(crate) description: Option<String>,
    /// What clients made up.
    #[serde(flatten)]
    pub(crate) extra: Attributes,
}

impl Group {
    /// What rules may ask of it.
    pub(crate) fn target(&self) -> Target {
        Target::none()
            .with("target.group.id", &self.id)
            .with("target.group.domain_id", &self.domain_id)
    }
}
