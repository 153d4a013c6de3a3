//! A security group's row and what requests ask of it.

use kit::ids::{ProjectId, SecurityGroupId};
use kit::policy::{Guarded, Target};
use serde::Deserialize;

use crate::rbac_policies::model::Shares;
use crate::security_group_rules::model::SecurityGroupRule;
use crate::standard::Standard;

/// The name of the group that every project has.
pub(crate) const DEFAULT: &str = "default";

/// A security group with its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Its id.
    pub id: SecurityGroupId,
    /// Who owns it.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// What its owner says of it.
    pub description: String,
    /// Whether answers to what was let out are let in.
    pub stateful: bool,
    /// Whether it is the project's default group.
    pub is_default: bool,
    /// Who else may put ports into it.
    pub shares: Shares,
    /// Its rules, the oldest first.
    pub rules: Vec<SecurityGroupRule>,
    /// Tags, revision, times.
    pub standard: Standard,
}

impl SecurityGroup {
    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project);
        Guarded::new(self, target)
    }
}

/// A group to be made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewGroup {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) stateful: Option<bool>,
    pub(crate) tags: Vec<String>,
}

/// What may change of a group; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GroupChange {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) stateful: Option<bool>,
}
