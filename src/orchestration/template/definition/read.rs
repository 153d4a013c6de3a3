//! The sections of resources and outputs → definitions.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{DeletionPolicy, Output, Resource, Types};
use crate::template::conditions::holds;
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::Resolved;
use crate::template::snippet::{Reader, Snippet};
use crate::template::versions::Edition;

/// The resources that no condition leaves out.
pub(super) fn resources(
    reader: &Reader<'_>,
    section: &Map<String, Value>,
    types: &dyn Types,
) -> Result<IndexMap<String, Resource>> {
    let mut found = IndexMap::new();
    for (name, definition) in section {
        let fields = Fields { reader, name, members: definition.as_object() };
        let resource = fields.resource(types).map_err(Error::never_plain);
        if let Some(resource) = resource? {
            found.insert(name.clone(), resource);
        }
    }
    Ok(found)
}

/// The fields of the definition of one resource.
struct Fields<'a> {
    reader: &'a Reader<'a>,
    name: &'a str,
    members: Option<&'a Map<String, Value>>,
}

impl<'a> Fields<'a> {
    fn resource(&self, types: &dyn Types) -> Result<Option<Resource>> {
        self.check_keys()?;
        let words = self.reader.edition.words();
        let resource_type = self.text(words.kind)?.unwrap_or_default();
        let properties = self.object(words.properties)?;
        let metadata = self.object(words.metadata)?;
        let depends_on = self.depends_on()?;
        let deletion_policy = self.deletion_policy()?;
        let update_policy = self.object(words.update_policy)?;
        let description = self.text(words.description)?.unwrap_or_default();
        let external_id = words.external_id.and_then(|key| self.field(key));
        let external_id = external_id.map(|(value, path)| self.external_id(value, &path));
        let external_id = external_id.transpose()?;
        if !self.is_wanted()? {
            return Ok(None);
        }
        Ok(Some(Resource {
            name: self.name.to_owned(),
            info: types.info(&resource_type, self.name)?,
            resource_type,
            properties,
            metadata,
            depends_on,
            deletion_policy: match external_id {
                Some(_) => DeletionPolicy::Retain,
                None => deletion_policy,
            },
            update_policy,
            description,
            external_id,
        }))
    }

    fn check_keys(&self) -> Result<()> {
        let known = self.reader.edition.resource_keys();
        let keys = self.members.into_iter().flat_map(Map::keys);
        let unknown = keys.filter(|key| !known.contains(&key.as_str())).map(String::as_str);
        let unknown: Vec<_> = unknown.collect();
        // CloudFormation ignores what it does not know.
        if unknown.is_empty() || !self.reader.edition.is_hot() {
            return Ok(());
        }
        let list = unknown.join(", ");
        Err(Error::validation(format!("Invalid keyword(s) inside a resource definition: {list}")))
    }

    /// The value of a field and where it stands.
    fn field(&self, key: &str) -> Option<(&'a Value, String)> {
        let value = self.members?.get(key)?;
        let section = self.reader.edition.words().resources;
        Some((value, format!("{section}.{}.{key}", self.name)))
    }

    fn wrong_type(&self, key: &str, wanted: &str) -> Error {
        Error::validation(format!("Resource {} {key} type must be {wanted}", self.name))
    }

    fn text(&self, key: &str) -> Result<Option<String>> {
        match self.field(key) {
            None => Ok(None),
            Some((Value::String(text), _)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong_type(key, "string")),
        }
    }

    /// A map, or a function that gives one.
    fn object(&self, key: &str) -> Result<Snippet> {
        let Some((value, path)) = self.field(key) else { return Ok(Snippet::Map(Vec::new())) };
        match self.reader.read(value, &path)? {
            snippet @ (Snippet::Map(_) | Snippet::Call(_)) => Ok(snippet),
            Snippet::Scalar(_) | Snippet::List(_) | Snippet::Omitted => {
                Err(self.wrong_type(key, "object"))
            }
        }
    }

    fn depends_on(&self) -> Result<Vec<String>> {
        let key = self.reader.edition.words().depends_on;
        match self.field(key) {
            None => Ok(Vec::new()),
            Some((Value::String(name), _)) => Ok(vec![name.clone()]),
            Some((Value::Array(items), _)) => {
                let name = |item: &Value| item.as_str().map(str::to_owned);
                items.iter().map(name).collect::<Option<_>>().ok_or_else(|| {
                    let name = self.name;
                    let sentence = format!("Resource {name} {key} must be a list of strings");
                    Error::validation(sentence)
                })
            }
            Some(_) => Err(self.wrong_type(key, "list or string")),
        }
    }

