//! A policy's row, and with whom a thing is shared.

use kit::ids::{ProjectId, RbacPolicyId};
use kit::policy::{Caller, Guarded, Target};
use kit::store::json_column;
use kit::text_enum;
use rusqlite::Row;
use serde::Deserialize;

text_enum! {
    /// What can be shared.
    pub enum ObjectType {
        /// A network.
        Network = "network",
        /// An address scope.
        AddressScope = "address_scope",
        /// A subnet pool.
        SubnetPool = "subnetpool",
        /// A security group.
        SecurityGroup = "security_group",
        /// An address group.
        AddressGroup = "address_group",
    }
}

text_enum! {
    /// What for.
    pub enum Action {
        /// To make things of it.
        Shared = "access_as_shared",
        /// To go outside by it.
        External = "access_as_external",
    }
}

impl ObjectType {
    /// What things of this kind can be shared for.
    pub(crate) fn actions(self) -> &'static [Action] {
        match self {
            Self::Network => &[Action::Shared, Action::External],
            Self::AddressScope | Self::SubnetPool | Self::SecurityGroup | Self::AddressGroup => {
                &[Action::Shared]
            }
        }
    }
}

/// Whom a policy is for when it is for everybody.
pub(crate) const EVERYBODY: &str = "*";

/// That somebody may use a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RbacPolicy {
    /// Its id.
    pub id: RbacPolicyId,
    /// Who says so.
    pub project: ProjectId,
    /// What the thing is.
    pub object_type: ObjectType,
    /// The thing.
    pub object: String,
    /// What for.
    pub action: Action,
    /// Who: a project, or everybody.
    pub target: String,
}

impl RbacPolicy {
    /// With what rules may ask of it.
    pub(crate) fn guarded(self) -> Guarded<Self> {
        let target = Target::project(&self.project).with("target_tenant", &self.target);
        Guarded::new(self, target)
    }
}

/// A policy to be made.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NewPolicy {
    pub(crate) object_type: String,
    pub(crate) object_id: String,
    pub(crate) action: String,
    pub(crate) target_tenant: String,
}

/// With whom a thing is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares(Vec<String>);

impl Shares {
    /// From a column with the targets of its policies.
    pub(crate) fn from_row(row: &Row<'_>, column: &str) -> rusqlite::Result<Self> {
        Ok(Self(json_column(row, column)?))
    }

    /// With everybody, or with nobody.
    pub(crate) fn everybody_if(shared: bool) -> Self {
        Self(if shared { vec![EVERYBODY.to_owned()] } else { Vec::new() })
    }

    /// Whether it is shared with everybody.
    pub(crate) fn has_everybody(&self) -> bool {
        self.0.iter().any(|target| target == EVERYBODY)
    }

    /// Whether it is shared with a project, named or among everybody.
    pub(crate) fn has(&self, project: &ProjectId) -> bool {
        self.has_everybody() || self.0.iter().any(|target| target == project.as_str())
    }

    /// What whoever looks is told.
    pub(crate) fn with_caller(&self, caller: Option<&Caller>) -> bool {
        let project = caller.and_then(Caller::project);
        project.map_or_else(|| self.has_everybody(), |project| self.has(project))
    }
}
