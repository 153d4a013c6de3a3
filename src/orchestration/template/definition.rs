//! A template with its parameters: what its conditions come to, which resources there are, and
//! what they and the outputs are made of.
//!
//! [`Template::define`] makes a [`Definition`]; the engine asks it for the [`Graph`], for values
//! as resources come into being, and hands two of them to [`super::diff`].

mod read;

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use kit::text_enum;
use serde_json::{Map, Value};

use super::conditions::{self, Evaluated};
use super::diff::Frozen;
use super::environment::Environment;
use super::error::{Error, Result};
use super::functions::Place;
use super::graph::Graph;
use super::parameters::{Identity, Parameters};
use super::parse::Template;
use super::python;
use super::schema::{Mode, Schema, Values};
use super::scope::{Bindings, Context, NothingYet, Resolved, Scope, Unborn};
use super::snippet::{Reader, Reference, Snippet};
use super::versions::Edition;

text_enum! {
    /// What happens to a thing when its resource is deleted.
    pub enum DeletionPolicy {
        /// It goes.
        Delete = "Delete",
        /// It stays, and is nobody's.
        Retain = "Retain",
        /// It goes, but a snapshot of it stays.
        Snapshot = "Snapshot",
    }
}

/// A resource of a template.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its name.
    pub name: String,
    /// Its type, as the template has it.
    pub resource_type: String,
    /// Its properties.
    pub properties: Snippet,
    /// Its metadata.
    pub metadata: Snippet,
    /// The resources that it names as needed.
    pub depends_on: Vec<String>,
    /// What happens when it is deleted.
    pub deletion_policy: DeletionPolicy,
    /// How a group is updated.
    pub update_policy: Snippet,
    /// What it is for.
    pub description: String,
    /// The thing that it is, if the stack did not make it.
    pub external_id: Option<Snippet>,
    /// What its type knows.
    pub info: Arc<TypeInfo>,
}

/// An output of a template.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its value; `None` if a condition leaves it out.
    pub value: Option<Snippet>,
    /// What it is.
    pub description: String,
}

/// What a type knows of its resources.
#[derive(Clone, Debug, Default)]
pub struct TypeInfo {
    /// The name of the class in sentences about cycles: `Server`.
    pub class: String,
    /// Its properties.
    pub properties: Schema,
    /// Its update policy.
    pub update_policy: Schema,
    /// Its attributes.
    pub attributes: Vec<String>,
    /// It has whatever attribute is asked for.
    pub any_attribute: bool,
    /// It is a stack itself, whose resources are reached by `resource.<name>`.
    pub is_stack: bool,
    /// Deleting one can leave a snapshot.
    pub snapshots: bool,
    /// What its resources need besides all that they name.
    pub hidden_needs: Option<HiddenNeeds>,
}

/// The names of the resources that one needs without naming them.
pub type HiddenNeeds = fn(&Definition, &Resource) -> Vec<String>;

impl TypeInfo {
    /// Whether resources of the type have the attribute.
    pub fn has_attribute(&self, name: &str) -> bool {
        let inside = self.is_stack && (name == "show" || name.starts_with("resource."));
        self.any_attribute || inside || self.attributes.iter().any(|known| known == name)
    }
}

/// Who knows the types: the registry of an environment over the plug-ins of the house.
pub trait Types {
    /// What the type of that name knows; a resource's name may decide which type is meant. A type
    /// that nobody knows is [`Error::unknown_type`].
    fn info(&self, resource_type: &str, resource_name: &str) -> Result<Arc<TypeInfo>>;
}

/// A template with its parameters.
#[derive(Clone, Debug)]
pub struct Definition {
    edition: Edition,
    bindings: Bindings,
    conditions: Evaluated,
    resources: IndexMap<String, Resource>,
    outputs: IndexMap<String, Output>,
}

impl Template {
    /// The parameters that a stack of this template has.
    pub fn parameters(&self, environment: &Environment, identity: &Identity) -> Parameters {
        Parameters::new(self.declarations(), environment, identity, self.edition.is_hot())
    }

