//! What a service is: the descriptor that `app.rs` reads.

use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::microversion::{Mv, Versions};
use super::operation::Operation;
use crate::config::Settings;
use crate::error::Result;
use crate::platform::{Extensions, Platform};
use crate::policy::Rule;
use crate::quota::Resource;
use crate::store::Migration;
use crate::workflow::{Reconciler, Workflow};

/// How the errors of a service look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Nova and Cinder.
    Nova,
    /// Glance.
    Glance,
    /// Neutron.
    Neutron,
    /// Keystone.
    Keystone,
    /// Heat.
    Heat,
    /// Placement.
    Placement,
    /// Amazon's `CloudFormation`, as Heat speaks it.
    CloudFormation(Syntax),
    /// The house's own pages.
    Plain,
}

/// How an answer of Amazon's APIs is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// In XML, unless something else is asked for.
    Xml,
    /// In JSON.
    Json,
}

impl Dialect {
    /// What is spoken to whoever sends these parameters: Amazon's APIs go by `ContentType` among
    /// them, not by headers.
    pub(super) fn as_asked(self, parameters: &[(String, String)]) -> Self {
        let wants_json =
            || parameters.iter().any(|(name, value)| name == "ContentType" && value == "JSON");
        let has_syntaxes = matches!(self, Self::CloudFormation(_));
        if has_syntaxes && wants_json() { Self::CloudFormation(Syntax::Json) } else { self }
    }

    /// What may stand behind a path without changing it: the format that all answers have.
    pub(super) const fn format_suffix(self) -> Option<&'static str> {
        match self {
            Self::Neutron => Some(".json"),
            Self::Keystone
            | Self::Nova
            | Self::Glance
            | Self::Heat
            | Self::Placement
            | Self::CloudFormation(_)
            | Self::Plain => None,
        }
    }

    /// Whether a slash at the end of a path changes nothing; with the others it is another path,
    /// which nothing answers.
    pub(super) const fn ignores_last_slash(self) -> bool {
        match self {
            Self::Keystone | Self::Neutron | Self::CloudFormation(_) | Self::Plain => true,
            Self::Nova | Self::Glance | Self::Heat | Self::Placement => false,
        }
    }
}

/// How a mount finds the version of a request.
#[derive(Clone, Copy, Debug)]
pub enum Versioning {
    /// The service has no microversions.
    None,
    /// By header.
    Negotiated(&'static Versions),
    /// Always this one, and no version headers (Nova's `/v2`).
    Fixed(Mv),
}

/// A table of operations below a prefix.
#[derive(Debug)]
pub struct Mount {
    /// The service's prefix on the shared port, `/compute`.
    pub prefix: &'static str,
    /// The version segment, `/v2.1`; empty for discovery.
    pub version: &'static str,
    /// The rows.
    pub operations: &'static [Operation],
    /// How the version is found.
    pub versioning: Versioning,
    /// Whether a project id may stand before the path (`/v2.1/{project_id}/servers`); in Heat's
    /// it always does.
    pub project_in_path: bool,
}

/// One service of the cloud.
pub struct Service {
    /// `compute`.
    pub name: &'static str,
    /// How its errors look.
    pub dialect: Dialect,
    /// Its prefixes and their operations.
    pub mounts: &'static [Mount],
    /// Its own port, as `DevStack` has it.
    pub native_port: Option<u16>,
    /// Its rules.
    pub rules: &'static [Rule],
    /// Its counted resources.
    pub quotas: &'static [Resource],
    /// Its durable operations.
    pub workflows: &'static [&'static Workflow],
    /// What keeps its rows and the engine in step.
    pub reconcilers: fn() -> Vec<Arc<dyn Reconciler>>,
    /// Its schema.
    pub migrations: &'static [Migration],
    /// Its part of the contract: file name and YAML.
    pub documents: &'static [(&'static str, &'static str)],
    /// Puts aside what it keeps for itself, before the platform stands.
    pub extend: Extend,
    /// Makes its bootstrap rows and starts its background tasks, before the listeners open.
    pub start: Start,
}

/// See [`Service::extend`].
pub type Extend = fn(&Settings, &Path, &mut Extensions) -> Result<()>;
/// See [`Service::start`].
pub type Start = fn(Arc<Platform>) -> BoxFuture<'static, Result<()>>;
