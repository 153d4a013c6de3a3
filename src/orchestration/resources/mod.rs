//! The resource types, a file each; the path spells the type.
//!
//! A row of [`ALL`] says what a type declares. Adding a type adds a file and a row.

mod heat;

use std::sync::{Arc, LazyLock};

use indexmap::IndexMap;
use serde_json::Value;

use crate::template::{
    Environment, Error, Files, Implementation, Registry, Result, Schema, Template, TypeInfo, Types,
};

/// What a type declares.
pub(crate) struct Plugin {
    /// `OS::Heat::Value`.
    pub(crate) name: &'static str,
    /// What Heat calls its class in sentences about cycles.
    pub(crate) class: &'static str,
    /// Its properties.
    pub(crate) properties: fn() -> Schema,
    /// Its attributes.
    pub(crate) attributes: Attributes,
}

/// The attributes of a type.
pub(crate) enum Attributes {
    /// These.
    These(&'static [&'static str]),
    /// Whatever is asked for.
    Any,
}

/// Every type.
static ALL: &[&Plugin] = &[
    &heat::none::PLUGIN,
    &heat::random_string::PLUGIN,
    &heat::test_resource::PLUGIN,
    &heat::value::PLUGIN,
];

/// What they declare, made once.
static DECLARED: LazyLock<IndexMap<&str, Arc<TypeInfo>>> =
    LazyLock::new(|| ALL.iter().map(|plugin| (plugin.name, Arc::new(plugin.info()))).collect());

impl Plugin {
    fn info(&self) -> TypeInfo {
        let (attributes, any_attribute) = match self.attributes {
            Attributes::These(names) => (names, false),
            Attributes::Any => (&[][..], true),
        };
        TypeInfo {
            class: self.class.to_owned(),
            properties: (self.properties)(),
            attributes: attributes.iter().map(|name| (*name).to_owned()).collect(),
            any_attribute,
            ..TypeInfo::default()
        }
    }
}

/// The types that a template may use: the registry of its environment over the plug-ins, and the
/// templates among its files.
pub(crate) struct Catalogue<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) files: &'a Arc<Files>,
}

impl Types for Catalogue<'_> {
    fn info(&self, resource_type: &str, resource_name: &str) -> Result<Arc<TypeInfo>> {
        let registry = &self.environment.registry;
        let knows = |name: &str| DECLARED.contains_key(name);
        let cloud = Registry::of_the_cloud();
        match registry.find(resource_type, resource_name, &cloud, &knows)? {
            Implementation::Plugin(name) => {
                let info = DECLARED.get(name.as_str());
                info.map(Arc::clone).ok_or_else(|| Error::unknown_type(&name))
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