    fn deletion_policy(&self) -> Result<DeletionPolicy> {
        let key = self.reader.edition.words().deletion_policy;
        let Some((value, path)) = self.field(key) else { return Ok(DeletionPolicy::Delete) };
        let snippet = self.reader.read(value, &path)?;
        if !snippet.is_text() && !snippet.is_call() {
            return Err(self.wrong_type(key, "string"));
        }
        let policy = match snippet.resolve(&self.reader.context)? {
            Resolved::Known(Value::Null) => return Ok(DeletionPolicy::Delete),
            Resolved::Known(policy) => python::text(&policy),
            Resolved::NotYet => String::new(),
        };
        let lower = self.reader.edition >= Edition::Hot20161014;
        match policy.as_str() {
            "Delete" => Ok(DeletionPolicy::Delete),
            "Retain" => Ok(DeletionPolicy::Retain),
            "Snapshot" => Ok(DeletionPolicy::Snapshot),
            "delete" if lower => Ok(DeletionPolicy::Delete),
            "retain" if lower => Ok(DeletionPolicy::Retain),
            "snapshot" if lower => Ok(DeletionPolicy::Snapshot),
            _ => Err(Error::validation(format!("Invalid deletion policy \"{policy}\""))),
        }
    }

    fn external_id(&self, value: &Value, path: &str) -> Result<Snippet> {
        let snippet = self.reader.read(value, path)?;
        if snippet.is_text() || snippet.is_call() {
            return Ok(snippet);
        }
        Err(self.wrong_type("external_id", "string"))
    }

    /// Whether the condition of the resource, if it has one, holds.
    fn is_wanted(&self) -> Result<bool> {
        let words = self.reader.edition.words();
        let Some((value, path)) = self.field(words.condition) else { return Ok(true) };
        let snippet = self.reader.of_conditions().read(value, &path)?;
        let wanted =
            if self.reader.edition.is_hot() { "string_or_boolean" } else { "string or boolean" };
        match snippet.as_scalar() {
            Some(Value::String(_) | Value::Bool(_)) => {}
            _ if snippet.is_call() => {}
            Some(_) | None => return Err(self.wrong_type(words.condition, wanted)),
        }
        let place = [words.resources, self.name, words.condition];
        condition(self.reader, &snippet).map_err(|error| placed(error, &place))
    }
}

/// What a condition comes to.
fn condition(reader: &Reader<'_>, snippet: &Snippet) -> Result<bool> {
    match snippet.resolve(&reader.context)? {
        Resolved::Known(value) => holds(reader.context.conditions, &value),
        Resolved::NotYet => holds(reader.context.conditions, &snippet.to_value()),
    }
}

fn placed(error: Error, place: &[&str]) -> Error {
    if error.is_plain() { error.as_validation().within(place.iter().copied()) } else { error }
}

/// The outputs; those that a condition leaves out have no value.
pub(super) fn outputs(
    reader: &Reader<'_>,
    section: &Map<String, Value>,
) -> Result<IndexMap<String, Output>> {
    let read = |(name, definition): (&String, &Value)| {
        Ok((name.clone(), output(reader, name, definition)?))
    };
    section.iter().map(read).collect()
}

fn output(reader: &Reader<'_>, name: &str, definition: &Value) -> Result<Output> {
    let words = reader.edition.words();
    let refuse = |sentence: String| {
        let error = Error::validation(sentence).within([words.outputs, name]);
        Err(error.titled("Output validation error"))
    };
    let Value::Object(members) = definition else {
        let kind = python::type_name(definition);
        return refuse(format!("Output definitions must be a map. Found a {kind} instead"));
    };
    let Some(value) = members.get(words.value) else {
        return refuse(format!("Each output definition must contain a {} key.", words.value));
    };
    let description = match members.get(words.description) {
        None | Some(Value::Null) => "No description given".to_owned(),
        Some(text) => python::text(text),
    };
    let wanted = match members.get(words.condition).filter(|_| reader.edition.has_conditions()) {
        None | Some(Value::Null) => true,
        Some(value) => {
            let place = [words.outputs, name, words.condition];
            let snippet = reader.of_conditions().read(value, &place.join("."))?;
            condition(reader, &snippet).map_err(|error| placed(error, &place))?
        }
    };
    let path = [words.outputs, name, words.value].join(".");
    let value = if wanted { Some(reader.read(value, &path)?) } else { None };
    Ok(Output { name: name.to_owned(), value, description })
}
