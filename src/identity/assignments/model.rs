//! Who has which role where.

use kit::ids::{DomainId, ProjectId, RoleId, UserId};

kit::text_enum! {
    /// What kind of thing a role is assigned on.
    pub enum Scope { Project = "project", Domain = "domain", System = "system" }
}

/// What a role is assigned on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Project(ProjectId),
    Domain(DomainId),
    System,
}

impl Place {
    /// Its kind.
    pub(crate) fn scope(&self) -> Scope {
        match self {
            Self::Project(_) => Scope::Project,
            Self::Domain(_) => Scope::Domain,
            Self::System => Scope::System,
        }
    }

    /// The id of the project or domain.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Project(id) => Some(id.as_str()),
            Self::Domain(id) => Some(id.as_str()),
            Self::System => None,
        }
    }
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Assignment {
    pub(crate) user_id: UserId,
    pub(crate) place: Place,
    pub(crate) role_id: RoleId,
    /// It counts for the projects below its place, and not for the place itself.
    pub(crate) inherited: bool,
}
