//! The types that a template may name: the registry of its environment over the plug-ins, and the
//! templates among its files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::template::{
    Environment, Error, Files, Implementation, Registry, Result, Schema, Template, TypeInfo, Types,
};

/// What can be named beside these files in that environment.
pub(crate) struct Catalogue<'a> {
    environment: &'a Environment,
    files: &'a Arc<Files>,
    /// Templates that have been read: a group names one of them many times.
    read: RefCell<HashMap<String, Arc<TypeInfo>>>,
}

impl Types for Catalogue<'_> {
    fn info(&self, resource_type: &str, resource_name: &str) -> Result<Arc<TypeInfo>> {
        match self.find(resource_type, resource_name)? {
            Implementation::Plugin(name) => super::named(&name).map(super::info),
            Implementation::Template(name) => self.of_template(name),
        }
    }
}

impl<'a> Catalogue<'a> {
    pub(crate) fn new(environment: &'a Environment, files: &'a Arc<Files>) -> Self {
        Self { environment, files, read: RefCell::default() }
    }

    /// What makes a resource of that type and name.
    fn find(&self, resource_type: &str, resource_name: &str) -> Result<Implementation> {
        let cloud = Registry::of_the_cloud();
        self.environment.registry.find(resource_type, resource_name, &cloud, &super::is_known)
    }

    /// The name of the template that makes it, if one does.
    pub(crate) fn template_name(&self, kind: &str, resource_name: &str) -> Result<Option<String>> {
        Ok(match self.find(kind, resource_name)? {
            Implementation::Template(name) => Some(name),
            Implementation::Plugin(_) => None,
        })
    }

    /// The text of a template. Nothing is fetched: clients send the files along.
    pub(crate) fn text_of(&self, name: &str) -> Result<&'a str> {
        self.files.get(name).map(String::as_str).ok_or_else(|| {
            let reason = match name.split_once("://") {
                Some(("http" | "https", _)) => "Failed to retrieve template".to_owned(),
                Some((scheme, _)) => format!("Invalid URL scheme {scheme}"),
                None => "Invalid URL scheme ".to_owned(),
            };
            Error::validation(format!("Could not fetch remote template \"{name}\": {reason}"))
        })
    }

    /// The type that a template makes: its parameters are properties, its outputs attributes.
    fn of_template(&self, name: String) -> Result<Arc<TypeInfo>> {
        if let Some(known) = self.read.borrow().get(&name) {
            return Ok(Arc::clone(known));
        }
        let template = Template::parse(&Value::from(self.text_of(&name)?), self.files)?;
        let defaults = &self.environment.parameter_defaults;
        let mut declarations = template.declarations().clone();
        for (parameter, declaration) in &mut declarations {
            if let Some(default) = defaults.get(parameter) {
                declaration.default = Some(default.clone());
            }
        }
        let info = Arc::new(TypeInfo {
            class: "TemplateResource".to_owned(),
            properties: Schema::of_parameters(declarations.values()),
            attributes: template.output_names()?,
            is_stack: true,
            ..TypeInfo::default()
        });
        self.read.borrow_mut().insert(name, Arc::clone(&info));
        Ok(info)
    }
}
