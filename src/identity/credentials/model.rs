//! A credential as it is kept.

use kit::ids::{CredentialId, ProjectId, UserId};
use kit::policy::Target;
use kit::secret::Secret;

use crate::record::Attributes;

/// The type of those that sign requests.
pub(crate) const EC2: &str = "ec2";

/// A credential, open.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    pub(crate) id: CredentialId,
    /// `ec2`, `cert`, `totp` or what clients made up.
    pub(crate) kind: String,
    pub(crate) user_id: UserId,
    pub(crate) project_id: Option<ProjectId>,
    /// What it holds, as its type has it.
    pub(crate) blob: Secret,
    /// What clients made up.
    pub(crate) extra: Attributes,
}

impl Credential {
    /// What rules may ask of it.
    pub(crate) fn target(&self) -> Target {
        target_of(&self.user_id)
    }
}

/// What rules may ask of a user's credentials.
pub(crate) fn target_of(user: &UserId) -> Target {
    Target::none().with("target.credential.user_id", user)
}
