//! A project as it is kept; a domain is one that acts as a domain.

use kit::ids::{DomainId, ProjectId};
use kit::policy::Target;
use serde::{Deserialize, Serialize};

use crate::record::Attributes;

/// A project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// The id.
    pub id: ProjectId,
    /// The name; unique in its domain.
    pub name: String,
    /// The domain it lies in; none for a domain.
    pub domain_id: Option<DomainId>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether tokens may be scoped to it.
    pub enabled: bool,
    /// The project or domain above it; none for a domain.
    pub parent_id: Option<ProjectId>,
    /// Whether it acts as a domain.
    pub is_domain: bool,
    /// Words of the operator.
    pub tags: Vec<String>,
    /// Resource options (`immutable`).
    pub options: Attributes,
    /// What clients made up.
    #[serde(flatten)]
    pub extra: Attributes,
}

impl Project {
    /// A domain that is enabled and has nothing more to it.
    pub(crate) fn domain(id: &str, name: &str, description: &str) -> Self {
        Self {
            id: ProjectId::from(id),
            name: name.to_owned(),
            domain_id: None,
            description: Some(description.to_owned()),
            enabled: true,
            parent_id: None,
            is_domain: true,
            tags: Vec::new(),
            options: Attributes::new(),
            extra: Attributes::new(),
        }
    }

    /// What rules may ask of it.
    pub(crate) fn target(&self) -> Target {
        let target =
            Target::none().with("target.project.id", &self.id).with("target.domain.id", &self.id);
        match &self.domain_id {
            Some(domain) => target.with("target.project.domain_id", domain),
            None => target,
        }
    }

    /// Its id as that of a domain.
    pub(crate) fn as_domain_id(&self) -> DomainId {
        DomainId::from(self.id.as_str())
    }
}
