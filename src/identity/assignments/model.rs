//! Who has which role where.

use kit::ids::{DomainId, GroupId, ProjectId, RoleId, UserId};

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

/// Who has a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A user.
    User(UserId),
    /// Every member of a group.
    Group(GroupId),
}

impl Actor {
    /// The id of the user or group.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Group(id) => id.as_str(),
        }
    }

    /// The user, if it is one.
    pub(crate) fn user(&self) -> Option<&UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::Group(_) => None,
        }
    }

    /// The group, if it is one.
    pub(crate) fn group(&self) -> Option<&GroupId> {
        match self {
            Self::Group(id) => Some(id),
            Self::User(_) => None,
        }
    }

    /// Where it is below the root of the API: `/users/…`.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::User(id) => format!("/users/{id}"),
            Self::Group(id) => format!("/groups/{id}"),
        }
    }
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Assignment {
    pub(crate) actor: Actor,
    pub(crate) place: Place,
    pub(crate) role_id: RoleId,
    /// It counts for the projects below its place, and not for the place itself.
    pub(crate) inherited: bool,
}
