//! An application credential as it is kept.

use kit::clock::Time;
use kit::ids::{ApplicationCredentialId, ProjectId, RoleId, UserId};

/// An application credential.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApplicationCredential {
    pub(crate) id: ApplicationCredentialId,
    /// Unique among the user's.
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) user_id: UserId,
    pub(crate) project_id: ProjectId,
    pub(crate) expires_at: Option<Time>,
    /// Whether its tokens may manage application credentials; unset means no.
    pub(crate) unrestricted: Option<bool>,
    pub(crate) roles: Vec<RoleId>,
}
