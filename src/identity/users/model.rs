//! A user as it is kept.

use kit::ids::{DomainId, ProjectId, UserId};
use kit::policy::Target;
use serde::{Deserialize, Serialize};

use crate::record::Attributes;

/// A user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The name; unique in its domain.
    pub name: String,
    /// The domain it belongs to.
    pub domain_id: DomainId,
    /// Whether it may log in.
    pub enabled: bool,
    /// The project of a login that asks for none.
    pub default_project_id: Option<ProjectId>,
    /// Resource options.
    pub options: Attributes,
    /// What clients made up (`email`, `description`).
    #[serde(flatten)]
    pub extra: Attributes,
}

impl User {
    /// What rules may ask of it.
    pub(crate) fn target(&self) -> Target {
        Target::none()
            .with("user_id", &self.id)
            .with("target.user.id", &self.id)
            .with("target.user.domain_id", &self.domain_id)
    }
}
