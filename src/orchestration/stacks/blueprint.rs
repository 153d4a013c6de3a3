//! What a stack is made of, read: its template with the environment and the parameters.
//!
//! The seam between the language ([`crate::template`]) and everything else. Reading is pure.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::resources::{self, Catalogue};
use crate::stack_resources::model::Resource;
use crate::template::{
    Definition, Environment, Identity, Implementation, Parameter, Registry, Result, Template,
};

use super::model::{Source, Stack};

/// A template with its environment.
#[derive(Debug)]
pub(crate) struct Blueprint {
    pub(crate) template: Template,
    pub(crate) environment: Environment,
    pub(crate) definition: Definition,
}

impl Blueprint {
    /// What a stack is made of. It has been read before, so a refusal is a defect or a change of
    /// the house since.
    pub(crate) fn of(stack: &Stack) -> Result<Arc<Self>> {
        stack.source.blueprint(|source| Self::read(source, &identity(stack)))
    }

    /// The parameters as the API shows them.
    pub(crate) fn parameters(&self) -> Map<String, Value> {
        let shown = |parameter: &Parameter| {
            let text = parameter.text().unwrap_or_default();
            (parameter.declaration.name.clone(), Value::String(text))
        };
        self.definition.parameters().iter().map(shown).collect()
    }

    /// What a source says for a stack of that identity.
    pub(crate) fn read(source: &Source, identity: &Identity) -> Result<Self> {
        let files = Arc::new(source.files.clone());
        let template = Template::parse(&source.template, &files)?;
        let environment = Environment::parse(&source.environment)?;
        let parameters = template.parameters(&environment, identity);
        let types = Catalogue::new(&environment, &files);
        let definition = template.define(parameters, &types)?;
        Ok(Self { template, environment, definition })
    }
}

/// What a stack is called.
pub(crate) fn identity(stack: &Stack) -> Identity {
    Identity {
        stack_id: stack.id.to_string(),
        stack_name: stack.name.clone(),
        project_id: stack.project.to_string(),
    }
}

/// The plug-in that made a resource, whatever its type stands for by now; before that, the one that
/// makes it. `made_by` is what its row says.
pub(crate) fn maker(
    registry: &Registry,
    made_by: Option<&str>,
    resource_type: &str,
    resource_name: &str,
) -> Result<&'static dyn resources::Plugin> {
    match made_by {
        Some(name) if name == resources::template().name() => Ok(resources::template()),
        Some(name) => resources::named(name),
        None => implementation(registry, resource_type, resource_name),
    }
}

/// The plug-in of a resource that is kept: see [`maker`].
pub(crate) fn maker_of(
    registry: &Registry,
    row: &Resource,
) -> Result<&'static dyn resources::Plugin> {
    maker(registry, row.made_by.as_deref(), &row.resource_type, &row.name)
}

/// The plug-in that makes a resource of that type and name.
pub(crate) fn implementation(
    registry: &Registry,
    resource_type: &str,
    resource_name: &str,
) -> Result<&'static dyn resources::Plugin> {
    let cloud = Registry::of_the_cloud();
    match registry.find(resource_type, resource_name, &cloud, &resources::is_known)? {
        Implementation::Plugin(name) => resources::named(&name),
        Implementation::Template(_) => Ok(resources::template()),
    }
}
