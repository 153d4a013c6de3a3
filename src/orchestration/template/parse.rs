//! A template: its version, its sections, its parameters; what is plainly wrong with it.
//!
//! Nothing is evaluated here. [`Template::define`] in [`super::definition`] goes on from here.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::error::{Error, Result};
use super::parameters::Declaration;
use super::versions::{self, Edition};
use super::{declarations, groups, python, yaml};

/// Files that came with a request, by name.
pub type Files = HashMap<String, String>;

/// The longest template, as Heat is configured by default.
const MAX_SIZE: usize = 512 << 10;
/// The most resources of a stack, as Heat is configured by default.
const MAX_RESOURCES: usize = 1000;

/// A template that can be read.
#[derive(Clone, Debug)]
pub struct Template {
    pub(crate) edition: Edition,
    pub(crate) sections: Map<String, Value>,
    pub(crate) files: Arc<Files>,
    declarations: IndexMap<String, Declaration>,
}

impl Template {
    /// Reads a template: text in YAML or JSON, or JSON already read.
    pub fn parse(source: &Value, files: &Arc<Files>) -> Result<Self> {
        let sections = read(source)?;
        let edition = versions::edition(&sections)?;
        let parameters = section(&sections, edition.words().parameters)?;
        let declarations = declarations::read(edition, &parameters)?;
        let template = Self { edition, sections, files: Arc::clone(files), declarations };
        template.check_sections()?;
        template.check_resources()?;
        Ok(template)
    }

    /// The version that it names.
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// The parameters that it declares.
    pub fn declarations(&self) -> &IndexMap<String, Declaration> {
        &self.declarations
    }

    /// The parameters of this template and of those among its files; its own count first. They
    /// say how the parameters of several environments are merged.
    pub fn all_declarations(&self) -> IndexMap<String, Declaration> {
        let files = self.files.values();
        let nested = files.filter_map(|text| Self::parse(&text.as_str().into(), &self.files).ok());
        let mut all: IndexMap<_, _> = nested.flat_map(|template| template.declarations).collect();
        all.extend(self.declarations.clone());
        all
    }

    /// What it is for; Heat's own words if it does not say.
    pub fn description(&self) -> Value {
        let written = self.sections.get(self.edition.words().description);
        written.filter(|text| python::truth(text)).cloned().unwrap_or("No description".into())
    }

    /// The groups in which a form shows the parameters.
    pub fn parameter_groups(&self) -> Option<&Value> {
        let groups = self.sections.get(self.edition.words().groups?);
        groups.filter(|groups| python::truth(groups))
    }

    /// Refuses groups that name a parameter that is not there, or one twice.
    pub(crate) fn check_groups(&self) -> Result<()> {
        let known = |name: &str| self.declarations.contains_key(name) || name.starts_with("OS::");
        self.parameter_groups().map_or(Ok(()), |groups| groups::check(groups, &known))
    }

    /// The names of its outputs.
    pub fn output_names(&self) -> Result<Vec<String>> {
        Ok(self.section(self.edition.words().outputs)?.keys().cloned().collect())
    }

    /// The template as JSON.
    pub fn to_value(&self) -> Value {
        Value::Object(self.sections.clone())
    }

    /// A section; a missing or empty one has nothing in it.
    pub(crate) fn section(&self, name: &str) -> Result<Map<String, Value>> {
        section(&self.sections, name)
    }

    fn check_sections(&self) -> Result<()> {
        match self.sections.keys().find(|name| !self.edition.has_section(name)) {
            Some(name) => {
                Err(Error::validation(format!("The template section is invalid: {name}")))
            }
            None => Ok(()),
        }
    }

    fn check_resources(&self) -> Result<()> {
        let words = self.edition.words();
        let resources = self.section(words.resources)?;
        let mut names: Vec<_> = resources.keys().collect();
        names.sort_unstable();
        for name in names {
            self.check_resource(resources.get(name).unwrap_or(&Value::Null))?;
        }
        if resources.len() > MAX_RESOURCES {
            let sentence = "Request limit exceeded: Maximum resources per stack exceeded.";
            return Err(Error::new("RequestLimitExceeded", sentence));
        }
        Ok(())
    }

    /// Heat says it once for HOT and, in other words, once for all.
    fn check_resource(&self, resource: &Value) -> Result<()> {
        let words = self.edition.words();
        let hot = self.edition.is_hot();
        let typeless = || {
            Err(Error::validation(if hot {
                "Each resource must contain a type key."
            } else {
                "Each Resource must contain a Type key."
            }))
        };
        if !python::truth(resource) {
            return typeless();
        }
        let Value::Object(members) = resource else {
            let kind = python::type_name(resource);
            return Err(Error::validation(if hot {
                format!(
                    "\"resources\" must contain a map of resource maps. Found a [<class \
                     '{kind}'>] instead"
                )
            } else {
                format!("Resources must contain Resource. Found a [<class '{kind}'>] instead")
            }));
        };
        let latest = Edition::Hot20210416.resource_keys();
        if let Some(key) = members.keys().find(|key| hot && !latest.contains(&key.as_str())) {
            return Err(Error::validation(format!(
                "\"{key}\" is not a valid keyword inside a resource definition"
            )));
        }
        match members.get(words.kind) {
            None => typeless(),
            Some(kind) if !python::truth(kind) => {
                Err(Error::validation("Each Resource must contain a Type key."))
            }
            Some(_) => Ok(()),
        }
    }
}

fn section(sections: &Map<String, Value>, name: &str) -> Result<Map<String, Value>> {
    match sections.get(name) {
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(value) if python::truth(value) => {
            let kind = python::type_name(value);
            Err(Error::validation(format!("'{kind}' object has no attribute 'items'")))
        }
        Some(_) | None => Ok(Map::new()),
    }
}

/// The sections, of text or of what was text once.
fn read(source: &Value) -> Result<Map<String, Value>> {
    match source {
        Value::Object(sections) => {
            check_size(source.to_string().len())?;
            Ok(sections.clone())
        }
        Value::String(text) => {
            check_size(text.len())?;
            read_text(text).map_err(|error| {
                let sentence = format!("Template not in valid format: {error}");
                Error::new("HTTPBadRequest", sentence)
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            Err(Error::new("HTTPBadRequest", "No template specified"))
        }
    }
}

fn read_text(text: &str) -> Result<Map<String, Value>> {
    let value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => yaml::load(text).map_err(|error| {
            Error::value(format!("Error parsing template [root stack] {}", error.message()))
        })?,
    };
    let sections = match value {
        Value::Object(sections) => sections,
        Value::Null => Map::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            return Err(Error::value("The template is not a JSON object or YAML mapping."));
        }
    };
    if versions::names_version(&sections) {
        return Ok(sections);
    }
    Err(Error::value("Template format version not found."))
}

fn check_size(size: usize) -> Result<()> {
    if size <= MAX_SIZE {
        return Ok(());
    }
    Err(Error::new(
        "RequestLimitExceeded",
        format!(
            "Request limit exceeded: Template size ({size} bytes) exceeds maximum allowed size \
             ({MAX_SIZE} bytes)."
        ),
    ))
}
