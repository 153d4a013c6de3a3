//! The types that a template may name when it is validated without a stack.

use std::sync::Arc;

use serde_json::Value;

use crate::template::{
    Environment, Error, Files, Implementation, Registry, Result, Schema, Template, TypeInfo, Types,
};

/// The types that a template may use: the registry of its environment over the plug-ins, and the
/// templates among its files.
pub(crate) struct Catalogue<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) files: &'a Arc<Files>,
}

impl Types for Catalogue<'_> {
    fn info(&self, resource_type: &str, resource_name: &str) -> Result<Arc<TypeInfo>> {
        let registry = &self.environment.registry;
        let knows = |name: &str| super::find(name).is_some();
        let cloud = Registry::of_the_cloud();
        match registry.find(resource_type, resource_name, &cloud, &knows)? {
            Implementation::Plugin(name) => {
                super::find(&name).map(super::info).ok_or_else(|| Error::unknown_type(&name))
            }
            Implementation::Template(name) => self.of_template(&name).map(Arc::new),
        }
    }
}

impl Catalogue<'_> {
    /// The type that a template makes: its parameters are properties, its outputs attributes.
    fn of_template(&self, name: &str) -> Result<TypeInfo> {
        let text = self.files.get(name).ok_or_else(|| {
            // Nothing is fetched: clients send the files along.
            let reason = match name.split_once("://") {
                Some(("http" | "https", _)) => "Failed to retrieve template".to_owned(),
                Some((scheme, _)) => format!("Invalid URL scheme {scheme}"),
                None => "Invalid URL scheme ".to_owned(),
            };
            Error::validation(format!("Could not fetch remote template \"{name}\": {reason}"))
        })?;
        let template = Template::parse(&Value::from(text.as_str()), self.files)?;
        Ok(TypeInfo {
            class: "TemplateResource".to_owned(),
            properties: Schema::of_parameters(template.declarations().values()),
            attributes: template.output_names()?,
            is_stack: true,
            ..TypeInfo::default()
        })
    }
}