    /// What the template says with these parameters. Refuses what is wrong with sections,
    /// conditions, functions, types and names; the values of properties come later
    /// ([`Definition::validate`]).
    pub fn define(&self, parameters: Parameters, types: &dyn Types) -> Result<Definition> {
        self.check_groups()?;
        let words = self.edition.words();
        let resources = self.section(words.resources)?;
        let mappings = words.mappings.map(|name| self.section(name)).transpose()?;
        let bindings = Bindings {
            parameters,
            files: Arc::clone(&self.files),
            mappings: Arc::new(mappings.unwrap_or_default()),
            names: resources.keys().cloned().collect(),
        };
        let none = IndexMap::new();
        let no_conditions = Evaluated::default();
        let context = Context {
            bindings: &bindings,
            conditions: &no_conditions,
            resources: &none,
            scope: &NothingYet,
        };
        let reader = Reader { edition: self.edition, place: Place::Value, context };
        let conditions = self.conditions(&reader)?;
        conditions::validate(&conditions, &context)?;
        let conditions = conditions::evaluate(&conditions, &context);
        let reader = Reader { context: Context { conditions: &conditions, ..context }, ..reader };
        let resources = read::resources(&reader, &resources, types)?;
        let outputs = read::outputs(&reader, &self.section(words.outputs)?)?;
        let definition = Definition {
            edition: self.edition,
            bindings: bindings.clone(),
            conditions,
            resources,
            outputs,
        };
        definition.check_names()?;
        Ok(definition)
    }

    fn conditions(&self, reader: &Reader<'_>) -> Result<IndexMap<String, Snippet>> {
        let name = self.edition.words().conditions;
        match self.sections.get(name).filter(|_| self.edition.has_conditions()) {
            None => Ok(IndexMap::new()),
            Some(Value::Object(definitions)) => {
                let reader = reader.of_conditions();
                let read = |(key, value): (&String, &Value)| {
                    Ok((key.clone(), reader.read(value, &format!("{name}.{key}"))?))
                };
                definitions.iter().map(read).collect()
            }
            Some(value) => {
                let kind = python::type_name(value);
                let sentence =
                    format!("Condition definitions must be a map. Found a {kind} instead");
                Err(Error::validation(sentence).titled("Conditions validation error"))
            }
        }
    }
}

