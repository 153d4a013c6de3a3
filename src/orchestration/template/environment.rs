//! Environments: parameters, defaults and the registry that come beside a template.
//!
//! A request has one environment, or names several of its files, which are then merged in order
//! by the strategies that they state ([`merge`]).

mod merge;
mod registry;

use indexmap::IndexMap;
use serde_json::{Map, Value};

pub use registry::{HOOK_TYPES, Implementation, Registry};

use super::error::{Error, Result};
use super::parameters::Declaration;
use super::parse::Files;
use super::{python, yaml};

const PARAMETERS: &str = "parameters";
const DEFAULTS: &str = "parameter_defaults";
const REGISTRY: &str = "resource_registry";
const ENCRYPTED: &str = "encrypted_param_names";
const SINKS: &str = "event_sinks";
const STRATEGIES: &str = "parameter_merge_strategies";

/// Every section that an environment may have.
static SECTIONS: &[&str] = &[PARAMETERS, REGISTRY, DEFAULTS, ENCRYPTED, SINKS, STRATEGIES];

/// What a request says beside its template.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Values of parameters.
    pub parameters: Map<String, Value>,
    /// Values of parameters that are not given, in nested templates too.
    pub parameter_defaults: Map<String, Value>,
    /// Which type stands for which.
    pub registry: Registry,
    /// Parameters that are stored encrypted.
    pub encrypted_param_names: Vec<Value>,
    /// Where events are sent besides.
    pub event_sinks: Vec<Value>,
}

/// The parts of a request that make an environment.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The environment, as text or as JSON.
    pub environment: Option<&'a Value>,
    /// Values of parameters that stand beside it.
    pub parameters: Option<&'a Map<String, Value>>,
    /// Names of files with environments; if there are any, `environment` does not count.
    pub environment_files: &'a [String],
    /// The files.
    pub files: &'a Files,
}

impl Environment {
    /// One environment alone, as text or as JSON.
    pub fn parse(source: &Value) -> Result<Self> {
        Self::of_sections(&sections(source).map_err(|error| unreadable(&error))?)
    }

    /// The environment of a request. `declarations` are those of its template and of the
    /// templates among its files: they decide how parameters are merged.
    pub fn of_request(
        sources: &Sources<'_>,
        declarations: &IndexMap<String, Declaration>,
    ) -> Result<Self> {
        let alone = sources.environment.filter(|_| sources.environment_files.is_empty());
        let read = alone.map(sections).transpose().map_err(|error| unreadable(&error))?;
        let mut whole = read.unwrap_or_default();
        if let Some(given) = sources.parameters {
            let section = whole.entry(PARAMETERS).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(members) = section {
                members.extend(given.clone());
            }
        }
        merge::merge(&mut whole, sources.environment_files, sources.files, declarations)?;
        Self::of_sections(&whole)
    }

    fn of_sections(sections: &Map<String, Value>) -> Result<Self> {
        let map = |name| sections.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        let list = |name| sections.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(Self {
            parameters: map(PARAMETERS),
            parameter_defaults: map(DEFAULTS),
            registry: Registry::read(&map(REGISTRY))?,
            encrypted_param_names: list(ENCRYPTED),
            event_sinks: list(SINKS),
        })
    }

    /// The environment of a stack nested in this one: its own parameters, the same registry and
    /// defaults. `resource` is the resource that it belongs to, `template` the one that it is
    /// made of, which must not stand for itself again.
    #[must_use]
    pub fn child(
        &self,
        parameters: Map<String, Value>,
        resource: Option<&str>,
        template: Option<&str>,
    ) -> Self {
        Self { parameters, registry: self.registry.child(resource, template), ..self.clone() }
    }

    /// What the API shows, and what is stored.
    pub fn to_value(&self) -> Value {
        let sections = [
            (REGISTRY, self.registry.to_value()),
            (PARAMETERS, Value::Object(self.parameters.clone())),
            (DEFAULTS, Value::Object(self.parameter_defaults.clone())),
            (SINKS, Value::Array(self.event_sinks.clone())),
        ];
        Value::Object(sections.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

fn unreadable(error: &Error) -> Error {
    Error::new("HTTPBadRequest", format!("Environment not in valid format: {error}"))
}

/// The sections of one environment.
fn sections(source: &Value) -> Result<Map<String, Value>> {
    let read = match source {
        Value::String(text) => yaml::load(text)?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            source.clone()
        }
    };
    let sections = match read {
        Value::Object(sections) => sections,
        Value::Null => Map::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return Err(Error::value("The environment is not a valid YAML mapping data type."));
        }
    };
    for (name, section) in &sections {
        if !SECTIONS.contains(&name.as_str()) {
            return Err(Error::value(format!("environment has wrong section \"{name}\"")));
        }
        if section.is_null() {
            return Err(Error::value(format!("environment has empty section \"{name}\"")));
        }
        let listed = [ENCRYPTED, SINKS].contains(&name.as_str());
        if !(if listed { section.is_array() } else { section.is_object() }) {
            let kind = python::type_name(section);
            return Err(Error::value(format!("environment section \"{name}\" is a {kind}")));
        }
    }
    Ok(sections)
}

#[cfg(test)]
mod tests;
