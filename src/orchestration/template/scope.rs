//! What functions are evaluated against.
//!
//! Parameters, files, mappings and conditions belong to the template and are known from the start
//! ([`Bindings`]). What resources are called and what their attributes are, only the engine knows,
//! and not always yet: it answers through [`Scope`].

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};

use super::conditions::Conditions;
use super::definition::Resource;
use super::error::{Error, Result};
use super::parameters::Parameters;
use super::parse::Files;
use super::python;

/// A value, or that it is not known yet because a resource does not exist yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// The value.
    Known(Value),
    /// It can be had once the resources it needs exist.
    NotYet,
}

/// Which part of the parent resource `resource_facade` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facade {
    /// Its metadata.
    Metadata,
    /// Its deletion policy.
    DeletionPolicy,
    /// Its update policy.
    UpdatePolicy,
}

/// What only the engine knows of resources.
pub trait Scope {
    /// What `get_resource` gives: the physical id, for most types.
    fn reference(&self, resource: &str) -> Result<Resolved>;

    /// What `get_attr` gives. The whole path is handed over because groups and nested stacks
    /// answer by it; the others select with [`select`].
    fn attribute(&self, resource: &str, attribute: &str, path: &[Value]) -> Result<Resolved>;

    /// Every attribute by name.
    fn attributes(&self, resource: &str) -> Result<Resolved>;

    /// A part of the resource whose template this is.
    fn facade(&self, part: Facade) -> Result<Resolved>;

    /// The zones of the cloud.
    fn availability_zones(&self) -> Result<Vec<String>>;
}

/// Nothing exists yet: what a template is validated against.
#[derive(Clone, Copy, Debug)]
pub struct NothingYet;

impl Scope for NothingYet {
    fn reference(&self, _resource: &str) -> Result<Resolved> {
        Ok(Resolved::NotYet)
    }

    fn attribute(&self, _resource: &str, _attribute: &str, _path: &[Value]) -> Result<Resolved> {
        Ok(Resolved::NotYet)
    }

    fn attributes(&self, _resource: &str) -> Result<Resolved> {
        Ok(Resolved::NotYet)
    }

    fn facade(&self, _part: Facade) -> Result<Resolved> {
        Ok(Resolved::NotYet)
    }

    fn availability_zones(&self) -> Result<Vec<String>> {
        Ok(vec!["nova".to_owned()])
    }
}

/// Nothing exists yet, and what is asked of it is nothing: Heat's way to look at properties from
/// which nested stacks will be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unborn;

impl Scope for Unborn {
    fn reference(&self, resource: &str) -> Result<Resolved> {
        Ok(Resolved::Known(resource.into()))
    }

    fn attribute(&self, _resource: &str, _attribute: &str, _path: &[Value]) -> Result<Resolved> {
        Ok(Resolved::Known(Value::Null))
    }

    fn attributes(&self, _resource: &str) -> Result<Resolved> {
        Ok(Resolved::Known(Value::Null))
    }

    fn facade(&self, _part: Facade) -> Result<Resolved> {
        Ok(Resolved::Known(Value::Null))
    }

    fn availability_zones(&self) -> Result<Vec<String>> {
        NothingYet.availability_zones()
    }
}

/// Follows `path` into the value of an attribute; null where it leads nowhere.
pub fn select(value: &Value, path: &[Value]) -> Value {
    let found = path.iter().try_fold(value, python::item);
    found.cloned().unwrap_or(Value::Null)
}

/// What the template itself gives its functions.
#[derive(Clone, Debug)]
pub(crate) struct Bindings {
    pub(crate) parameters: Parameters,
    pub(crate) files: Arc<Files>,
    pub(crate) mappings: Arc<Map<String, Value>>,
    /// The names of all resources, also of those that a condition leaves out.
    pub(crate) names: IndexSet<String>,
}

/// Everything that a function may ask for.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub(crate) bindings: &'a Bindings,
    pub(crate) conditions: &'a dyn Conditions,
    /// The resources that are not left out.
    pub(crate) resources: &'a IndexMap<String, Resource>,
    pub(crate) scope: &'a dyn Scope,
}

impl<'a> Context<'a> {
    /// The resource of that name; `place` is where it is asked for.
    pub(crate) fn resource(&self, name: &str, place: &str) -> Result<&'a Resource> {
        self.resources.get(name).ok_or_else(|| Error::reference(name, place))
    }
}