impl Definition {
    /// The resources that no condition leaves out, in the order of the template.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values()
    }

    /// The resource of that name.
    pub fn resource(&self, name: &str) -> Option<&Resource> {
        self.resources.get(name)
    }

    /// The outputs, in the order of the template.
    pub fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.outputs.values()
    }

    /// The output of that name.
    pub fn output(&self, name: &str) -> Option<&Output> {
        self.outputs.get(name)
    }

    /// The parameters.
    pub fn parameters(&self) -> &Parameters {
        &self.bindings.parameters
    }

    /// What a snippet of this template is evaluated against.
    pub fn context<'a>(&'a self, scope: &'a dyn Scope) -> Context<'a> {
        Context {
            bindings: &self.bindings,
            conditions: &self.conditions,
            resources: &self.resources,
            scope,
        }
    }

    /// The properties of a resource in the types that its type declares.
    pub fn properties(&self, resource: &Resource, scope: &dyn Scope) -> Result<Values> {
        let context = self.context(scope);
        let read = resource.info.properties.read(
            &resource.properties,
            "Properties",
            Mode::Values,
            &context,
        );
        read.map_err(|error| self.placed(resource, error))
    }

    /// What can be foreseen of the properties of a resource before anything exists, as they were
    /// written: what leads nowhere yet is left out, and resources go by their names.
    pub fn foreseen(&self, resource: &Resource) -> Map<String, Value> {
        let members = resource.properties.members().iter();
        let mut foreseen: Map<String, Value> = members
            .filter_map(|(name, snippet)| Some((name.clone(), self.foresee(snippet)?)))
            .collect();
        for property in resource.info.properties.iter() {
            if let (None, Some(default)) = (foreseen.get(&property.name), &property.default) {
                foreseen.insert(property.name.clone(), default.clone());
            }
        }
        foreseen
    }

    /// The same of the first of these properties that leads somewhere.
    pub fn foreseen_at(&self, resource: &Resource, names: &[&str]) -> Option<Value> {
        let members = resource.properties.members();
        let find = |name: &&str| members.iter().find(|(known, _)| known == name);
        names.iter().filter_map(find).find_map(|(_, snippet)| self.foresee(snippet))
    }

    fn foresee(&self, snippet: &Snippet) -> Option<Value> {
        match snippet.resolve(&self.context(&Unborn)) {
            Ok(Resolved::Known(value)) if !value.is_null() => Some(value),
            Ok(_) | Err(_) => None,
        }
    }

    /// The update policy of a resource, with its defaults.
    pub fn update_policy(&self, resource: &Resource, scope: &dyn Scope) -> Result<Value> {
        let (schema, context) = (&resource.info.update_policy, self.context(scope));
        let read = schema.read(&resource.update_policy, UPDATE_POLICY, Mode::Values, &context);
        let values = read.map_err(|error| self.placed(resource, error))?.values;
        let known = |value| match value {
            Resolved::Known(value) => value,
            Resolved::NotYet => Value::Null,
        };
        Ok(Value::Object(values.into_iter().map(|(name, value)| (name, known(value))).collect()))
    }

    /// The refusal of a nested stack with the way to it: the resource and its template.
    pub(crate) fn inside(&self, resource: &Resource, template: &str, error: &Error) -> Error {
        let error = if error.is_validation() {
            error.clone()
        } else {
            Error::validation(error.to_string()).titled(error.class())
        };
        let place = format!("{}<{template}>", resource.name);
        error.within([self.edition.words().resources, place.as_str()])
    }

    /// What a resource is made of, as far as it is known: what [`super::diff`] compares.
    pub fn freeze(&self, resource: &Resource, scope: &dyn Scope) -> Result<Frozen> {
        let context = self.context(scope);
        Ok(Frozen {
            resource_type: resource.resource_type.clone(),
            properties: self.properties(resource, scope)?.values,
            metadata: resource.metadata.resolve(&context)?,
            update_policy: resource.update_policy.resolve(&context)?,
        })
    }

    /// The id of the thing of somebody else that the resource stands for; it may name parameters.
    pub fn external_id(&self, resource: &Resource) -> Result<Option<String>> {
        let Some(id) = &resource.external_id else { return Ok(None) };
        Ok(match id.resolve(&self.context(&NothingYet))? {
            Resolved::Known(id) => Some(id.as_str().map_or_else(|| id.to_string(), str::to_owned)),
            Resolved::NotYet => None,
        })
    }

    /// The value of an output; one that a condition leaves out is null.
    pub fn output_value(&self, output: &Output, scope: &dyn Scope) -> Result<Resolved> {
        match &output.value {
            Some(value) => value.resolve(&self.context(scope)),
            None => Ok(Resolved::Known(Value::Null)),
        }
    }

    /// The resources and attributes that a resource is made of.
    pub fn references(&self, resource: &Resource) -> Result<Vec<Reference>> {
        let context = self.context(&NothingYet);
        let mut found = Vec::new();
        let name = &resource.name;
        resource.properties.dependencies(&format!("{name}.Properties"), &context, &mut found)?;
        resource.metadata.dependencies(&format!("{name}.Metadata"), &context, &mut found)?;
        Ok(found)
    }

    /// The resources and attributes that an output is made of; one that is wrong needs nothing.
    pub fn output_references(&self, output: &Output) -> Vec<Reference> {
        let mut found = Vec::new();
        let context = self.context(&NothingYet);
        let value = output.value.as_ref();
        match value.map(|value| value.dependencies("", &context, &mut found)) {
            Some(Err(_)) => Vec::new(),
            Some(Ok(())) | None => found,
        }
    }

    /// Which resource needs which.
    pub fn graph(&self) -> Result<Graph> {
        let mut graph = Graph::default();
        for name in self.resources.keys() {
            graph.add(name);
        }
        for resource in self.resources() {
            for required in self.requires(resource)? {
                graph.require(&resource.name, &required);
            }
        }
        Ok(graph)
    }

    /// The names in an order in which they can be made; a cycle is refused.
    pub fn order<'g>(&self, graph: &'g Graph) -> Result<Vec<&'g str>> {
        graph.order(|name| {
            let class = self.resource(name).map_or("", |resource| resource.info.class.as_str());
            format!("{class} \"{name}\"")
        })
    }

    fn requires(&self, resource: &Resource) -> Result<IndexSet<String>> {
        let implicit = self.references(resource)?;
        if let Some(id) = &resource.external_id {
            return self.requires_nothing(resource, id);
        }
        let mut required = IndexSet::new();
        for name in &resource.depends_on {
            if self.resources.contains_key(name) {
                required.insert(name.clone());
            } else if !self.bindings.names.contains(name) {
                return Err(Error::reference(name, &resource.name));
            }
        }
        required.extend(implicit.into_iter().map(|reference| reference.resource));
        let hidden = resource.info.hidden_needs.map(|needs| needs(self, resource));
        required.extend(hidden.into_iter().flatten());
        Ok(required)
    }

    /// What the stack did not make can wait for nothing in it.
    fn requires_nothing(&self, resource: &Resource, id: &Snippet) -> Result<IndexSet<String>> {
        if resource.depends_on.is_empty() {
            return Ok(IndexSet::new());
        }
        let shown = match id.resolve(&self.context(&NothingYet))? {
            Resolved::Known(value) => python::text(&value),
            Resolved::NotYet => String::new(),
        };
        Err(Error::new(
            "InvalidExternalResourceDependency",
            format!(
                "Invalid dependency with external {} resource: {shown}",
                resource.resource_type
            ),
        ))
    }

    fn check_names(&self) -> Result<()> {
        let parameters = &self.bindings.parameters;
        let twice = self.resources.keys().filter(|name| parameters.has(name));
        let twice: Vec<_> = twice.map(|name| format!("'{name}'")).collect();
        if twice.is_empty() {
            return Ok(());
        }
        Err(Error::validation(format!("Duplicate names {{{}}}", twice.join(", "))))
    }

    /// Says what is wrong with references, functions and properties. With [`Mode::Names`] the
    /// values of properties are not looked at, as when a template is validated without a stack.
    pub fn validate(&self, mode: Mode) -> Result<()> {
        let graph = self.graph()?;
        for name in self.order(&graph)? {
            let Some(resource) = self.resource(name) else { continue };
            if resource.external_id.is_none() {
                self.check(resource, mode).map_err(|error| self.placed(resource, error))?;
            }
        }
        let context = self.context(&NothingYet);
        let words = self.edition.words();
        for output in self.outputs() {
            let Some(value) = &output.value else { continue };
            let place = [words.outputs, &output.name, words.value].map(str::to_owned);
            value.validate(&place, &context)?;
        }
        Ok(())
    }

    fn check(&self, resource: &Resource, mode: Mode) -> Result<()> {
        let context = self.context(&NothingYet);
        let parts = [
            (PROPERTIES, Some(&resource.properties)),
            (METADATA, Some(&resource.metadata)),
            (UPDATE_POLICY, Some(&resource.update_policy)),
            (EXTERNAL_ID, resource.external_id.as_ref()),
        ];
        for (section, snippet) in parts {
            if let Some(snippet) = snippet {
                snippet.validate(&[section.to_owned()], &context)?;
            }
        }
        if resource.deletion_policy == DeletionPolicy::Snapshot && !resource.info.snapshots {
            let sentence = "\"Snapshot\" deletion policy not supported";
            return Err(Error::validation(sentence).within([DELETION_POLICY]));
        }
        let info = &resource.info;
        info.update_policy.read(&resource.update_policy, UPDATE_POLICY, Mode::Values, &context)?;
        info.properties.read(&resource.properties, PROPERTIES, mode, &context)?;
        Ok(())
    }

    /// The refusal of what stands in a property of the resource, with its place.
    pub(crate) fn of_property(&self, resource: &Resource, error: Error) -> Error {
        self.placed(resource, error.titled("Property error"))
    }

    /// The refusal with the place of the resource, in the words of the template's flavour.
    fn placed(&self, resource: &Resource, error: Error) -> Error {
        if !error.is_validation() {
            return error;
        }
        let words = self.edition.words();
        let error = error.rename(|section| match section {
            PROPERTIES => Some(words.properties),
            METADATA => Some(words.metadata),
            UPDATE_POLICY => Some(words.update_policy),
            DELETION_POLICY => Some(words.deletion_policy),
            _ => None,
        });
        error.within([words.resources, &resource.name])
    }
}

// The sections of a resource as Heat's own sentences begin; the template may spell them otherwise.
const PROPERTIES: &str = "Properties";
const METADATA: &str = "Metadata";
const UPDATE_POLICY: &str = "UpdatePolicy";
const DELETION_POLICY: &str = "DeletionPolicy";
const EXTERNAL_ID: &str = "external_id";

#[cfg(test)]
mod tests;
